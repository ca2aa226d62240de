import {utimesSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {metadataStep} from '../../src/steps/metadata.ts';
import {linuxRust, viewOf} from '../support/scenes.ts';
import {configs, labRelease, makeSystem, rustc, type System, type SystemDescription} from '../support/sysroot.ts';
import {commandsOf, inspectStep, instructionFor, saidBy} from './inspect.ts';

const release = '7.2.13+deb14-amd64';
const build = `/usr/lib/modules/${release}/build`;
const rebuilt = `/home/me/.local/share/linux-rust-setup/metadata/${release}`;
const toolchain = '/home/me/.rustup/toolchains/debian';

const source = {
	'/usr/src/linux-7.2.13/Makefile': 'VERSION = 7\nPATCHLEVEL = 2\nSUBLEVEL = 13\nEXTRAVERSION =\n',
	'/usr/src/linux-7.2.13/rust/kernel/lib.rs': ''
};
const rustSource = {[`${toolchain}/lib/rustlib/src/rust/library/core/src/lib.rs`]: ''};
const programs = ['sudo', 'make', 'gcc', 'x86_64-linux-gnu-gcc-16', 'cc', 'ld', 'nm', 'bindgen', 'tar', 'xz', 'curl'];

/** Debian's kernel with headers that carry no Rust, its compiler, its source and all tools. */
const debian: SystemDescription = {
	osRelease: 'debian',
	running: release,
	kernels: [{release, config: configs.rustOn72, configIn: 'headers', headers: {}}],
	rustup: [{name: 'debian', rustc: rustc.debian1971}],
	programs,
	files: {...source, ...rustSource}
};
const inspect = async (more: Partial<SystemDescription> = {}, scene: Parameters<typeof inspectStep>[2] = {}) =>
	inspectStep(metadataStep, {...debian, ...more}, scene);

describe('with all that it takes', () => {
	test('the metadata is rebuilt beside the headers, by the program itself', async () => {
		const said = await inspect();
		expect(said).toMatchObject({status: 'todo', reason: 'metadata.files-missing'});
		expect(said.remedies.map(({id, mends}) => [id, mends])).toEqual([
			['rebuild-metadata', true],
			['rebuild-into-headers', undefined]
		]);
		expect(said.evidence).toContainEqual({
			label: 'source',
			value: 'of 7.2.13, as the kernel',
			source: '/usr/src/linux-7.2.13'
		});
		const commands = await commandsOf(said);
		expect(commands.find(command => command.includes('make '))).toMatch(
			new RegExp(`KERNELRELEASE=${release.replaceAll('+', '\\+')} .*CC=x86_64-linux-gnu-gcc-16 `)
		);
		expect(commands.join('\n')).not.toContain('sudo');
		expect(said.remedies[0]?.undo).toBe(`rm -r ${rebuilt}`);
	});

	test('or into them, as root, with a way back', async () => {
		const said = await inspect();
		expect((await commandsOf(said, 'rebuild-into-headers')).filter(one => one.startsWith('sudo '))).toEqual([
			`sudo sh -euc '…' sh ${rebuilt} ${build}`
		]);
		expect(said.remedies[1]?.undo).toBe(`sudo rm -r ${build}/rust ${build}/scripts/target.json`);
	});

	test('not into headers that have some of it: theirs would be mixed with ours', async () => {
		const said = await inspect({
			kernels: [
				{
					release,
					config: configs.rustOn72,
					configIn: 'headers',
					headers: {rustc: rustc.debian1971, without: ['rust/libffi.rmeta']}
				}
			]
		});
		expect(said.remedies.map(one => one.id)).toEqual(['reinstall-headers', 'rebuild-metadata']);
	});

	test('with a clang kernel’s own compiler, and for User-Mode Linux', async () => {
		const said = await inspectStep(metadataStep, {
			...debian,
			osRelease: 'arch',
			running: labRelease,
			kernels: [{...linuxRust, headers: {}}],
			rustup: [{name: 'debian', rustc: rustc.rustup1851}],
			programs: [...programs, 'clang', 'ld.lld', 'llvm-nm'],
			files: {
				...rustSource,
				'/usr/src/linux/Makefile': 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 117\nEXTRAVERSION =\n',
				'/usr/src/linux/rust/kernel/lib.rs': ''
			}
		});
		expect((await commandsOf(said, 'rebuild-metadata')).find(one => one.includes('make '))).toMatch(/ARCH=um .*LLVM=1/);
	});
});

describe('what is missing is named at once, with the commands that bring it', () => {
	test('on Debian: the source in the version of the headers, tools, the source of core', async () => {
		const said = await inspect({
			systemRustc: rustc.debian1971,
			programs: programs.filter(name => name !== 'bindgen' && name !== 'xz'),
			files: {
				'/var/lib/dpkg/status': `Package: linux-headers-${release}\nStatus: install ok installed\nVersion: 7.2.13-1\n\nPackage: xz\nVersion: 5\n`
			}
		});
		expect(said.remedies.map(one => one.id)).toEqual(['prepare-rebuild']);
		expect(said.remedies[0]?.label).toBe(
			'Get what a rebuild of the metadata needs: the source of 7.2.13, bindgen, xz, rust-src'
		);
		expect(await commandsOf(said)).toEqual([
			'sudo apt-get install linux-source-7.2=7.2.13-1 bindgen xz-utils',
			'rustup component add rust-src --toolchain debian'
		]);
		expect(await instructionFor(said)).toContain('--source');
		expect(said.evidence).toContainEqual({
			label: 'for a rebuild',
			value: 'rust-src is missing: the kernel’s core is compiled from it'
		});
	});

	test('the compiler itself', async () => {
		const said = await inspect({rustup: []});
		expect(said.remedies[0]?.label).toBe('Get what a rebuild of the metadata needs: the exact compiler');
	});

	test('room on the disk', async () => {
		const said = await inspect({}, {reader: {freeSpace: 100_000_000}});
		expect(said.remedies[0]?.label).toMatch(/450 MB of free space$/);
		expect(said.evidence).toContainEqual(
			expect.objectContaining({label: 'no rebuild', value: 'it takes 450 MB, and 100 MB are free'})
		);
	});
});

describe('a source', () => {
	test('of another version is refused, and both are named', async () => {
		const said = await inspect({
			files: {
				...rustSource,
				...source,
				'/usr/src/linux-7.2.13/Makefile': 'VERSION = 7\nPATCHLEVEL = 2\nSUBLEVEL = 12\n'
			}
		});
		expect(said.remedies.map(one => one.id)).toEqual(['prepare-rebuild']);
		expect(said.evidence).toContainEqual({
			label: 'source',
			value: 'of 7.2.12, and the kernel is of 7.2.13',
			source: '/usr/src/linux-7.2.13'
		});
	});

	test('that is named is taken, and no other', async () => {
		const files = {
			...rustSource,
			...source,
			'/home/me/tree/Makefile': source['/usr/src/linux-7.2.13/Makefile'],
			'/home/me/tree/rust/kernel/lib.rs': ''
		};
		const said = await inspect({files}, {named: {source: '/home/me/tree'}});
		expect((await commandsOf(said)).join('\n')).toContain(' /home/me/tree ');
	});

	test.each([
		['7.1.3-arch1', '7.1.3-arch1-1', 'https://github.com/archlinux/linux/archive/refs/tags/v7.1.3-arch1.tar.gz'],
		['7.2.13', '7.2.13-1-lts', 'https://cdn.kernel.org/pub/linux/kernel/v7.x/linux-7.2.13.tar.xz']
	])('of %s is fetched on Arch, shown with its address', async (version, release, url) => {
		const said = await inspect({
			osRelease: 'arch',
			running: release,
			kernels: [
				{
					release,
					package: 'linux',
					config: configs.rustOn72.replace('7.2.13 Kernel', `${version} Kernel`),
					configIn: 'headers',
					headers: {}
				}
			],
			files: rustSource
		});
		const remedy = said.remedies.find(one => one.id === 'fetch-and-rebuild');
		expect(remedy?.mends).toBeUndefined();
		expect(remedy?.consequence).toContain(new URL(url).host);
		const [fetch, look, keep] = await commandsOf(said, 'fetch-and-rebuild');
		expect(fetch).toContain(url);
		if (url.includes('kernel.org'))
			expect(look).toContain('https://cdn.kernel.org/pub/linux/kernel/v7.x/sha256sums.asc');
		expect(keep).toMatch(/^mv \S+\.part \S+$/);
	});

	test('that is to be fetched needs room for itself too', async () => {
		const said = await inspect(
			{
				osRelease: 'arch',
				running: '7.2.13-1-lts',
				kernels: [
					{release: '7.2.13-1-lts', package: 'linux-lts', config: configs.rustOn72, configIn: 'headers', headers: {}}
				],
				files: rustSource
			},
			{reader: {freeSpace: 500_000_000}}
		);
		expect(said.remedies.find(one => one.id === 'prepare-rebuild')?.label).toMatch(/, 750 MB of free space$/);
	});

	test('of a distribution’s own kernel is in no such place', async () => {
		const said = await inspect({
			osRelease: 'void',
			running: '7.2.13_1',
			kernels: [{release: '7.2.13_1', config: configs.rustOn72, configIn: 'headers', headers: {}}],
			files: rustSource
		});
		expect(said.remedies.map(one => one.id)).toEqual(['prepare-rebuild', 'reinstall-headers']);
		expect(await instructionFor(said, 'prepare-rebuild')).toContain('--source PATH');
	});
});

describe('no rebuild', () => {
	test('where the headers are configured otherwise than the kernel: the options are listed', async () => {
		const said = await inspect({procConfig: configs.rustOn72.replace('CONFIG_HZ=250', 'CONFIG_HZ=1000')});
		expect(said.remedies.map(one => one.id)).toEqual(['reinstall-headers']);
		expect(said.evidence).toContainEqual({label: 'CONFIG_HZ', value: 'kernel 1000, headers 250'});
		expect(said.question).toContain('otherwise than the kernel (CONFIG_HZ)');
	});

	test('of a kernel before 6.3: why, and the ways that are left', async () => {
		const old = (text: string): string => text.replace(' 7.2.13 Kernel', ' 6.2.16 Kernel');
		const said = await inspect({
			running: '6.2.16-rust',
			kernels: [{release: '6.2.16-rust', config: old(configs.rustOn72), configIn: 'headers', headers: {}}]
		});
		expect(said).toMatchObject({status: 'todo', reason: 'metadata.files-missing'});
		expect(said.question).toContain(
			'It cannot be rebuilt here: how it is done is known for kernels from 6.3 on, and this one is 6.2.16.'
		);
		expect(said.remedies.map(one => one.id)).toEqual(['name-kdir', 'practise']);
	});

	test('of a kernel of another architecture', async () => {
		const said = await inspect({
			kernels: [
				{
					release,
					config: configs.rustOn72.replace('CONFIG_X86_64=y', 'CONFIG_ARM64=y'),
					configIn: 'headers',
					headers: {}
				}
			]
		});
		expect(said.question).toContain('x86_64 alone');
		expect(said.remedies.map(one => one.id)).toEqual(['name-kdir', 'practise']);
	});

	test('in a folder whose path make cannot take', async () => {
		const said = await inspect({}, {reader: {environment: {XDG_DATA_HOME: '/home/me/my data'}}});
		expect(said.evidence).toContainEqual(
			expect.objectContaining({label: 'no rebuild', value: expect.stringContaining('blank')})
		);
		expect(said.remedies.map(one => one.id)).toEqual(['rebuild-elsewhere']);
	});
});

test('metadata.headers-changed: what was rebuilt is of other headers, and is rebuilt', async () => {
	const system: System = makeSystem(debian);
	system.write(`${build}/Module.symvers`, 'symbols');
	system.write(`${rebuilt}/linux-rust-setup.made-for`, `${build}/Module.symvers 7 1\n`);
	utimesSync(system.path(`${build}/Module.symvers`), 2, 2);
	const said = saidBy(await metadataStep.inspect(viewOf(system)));
	expect(said).toMatchObject({status: 'stale', reason: 'metadata.headers-changed'});
	expect(said.remedies[0]).toMatchObject({id: 'rebuild-metadata', mends: true});
});
