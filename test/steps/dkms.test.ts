import {describe, expect, test} from 'vitest';
import {emptyMemory} from '../../src/model/memory.ts';
import {buildStep} from '../../src/steps/build.ts';
import {loadStep} from '../../src/steps/load.ts';
import {linuxRust, ready} from '../support/scenes.ts';
import {builtModule, labRelease, type SystemDescription} from '../support/sysroot.ts';
import {commandsOf, inspectStep} from './inspect.ts';

const folder = '/home/me/numbers';
const release = '6.12.118-arch1-1-rust';
const conf = 'PACKAGE_NAME="numbers"\nPACKAGE_VERSION="0.1"\nBUILT_MODULE_NAME[0]="numbers"\n';
const registered = {
	[`${folder}/dkms.conf`]: conf,
	'/var/lib/dkms/numbers/0.1/source/dkms.conf': conf,
	[`/var/lib/dkms/numbers/0.1/${labRelease}/x86_64/module/numbers.ko.zst`]: builtModule()
};
const programs = ['sudo', 'make', 'gcc', 'ld', 'ld.lld', 'clang', 'nm', 'llvm-nm', 'dkms'];

/** A kernel was upgraded since numbers was built. */
const upgraded = (files: SystemDescription['files'] = registered, with_ = programs): SystemDescription => ({
	...ready,
	running: release,
	kernels: [{...linuxRust, release}],
	module: {ko: true},
	programs: with_,
	...(files === undefined ? {} : {files})
});
const inspect = (system: SystemDescription) => inspectStep(buildStep, system, {named: {folder}});

describe('a module that DKMS has', () => {
	test('is handed to DKMS after an update, without a decision; building it here stays a choice', async () => {
		const said = await inspect(upgraded());
		expect(said).toMatchObject({status: 'stale', reason: 'build.other-release'});
		expect(said.remedies.map(({id, mends}) => [id, mends])).toEqual([
			['dkms', true],
			['build', undefined]
		]);
		expect(await commandsOf(said)).toEqual([
			`sudo dkms build numbers/0.1 -k ${release}`,
			`sudo dkms install numbers/0.1 -k ${release}`
		]);
		expect((await commandsOf(said, 'build')).every(command => command.startsWith('make '))).toBe(true);
		expect(said.remedies[0]?.consequence).toContain('/var/lib/dkms');
	});

	test('is rebuilt by DKMS beside others that are not', async () => {
		const other = '/home/me/other';
		const said = await inspectStep(
			buildStep,
			upgraded({
				...registered,
				[`${other}/Kbuild`]: 'obj-m := other.o\n',
				[`${other}/other.rs`]: '',
				[`${other}/other.ko`]: builtModule()
			}),
			{
				memory: {
					...emptyMemory,
					modules: [
						{folder: other, name: 'other'},
						{folder, name: 'numbers'}
					]
				}
			}
		);
		expect(said.summary).toBe('two modules need a rebuild');
		const commands = await commandsOf(said);
		expect(commands.map(command => command.split(' ').slice(0, 3).join(' '))).toEqual([
			'sudo dkms build',
			'sudo dkms install',
			expect.stringMatching(/^make -C/),
			expect.stringMatching(/^make -C/)
		]);
		expect(said.remedies[0]?.undo).toContain(`sudo dkms unbuild numbers/0.1 -k ${release}`);
	});

	test('is done where DKMS built it for this kernel already, and that file is the one to load', async () => {
		const file = `/var/lib/dkms/numbers/0.1/${release}/x86_64/module/numbers.ko.zst`;
		const system = upgraded({...registered, [file]: 'packed'});
		expect(await inspect(system)).toMatchObject({status: 'done', summary: `DKMS built numbers for ${release}`});
		const load = await inspectStep(loadStep, system, {named: {folder}});
		expect((await commandsOf(load))[0]).toBe(`sudo insmod ${file}`);
	});

	test('whose sources changed is built here: DKMS has the sources of before', async () => {
		const said = await inspect({
			...upgraded(),
			module: {ko: true, sourcesNewer: true},
			...{running: labRelease, kernels: [linuxRust]}
		});
		expect(said).toMatchObject({reason: 'build.sources-newer'});
		expect((await commandsOf(said))[0]).toMatch(/^make /);
	});
});

describe('is built here, as any other,', () => {
	test.each([
		['a module whose dkms.conf is not registered', {[`${folder}/dkms.conf`]: conf}, programs],
		['a module without dkms.conf', {}, programs],
		['a module on a system without DKMS', registered, programs.slice(0, -1)],
		[
			'a module whose dkms.conf computes its name',
			{...registered, [`${folder}/dkms.conf`]: 'PACKAGE_NAME="$(basename $PWD)"\nPACKAGE_VERSION="0.1"\n'},
			programs
		],
		[
			'a module whose dkms.conf names another place',
			{...registered, [`${folder}/dkms.conf`]: 'PACKAGE_NAME="../../numbers"\nPACKAGE_VERSION="0.1"\n'},
			programs
		]
	])('%s', async (_what, files, tools) => {
		const said = await inspect(upgraded(files, tools));
		expect(said).toMatchObject({status: 'stale', reason: 'build.other-release'});
		expect((await commandsOf(said)).every(command => command.startsWith('make '))).toBe(true);
		expect(said.remedies[0]?.mends).toBe(true);
	});
});
