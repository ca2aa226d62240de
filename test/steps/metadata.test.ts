import {describe, expect, test} from 'vitest';
import type {ProbeOutput, Reader} from '../../src/model/machine.ts';
import {emptyMemory} from '../../src/model/memory.ts';
import {metadataStep} from '../../src/steps/metadata.ts';
import {createView} from '../../src/survey/view.ts';
import {linuxRust, ready, viewOf} from '../support/scenes.ts';
import {
	configs,
	type HeadersDescription,
	labRelease,
	link,
	makeSystem,
	rmeta,
	rustc,
	rustFiles,
	type SystemDescription
} from '../support/sysroot.ts';
import {commandsOf, inspectStep, saidBy} from './inspect.ts';

const kdir = `/usr/lib/modules/${labRelease}/build`;
const withHeaders = (headers: HeadersDescription, more: Partial<SystemDescription> = {}): SystemDescription => ({
	...ready,
	kernels: [{...linuxRust, headers: {rustc: rustc.rustup1851, ...headers}}],
	...more
});
const debianHeaders: SystemDescription = {
	osRelease: 'debian',
	running: '7.2.13+deb14-amd64',
	kernels: [{release: '7.2.13+deb14-amd64', config: configs.rustOn72, configIn: 'headers', headers: {}}]
};

test('done', async () => {
	expect(await inspectStep(metadataStep, ready)).toMatchObject({status: 'done', summary: 'complete, 9 files'});
});

describe('metadata.files-missing', () => {
	test.each(rustFiles)('without %s', async file => {
		const said = await inspectStep(metadataStep, withHeaders({without: [file]}));
		expect(said).toMatchObject({status: 'todo', reason: 'metadata.files-missing', summary: `${file} is missing`});
		expect(said.evidence).toContainEqual({label: 'missing', value: file, source: `${kdir}/${file}`});
	});

	test('several at once', async () => {
		const said = await inspectStep(metadataStep, withHeaders({without: ['rust/libffi.rmeta', 'scripts/target.json']}));
		expect(said.summary).toBe('2 Rust files are missing, rust/libffi.rmeta first');
	});

	test("the headers' own Makefile.build decides which crates are read", async () => {
		const said = await inspectStep(
			metadataStep,
			withHeaders(
				{},
				{files: {[`${kdir}/scripts/Makefile.build`]: 'rust_flags = --extern force:alloc --extern kernel\n'}}
			)
		);
		expect(said.summary).toBe('rust/liballoc.rmeta is missing');
	});

	test("the configuration's version decides, not the number a distribution puts into the release", async () => {
		// as Debian 12 does: release 6.1.0-56, source 6.1.192; ffi is a crate of the source's version, 6.12.117
		const kernel = {
			...linuxRust,
			release: '6.1.0-56-amd64',
			config: configs.rustOn612,
			headers: {rustc: rustc.rustup1851, without: ['rust/libffi.rmeta']}
		};
		const said = await inspectStep(metadataStep, {...ready, running: kernel.release, kernels: [kernel]});
		expect(said.summary).toBe('rust/libffi.rmeta is missing');
	});

	test('installing again comes first where files were lost; from the AUR that is a build', async () => {
		const lost = {...withHeaders({without: ['scripts/target.json']}), programs: ['paru']};
		const aur = await inspectStep(metadataStep, lost);
		expect(await commandsOf(aur)).toEqual(['paru -S linux-rust-headers']);
		expect(aur.remedies[0]?.consequence).toContain('half an hour');
		const stock = await inspectStep(metadataStep, {
			...lost,
			kernels: [{...linuxRust, package: 'linux', headers: {rustc: rustc.rustup1851, without: ['scripts/target.json']}}]
		});
		expect(await commandsOf(stock)).toEqual(['sudo pacman -S linux-headers']);
	});

	test('Debian leaves all of them out: rebuilding comes first, and installing again is not offered', async () => {
		const said = await inspectStep(metadataStep, debianHeaders);
		expect(said.remedies.map(one => one.id)).toEqual(['prepare-rebuild']);
	});

	test('Ubuntu has a package of them', async () => {
		const said = await inspectStep(metadataStep, {...debianHeaders, osRelease: 'ubuntu'});
		expect(await commandsOf(said)).toEqual(['sudo apt-get install linux-lib-rust-7.2.13+deb14-amd64']);
	});
});

