import {utimesSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {emptyMemory} from '../../src/model/memory.ts';
import {kernelStep} from '../../src/steps/kernel.ts';
import {findPackages} from '../../src/survey/packages.ts';
import {configs, makeSystem} from '../support/sysroot.ts';
import {commandsOf, inspectStep} from './inspect.ts';

const stock = {release: '6.12.1-arch1-1', package: 'linux'} as const;
const names = ['linux-rust', 'linux-rust-headers'] as const;
const folder = '/home/me/packages';
const file = (name: string, version: string): string => `${folder}/${name}-${version}-x86_64.pkg.tar.zst`;
const built = {[file('linux-rust', '7.2.13-1')]: 'x', [file('linux-rust-headers', '7.2.13-1')]: 'x'};

describe('packages that are built and not installed', () => {
	const system = {running: stock.release, procConfig: configs.rustOff612, kernels: [stock]};
	const memory = {...emptyMemory, packages: {names, folder}};

	test('are offered first, with the command that installs them', async () => {
		const said = await inspectStep(kernelStep, {...system, files: built}, {memory});
		expect(said.remedies[0]).toMatchObject({
			id: 'install-built',
			label: 'Install linux-rust 7.2.13-1, which is built already',
			undo: 'sudo pacman -R linux-rust linux-rust-headers'
		});
		expect(await commandsOf(said)).toEqual([
			`sudo pacman -U --noconfirm ${file('linux-rust', '7.2.13-1')} ${file('linux-rust-headers', '7.2.13-1')}`
		]);
	});

	test('are not, where their files are gone', async () => {
		const said = await inspectStep(kernelStep, system, {memory});
		expect(said.remedies.map(one => one.id)).not.toContain('install-built');
	});
});

describe('the files of packages', () => {
	test('are the newest, all of one version', async () => {
		const made = makeSystem({
			files: {
				...built,
				[file('linux-rust', '7.2.9-1')]: 'x',
				[file('linux-rust-headers', '7.2.9-1')]: 'x',
				[`${file('linux-rust', '7.2.13-1')}.sig`]: 'x',
				[file('linux-rust-docs', '7.2.13-1')]: 'x',
				[`${folder}/linux-rust-7.2.10-1-any.pkg.tar`]: 'x'
			}
		});
		for (const version of ['7.2.9-1', '7.2.13-1'])
			utimesSync(made.path(file('linux-rust', version)), 1000, version === '7.2.9-1' ? 3000 : 2000);
		utimesSync(made.path(`${folder}/linux-rust-7.2.10-1-any.pkg.tar`), 1000, 1000);
		expect(await findPackages(made.reader(), {names, folder})).toEqual({
			status: 'found',
			value: {version: '7.2.9-1', files: names.map(name => file(name, '7.2.9-1'))}
		});
	});

	test.each([
		[{}, `the folder ${folder} is not there`],
		[{[`${folder}/PKGBUILD`]: ''}, `there is no package linux-rust in ${folder}`],
		[
			{[file('linux-rust', '7.2.13-1')]: '', [file('linux-rust-headers', '7.2.9-1')]: ''},
			`there is no package linux-rust-headers 7.2.13-1 in ${folder}`
		]
	])('or what is missing of them', async (files, why) => {
		expect(await findPackages(makeSystem({files}).reader(), {names, folder})).toEqual({status: 'unknown', why});
	});
});
