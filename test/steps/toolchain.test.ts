import {chmodSync, writeFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {createLocalReader} from '../../src/machine/reader.ts';
import type {Reader} from '../../src/model/machine.ts';
import {emptyMemory} from '../../src/model/memory.ts';
import {toolchainStep} from '../../src/steps/toolchain.ts';
import {createView} from '../../src/survey/view.ts';
import {linuxRust, ready, rustup1851} from '../support/scenes.ts';
import {configs, labRelease, makeSystem, rustc, type SystemDescription} from '../support/sysroot.ts';
import {commandsOf, inspectStep, instructionFor, saidBy} from './inspect.ts';

const triple = 'x86_64-unknown-linux-gnu';
const rustupPath = `/home/me/.rustup/toolchains/1.85.1-${triple}/bin/rustc`;
const builtBy = (text: string, more: Partial<SystemDescription> = {}): SystemDescription => ({
	running: labRelease,
	kernels: [{...linuxRust, config: configs.rustOn612.replace(rustc.debian1851, text), headers: {rustc: text}}],
	...more
});

test('done: with the path that a build is given', async () => {
	expect(await inspectStep(toolchainStep, ready)).toMatchObject({
		status: 'done',
		summary: `rustc 1.85.1 · ${rustupPath}`
	});
});

test("done: the distribution's own compiler", async () => {
	const said = await inspectStep(toolchainStep, builtBy(rustc.arch1971, {systemRustc: rustc.arch1971}), {probes: true});
	expect(said).toMatchObject({status: 'done', summary: 'rustc 1.97.1 · /usr/bin/rustc'});
});

test('the configuration counts while the metadata is missing; where both speak, the metadata decides', async () => {
	const kernel = {...linuxRust, headers: {}};
	expect((await inspectStep(toolchainStep, {...ready, kernels: [kernel]})).status).toBe('done');
	const said = await inspectStep(toolchainStep, {...ready, kernels: [{...linuxRust, config: configs.rustOn612}]});
	expect(said.status).toBe('done');
	expect(said.evidence).toContainEqual(
		expect.objectContaining({label: 'its configuration says', value: `${rustc.debian1851} (the metadata decides)`})
	);
});

describe('not the compiler that built the kernel', () => {
	test.each([
		['toolchain.number-differs', rustc.rustup1851, rustc.rustup1950],
		['toolchain.vendor-differs', rustc.arch1971, rustc.rustup1971],
		['toolchain.vendor-differs', rustc.arch1971, rustc.debian1971],
		['toolchain.vendor-differs', 'rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust 1:1.97.1-2)', rustc.arch1971],
		['toolchain.commit-differs', rustc.rustup1851, 'rustc 1.85.1 (0123456789 2025-03-15)'],
		['toolchain.date-differs', rustc.rustup1851, 'rustc 1.85.1 (4eb161250 2025-03-16)']
	])('%s: wanted %s, here %s', async (reason, wanted, here) => {
		const said = await inspectStep(toolchainStep, builtBy(wanted, {rustup: [{name: 'mine', rustc: here}]}));
		expect(said).toMatchObject({status: 'todo', reason});
		expect(said.question).toContain('The nearest is /home/me/.rustup/toolchains/mine/bin/rustc.');
		expect(said.evidence).toContainEqual(expect.objectContaining({label: 'the kernel wants', value: wanted}));
	});

	test('the nearest is the one with the same number', async () => {
		const said = await inspectStep(
			toolchainStep,
			builtBy(rustc.arch1971, {
				rustup: [
					{name: 'a', rustc: rustc.rustup1851},
					{name: 'b', rustc: rustc.rustup1971}
				]
			})
		);
		expect(said.question).toContain('toolchains/b/bin/rustc');
	});

	test('toolchain.missing', async () => {
		expect(await inspectStep(toolchainStep, builtBy(rustc.arch1971))).toMatchObject({
			reason: 'toolchain.missing',
			summary: 'rustc 1.97.1 (Arch Linux rust 1:1.97.1-1) is not here'
		});
	});

	test('half a toolchain of rustup is as good as none', async () => {
		const said = await inspectStep(toolchainStep, {...ready, rustup: [{name: `1.85.1-${triple}`, half: true}]});
		expect(said).toMatchObject({reason: 'toolchain.missing'});
		expect(await commandsOf(said)).toEqual(['rustup toolchain install 1.85.1 --profile minimal --no-self-update']);
	});
});

describe('toolchain.compiler-unreadable: never taken for "no"', () => {
	test('a compiler that could not be asked', async () => {
		const said = await inspectStep(toolchainStep, builtBy(rustc.arch1971, {systemRustc: rustc.arch1971}));
		expect(said).toMatchObject({status: 'unknown', reason: 'toolchain.compiler-unreadable'});
		expect(said.question).toContain(
			'Whether /usr/bin/rustc is the compiler that built this kernel could not be found out'
		);
	});

	test('it does not matter where another one fits', async () => {
		expect((await inspectStep(toolchainStep, {...ready, systemRustc: rustc.arch1971})).status).toBe('done');
	});
});

describe('--rustc', () => {
	const wrong = {...ready, systemRustc: rustc.arch1971};

	test('a compiler that does not fit is refused, and the one that does is offered', async () => {
		const said = await inspectStep(toolchainStep, wrong, {named: {rustc: '/usr/bin/rustc'}, probes: true});
		expect(said).toMatchObject({
			status: 'todo',
			reason: 'toolchain.number-differs',
			summary: '/usr/bin/rustc does not match this kernel'
		});
		expect(said.remedies[0]).toMatchObject({
			answer: `--rustc ${rustupPath}`,
			label: `Build with ${rustupPath}, which matches`
		});
	});

	test('a compiler that fits is taken', async () => {
		const said = await inspectStep(toolchainStep, builtBy(rustc.arch1971, {systemRustc: rustc.arch1971}), {
			named: {rustc: '/usr/bin/rustc'},
			probes: true
		});
		expect(said.status).toBe('done');
	});

	test('one chosen earlier that no longer fits gives way to one that does', async () => {
		const said = await inspectStep(toolchainStep, wrong, {
			memory: {...emptyMemory, rustc: '/usr/bin/rustc'},
			probes: true
		});
		expect(said).toMatchObject({status: 'done', summary: expect.stringContaining(rustupPath)});
	});

	test('one chosen earlier that is gone is not called the nearest', async () => {
		const said = await inspectStep(toolchainStep, builtBy(rustc.arch1971), {
			memory: {...emptyMemory, rustc: '/opt/gone'},
			probes: true
		});
		expect(said.reason).toBe('toolchain.missing');
	});
});

describe('where the compiler can be had', () => {
	test.each([
		[
			'rustup is there',
			rustc.rustup1851,
			{rustup: []},
			['rustup toolchain install 1.85.1 --profile minimal --no-self-update']
		],
		[
			'rustup is not',
			rustc.rustup1851,
			{},
			['sudo pacman -S --needed rustup', 'rustup toolchain install 1.85.1 --profile minimal --no-self-update']
		],
		[
			'a nightly, called by the day after its commit',
			'rustc 1.97.0-nightly (e50aa6fba 2026-05-31)',
			{rustup: []},
			['rustup toolchain install nightly-2026-06-01 --profile minimal --no-self-update']
		],
		[
			'a beta',
			'rustc 1.97.0-beta.3 (e50aa6fba 2026-05-19)',
			{rustup: []},
			['rustup toolchain install beta-2026-05-20 --profile minimal --no-self-update']
		],
		['a vendor', rustc.arch1971, {rustup: []}, ['sudo pacman -S --needed rust']],
		[
			'no commit: not built by rustup',
			rustc.debian1630,
			{osRelease: 'debian', rustup: []},
			['sudo apt-get install rustc']
		],
		['a vendor, where packages are not known', rustc.debian1971, {osRelease: 'void'}, []]
	] as const)('%s: %s', async (_what, wanted, more, commands) => {
		const said = await inspectStep(toolchainStep, builtBy(wanted, more));
		expect(await commandsOf(said)).toEqual(commands);
	});

	test("a vendor's compiler must print the very text", async () => {
		const said = await inspectStep(toolchainStep, builtBy(rustc.arch1971));
		expect(await instructionFor(said)).toBe(`It fits if rustc --version prints exactly: ${rustc.arch1971}`);
	});
});

describe('toolchain.tools-missing', () => {
	test('clang kernels want clang and lld', async () => {
		const said = await inspectStep(toolchainStep, {...ready, programs: ['sudo', 'make', 'gcc']});
		expect(said).toMatchObject({status: 'todo', reason: 'toolchain.tools-missing', summary: 'clang, ld.lld missing'});
		expect(await commandsOf(said)).toEqual(['sudo pacman -S --needed clang lld']);
	});

	const gcc: SystemDescription = {
		osRelease: 'debian',
		running: '7.2.13+deb14-amd64',
		kernels: [
			{
				release: '7.2.13+deb14-amd64',
				config: configs.rustOn72.replaceAll(rustc.debian1971, rustc.rustup1971),
				headers: {rustc: rustc.rustup1971}
			}
		],
		rustup: [{name: 'a', rustc: rustc.rustup1971}],
		programs: ['make', 'gcc']
	};

	test('gcc kernels want the very gcc and binutils, by the names of their packages', async () => {
		const said = await inspectStep(toolchainStep, gcc);
		expect(said.summary).toBe('x86_64-linux-gnu-gcc-16, ld missing');
		expect(await commandsOf(said)).toEqual(['sudo apt-get install gcc-16 binutils']);
	});

	test.each([
		[
			'is not there',
			"echo 'objtool: error while loading shared libraries: libelf.so.1: cannot open shared object file' >&2; exit 127"
		],
		['is there', 'echo Usage: objtool; exit 129']
	])('a library of objtool %s', async (what, script) => {
		const system = makeSystem({
			...gcc,
			programs: ['make', 'x86_64-linux-gnu-gcc-16', 'ld'],
			files: {'/usr/lib/modules/7.2.13+deb14-amd64/build/tools/objtool/objtool': ''}
		});
		const objtool = system.path('/usr/lib/modules/7.2.13+deb14-amd64/build/tools/objtool/objtool');
		writeFileSync(objtool, `#!/bin/sh\n${script}\n`);
		chmodSync(objtool, 0o755);
		const builder: Reader = {
			...system.reader(),
			probe: ([program, ...rest], options) =>
				createLocalReader().probe([program, ...rest.map(word => (word.endsWith('/objtool') ? objtool : word))], options)
		};
		const said = saidBy(
			await toolchainStep.inspect(createView({builder, target: builder, named: {}, memory: emptyMemory}))
		);
		if (what === 'is there') return expect(said.status).toBe('done');
		expect(said).toMatchObject({reason: 'toolchain.tools-missing', summary: 'libelf.so.1 missing'});
		expect(await commandsOf(said)).toEqual(['sudo apt-get install libelf1']);
	});

	test('pahole is asked for only where the headers hold vmlinux', async () => {
		const programs = ['make', 'x86_64-linux-gnu-gcc-16', 'ld'];
		expect((await inspectStep(toolchainStep, {...gcc, programs})).status).toBe('done');
		const vmlinux = {'/usr/lib/modules/7.2.13+deb14-amd64/build/vmlinux': ''};
		const said = await inspectStep(toolchainStep, {...gcc, programs, files: vmlinux});
		expect(said.summary).toBe('pahole, objcopy missing');
		expect(await commandsOf(said)).toEqual(['sudo apt-get install pahole binutils']);
	});
});

test('toolchain.wanted-unknown', async () => {
	const silent = configs.rustOn612.replace(/^CONFIG_RUSTC_VERSION_TEXT.*$/m, '');
	expect(
		await inspectStep(toolchainStep, {...ready, kernels: [{...linuxRust, config: silent, headers: {}}]})
	).toMatchObject({
		status: 'unknown',
		reason: 'toolchain.wanted-unknown',
		question: expect.stringContaining('neither')
	});
	const damaged = {rustc: rustc.rustup1851, content: {'rust/libcore.rmeta': 'x'}};
	expect(
		await inspectStep(toolchainStep, {...ready, kernels: [{...linuxRust, config: silent, headers: damaged}]})
	).toMatchObject({
		reason: 'toolchain.wanted-unknown',
		question: expect.stringContaining('rust/libcore.rmeta')
	});
});

test('toolchain.no-kernel', async () => {
	expect(await inspectStep(toolchainStep, {rustup: rustup1851})).toMatchObject({
		status: 'blocked',
		reason: 'toolchain.no-kernel'
	});
});