describe('metadata.damaged', () => {
	test.each([
		['empty', ''],
		['cut off', rmeta(rustc.rustup1851).subarray(0, 20)],
		['not metadata', 'x'.repeat(99)]
	])('%s', async (_what, content) => {
		const said = await inspectStep(metadataStep, withHeaders({content: {'rust/libkernel.rmeta': content}}));
		expect(said).toMatchObject({
			status: 'todo',
			reason: 'metadata.damaged',
			question: expect.stringContaining(`${kdir}/rust/libkernel.rmeta`)
		});
	});

	test('an empty library', async () => {
		expect((await inspectStep(metadataStep, withHeaders({content: {'rust/libmacros.so': ''}}))).question).toContain(
			'libmacros.so is empty'
		);
	});

	test('files of two compilers', async () => {
		const said = await inspectStep(
			metadataStep,
			withHeaders({content: {'rust/libkernel.rmeta': rmeta(rustc.rustup1950)}})
		);
		expect(said).toMatchObject({reason: 'metadata.damaged', question: expect.stringContaining('different compilers')});
	});
});

describe('metadata.headers-missing', () => {
	test.each([
		['arch', 'linux-rust', 'paru -S linux-rust-headers'],
		['arch', 'linux-lts', 'sudo pacman -S --needed linux-lts-headers'],
		['arch', undefined, 'sudo pacman -S --needed linux-headers'],
		['debian', undefined, `sudo apt-get install linux-headers-${labRelease}`],
		['fedora', undefined, `sudo dnf install kernel-devel-${labRelease}`]
	] as const)('%s, package %s: %s', async (osRelease, name, command) => {
		const said = await inspectStep(metadataStep, {
			osRelease,
			running: labRelease,
			procConfig: configs.rustOn612,
			kernels: [{release: labRelease, ...(name === undefined ? {} : {package: name})}],
			programs: ['paru']
		});
		expect(said).toMatchObject({status: 'todo', reason: 'metadata.headers-missing'});
		expect(await commandsOf(said)).toEqual([command]);
	});

	describe('of linux-rust, the way that this machine has', () => {
		const bare = {
			running: labRelease,
			procConfig: configs.rustOn612,
			kernels: [{release: labRelease, package: 'linux-rust'}]
		};
		const built = {
			'/home/me/.cache/linux-rust-setup/recipes/own/packages/linux-rust-headers-6.12.117.arch1-1-x86_64.pkg.tar.zst':
				'x',
			'/home/me/.cache/linux-rust-setup/recipes/aur/packages/linux-rust-headers-6.12.118.arch1-1-x86_64.pkg.tar.zst':
				'x'
		};

		test('yay', async () => {
			const said = await inspectStep(metadataStep, {...bare, programs: ['yay']});
			expect(await commandsOf(said)).toEqual(['yay -S linux-rust-headers']);
		});

		test('no helper: makepkg, with the recipe that was built here', async () => {
			const said = await inspectStep(metadataStep, bare, {reader: {uid: 1000}});
			expect(said.remedies.map(one => one.id)).toEqual(['install-headers']);
			expect((await commandsOf(said)).join('\n')).toMatch(/^git clone .*\/linux-rust\.git [\s\S]*makepkg --force/);
			const own = await inspectStep(metadataStep, bare, {
				reader: {uid: 1000},
				memory: {
					...emptyMemory,
					packageBuilds: [{recipe: 'own', units: 1, seconds: 1, pace: [], bytes: 1, jobs: 1, at: '2026-11-23'}]
				}
			});
			expect((await commandsOf(own)).join('\n')).not.toContain('git clone');
		});

		test('the very package, where it was built here', async () => {
			const said = await inspectStep(metadataStep, {...bare, files: built, programs: ['paru']});
			expect(await commandsOf(said)).toEqual([`sudo pacman -U --noconfirm ${Object.keys(built)[0]}`]);
		});
	});

	test('of a kernel from outside no package is promised', async () => {
		const said = await inspectStep(metadataStep, {
			osRelease: 'debian',
			running: labRelease,
			procConfig: configs.rustOn612
		});
		expect(said.reason).toBe('metadata.headers-missing');
		expect(said.remedies.map(one => one.id)).toEqual(['name-kdir']);
	});
});

