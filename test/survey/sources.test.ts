import {execFileSync} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {createLocalReader} from '../../src/machine/reader.ts';
import {findSources} from '../../src/survey/sources.ts';
import {scratchFolder} from '../support/scratch.ts';
import {makeSystem, type SystemDescription} from '../support/sysroot.ts';

const makefile = (version: string): string => {
	const [, major, minor, patch, extra] = /^(\d+)\.(\d+)\.(\d+)(.*)$/.exec(version) ?? [];
	return `VERSION = ${major}\nPATCHLEVEL = ${minor}\nSUBLEVEL = ${patch}\nEXTRAVERSION = ${extra}\n`;
};

const folder = (path: string, version: string): Record<string, string> => ({
	[`${path}/Makefile`]: makefile(version),
	[`${path}/rust/kernel/lib.rs`]: '//! The kernel crate.\n'
});

const find = async (files: SystemDescription['files'], named?: string) =>
	findSources(makeSystem(files === undefined ? {} : {files}).reader(), '7.2.13', {named, kept: '/home/me/sources'});

describe('in /usr/src', () => {
	test('the folder of this version', async () => {
		expect(await find(folder('/usr/src/linux-7.2.13', '7.2.13'))).toEqual([
			{kind: 'folder', path: '/usr/src/linux-7.2.13', version: {status: 'found', value: '7.2.13'}, problem: undefined}
		]);
	});

	test('a folder that says its version in its Makefile alone', async () => {
		expect((await find(folder('/usr/src/linux', '7.2.12')))[0]?.version).toEqual({status: 'found', value: '7.2.12'});
	});

	test('one that was built in is named, with the way to clean it', async () => {
		const [source] = await find({
			...folder('/usr/src/linux-7.2', '7.2.13'),
			'/usr/src/linux-7.2/.config': 'CONFIG_RUST=y\n'
		});
		expect(source?.problem).toMatch(/was built in \(it has \.config\).*make mrproper/);
	});

	test('headers, other versions and other things are passed over', async () => {
		expect(
			await find({
				...folder('/usr/src/linux-6.12', '6.12.1'),
				'/usr/src/linux-headers-7.2.13+deb14-amd64/Makefile': 'include x\n',
				'/usr/src/linux-kbuild-7.2/scripts/x': '',
				'/usr/src/linux-7.2.12.tar.xz': '',
				'/usr/src/rustc-1.97.1/Makefile': ''
			})
		).toEqual([]);
	});

	test('a tarball of a mounted system is not unpacked, and may be the one', async () => {
		expect(await find({'/usr/src/linux-source-7.2.tar.xz': ''})).toMatchObject([
			{kind: 'tarball', version: {status: 'unknown'}, problem: undefined}
		]);
	});
});

test('what was fetched before is found too', async () => {
	expect((await find(folder('/home/me/sources/linux-7.2.13', '7.2.13'))).map(one => one.path)).toEqual([
		'/home/me/sources/linux-7.2.13'
	]);
});

describe('the one named', () => {
	test('is the only one looked at', async () => {
		const files = {...folder('/usr/src/linux-7.2.13', '7.2.13'), ...folder('/home/me/tree', '7.2.11')};
		expect(await find(files, '/home/me/tree')).toMatchObject([
			{path: '/home/me/tree', version: {status: 'found', value: '7.2.11'}}
		]);
	});

	test.each([
		['/home/me/nothing', 'does not exist'],
		['/etc/os-release', 'neither a folder nor a tarball'],
		['/etc', 'no kernel source with Rust']
	])('%s: %s', async (named, problem) => {
		expect((await find({}, named))[0]?.problem).toContain(problem);
	});
});

describe('a tarball', () => {
	const pack = (files: Readonly<Record<string, string>>): string => {
		const made = scratchFolder();
		for (const [path, content] of Object.entries(files)) {
			mkdirSync(dirname(join(made, path)), {recursive: true});
			writeFileSync(join(made, path), content);
		}
		execFileSync('tar', ['-c', '-z', '-f', join(made, 'linux.tar.gz'), '-C', made, ...Object.keys(files)]);
		return join(made, 'linux.tar.gz');
	};
	const read = async (path: string) =>
		(await findSources(createLocalReader(), '7.2.13', {named: path, kept: '/nowhere'}))[0];

	test('is of the version of its own Makefile, not of one deeper in it', async () => {
		const path = pack({
			'linux-7.2.13/Documentation/Makefile': makefile('1.2.3'),
			'linux-7.2.13/Makefile': makefile('7.2.13')
		});
		expect(await read(path)).toMatchObject({version: {status: 'found', value: '7.2.13'}, problem: undefined});
	});

	test('of something else is no source', async () => {
		expect((await read(pack({'x/readme': 'x'})))?.problem).toContain('holds no kernel source');
	});

	test('that is cut off is no source', async () => {
		const path = pack({'linux/Makefile': makefile('7.2.13')});
		writeFileSync(path, readFileSync(path).subarray(0, 20));
		expect((await read(path))?.problem).toContain('holds no kernel source');
	});
});