test('metadata.headers-unreadable: a link that leads to itself', async () => {
	const {headers: _without, ...kernel} = linuxRust;
	const system = makeSystem({running: labRelease, kernels: [{...kernel, configIn: 'boot'}]});
	link(system, kdir, kdir);
	expect(saidBy(await metadataStep.inspect(viewOf(system)))).toMatchObject({
		status: 'unknown',
		reason: 'metadata.headers-unreadable',
		question: expect.stringContaining('too many symbolic links')
	});
});

test('metadata.other-release', async () => {
	expect(await inspectStep(metadataStep, withHeaders({release: '6.12.116-arch1-1-rust'}))).toMatchObject({
		status: 'todo',
		reason: 'metadata.other-release',
		summary: 'the headers are for 6.12.116-arch1-1-rust'
	});
});

describe('the five-line crate', () => {
	const answering = (answer: Partial<ProbeOutput> | string, asked: Parameters<Reader['probe']>[] = []) => {
		const reader = makeSystem(ready).reader();
		const probing: Reader = {
			...reader,
			probe: async (...words) => {
				asked.push(words);
				return typeof answer === 'string'
					? {status: 'unknown', why: answer}
					: {status: 'found', value: {stdout: '', stderr: '', code: 0, ...answer}};
			}
		};
		return createView({builder: probing, target: probing, named: {}, memory: emptyMemory});
	};
	const inspect = async (answer: Partial<ProbeOutput> | string) =>
		saidBy(await metadataStep.inspect(answering(answer)));

	test('that compiles is evidence', async () => {
		const said = await inspect({});
		expect(said).toMatchObject({status: 'done', summary: 'complete, 9 files'});
		expect(said.evidence).toContainEqual(
			expect.objectContaining({label: 'five-line crate', value: 'compiles against the metadata'})
		);
	});

	test('is compiled by the compiler that a build is given, and known by it and by every file', async () => {
		const asked: Parameters<Reader['probe']>[] = [];
		await metadataStep.inspect(answering({}, asked));
		const [argv, options] = asked.find(([words]) => words.includes('--version') === false) ?? [[], {}];
		const rustcPath = '/home/me/.rustup/toolchains/1.85.1-x86_64-unknown-linux-gnu/bin/rustc';
		expect(argv).toContain(rustcPath);
		expect(argv).toContain(`${kdir}/scripts/target.json`);
		expect(options).toMatchObject({lasting: true});
		expect(options?.of?.toSorted()).toEqual([rustcPath, ...rustFiles.map(file => `${kdir}/${file}`)].sort());
	});

	test('metadata.refused: one that does not is explained in rustc’s words', async () => {
		const said = await inspect({
			stdout: `error[E0461]: couldn't find crate \`core\` with expected target triple target\n  |\n  = note: the following crate versions were found:\n          crate \`core\`, target triple target-1: ${kdir}/rust/libcore.rmeta\n\nerror: aborting due to 1 previous error\n`
		});
		expect(said).toMatchObject({
			status: 'todo',
			reason: 'metadata.refused',
			question: expect.stringMatching(/^A crate of five lines does not compile .*E0461.*target\.json/s)
		});
		expect(said.remedies.map(one => one.id)).toEqual(['reinstall-headers']);
	});

	test('a compiler that says nothing, and fails, refuses it too', async () => {
		expect((await inspect({code: 139})).question).toContain('rustc ended with code 139');
	});

	test('one that could not be tried is no refusal', async () => {
		const said = await inspect('/bin/sh did not answer within 10000 ms');
		expect(said.status).toBe('done');
		expect(said.evidence).toContainEqual(
			expect.objectContaining({label: 'five-line crate', value: '/bin/sh did not answer within 10000 ms'})
		);
	});

	test('is not asked for where no compiler fits', async () => {
		const said = await inspectStep(metadataStep, {...ready, rustup: []});
		expect(said.status).toBe('done');
		expect(said.evidence.map(one => one.label)).not.toContain('five-line crate');
	});
});

test('metadata.no-kernel', async () => {
	expect(await inspectStep(metadataStep, {})).toMatchObject({status: 'blocked', reason: 'metadata.no-kernel'});
});
