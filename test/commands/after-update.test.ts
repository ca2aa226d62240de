import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {linesAfterUpdate} from '../../src/commands/after-update.ts';
import {memorySchema} from '../../src/memory/migrations.ts';
import {memoryFile} from '../../src/memory/read.ts';
import {linuxRust} from '../support/scenes.ts';
import {scratchFolder} from '../support/scratch.ts';
import {configs, labRelease, makeSystem, rustc, type SystemDescription} from '../support/sysroot.ts';

const arch = 'rustc 1.85.1 (4eb161250 2025-03-15) (Arch Linux rust 1:1.85.1-1)';
const archNext = 'rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust 1:1.97.1-1)';
const records = '/var/lib/pacman/local';
const owned = '%FILES%\nusr/\nusr/bin/\nusr/bin/rustc\n\n';

/** linux-rust as it was built with a compiler, which is that of the system. */
const kernelOf = (text: string, release = labRelease) => ({
	...linuxRust,
	release,
	config: configs.rustOn612.replace(rustc.debian1851, text),
	headers: {rustc: text}
});

/** What it prints is nobody's to read: a hook runs no program. */
const withRustc: SystemDescription = {running: labRelease, systemRustc: 'rustc 9.9.9'};

/** What a hook says on a system whose user was last green with Arch's rustc 1.85.1, or with another one. */
function lines(system: SystemDescription, wanted = arch): Promise<readonly string[]> {
	const state = scratchFolder();
	const folder = join(state, 'linux-rust-setup');
	mkdirSync(folder);
	const green = {
		at: '2026-11-12T10:00:00.000Z',
		kernel: {release: labRelease, package: 'linux-rust'},
		wanted,
		rustc: {path: '/usr/bin/rustc', text: wanted},
		kdir: `/usr/lib/modules/${labRelease}/build`,
		headers: labRelease,
		modules: []
	};
	writeFileSync(memoryFile(folder), JSON.stringify({schema: memorySchema, modules: [], loads: [], green}));
	return linesAfterUpdate(
		makeSystem(system).reader({uid: process.getuid?.() ?? 0, environment: {XDG_STATE_HOME: state}})
	);
}

describe('what a package manager says of the compiler, which a hook does not run', () => {
	test('nothing where its package is the one it was', async () => {
		const files = {[`${records}/rust-1:1.85.1-1/files`]: owned};
		expect(await lines({...withRustc, kernels: [kernelOf(arch)], files})).toEqual([]);
	});

	test('rust was upgraded, and the kernel was not', async () => {
		const files = {[`${records}/rust-1:1.97.1-1/files`]: owned};
		expect(await lines({...withRustc, kernels: [kernelOf(arch)], files})).toEqual([
			'linux-rust-setup: rustc 1.85.1 (Arch Linux rust 1:1.85.1-1) -> 1.97.1 (package rust 1:1.97.1-1).',
			'linux-rust-setup: run: linux-rust-setup check --mend (the kernel needs rustc 1.85.1 (Arch Linux rust 1:1.85.1-1))'
		]);
	});

	test('another package of the same version', async () => {
		const files = {[`${records}/rust-1:1.85.1-2/files`]: owned};
		const [first] = await lines({...withRustc, kernels: [kernelOf(arch)], files});
		expect(first).toMatch(
			/rustc 1\.85\.1 \(Arch Linux rust 1:1\.85\.1-1\) -> 1\.85\.1 \(package rust 1:1\.85\.1-2\)\.$/
		);
	});

	test('a compiler that does not name its package is told by its version alone', async () => {
		const kernels = [kernelOf(rustc.debian1851)];
		const same = {[`${records}/rust-1.85.1-7/files`]: owned};
		expect(await lines({...withRustc, kernels, files: same}, rustc.debian1851)).toEqual([]);
		const other = {[`${records}/rust-1.97.1-1/files`]: owned};
		expect((await lines({...withRustc, kernels, files: other}, rustc.debian1851))[0]).toContain(
			'1.97.1 (package rust 1.97.1-1)'
		);
	});

	test('the kernel and rust were upgraded together, and the machine was not rebooted', async () => {
		const next = '6.12.999-arch1-1-rust';
		const files = {[`${records}/rust-1:1.97.1-1/files`]: owned};
		const kernels = [{release: labRelease, installed: false}, kernelOf(archNext, next)];
		expect(await lines({...withRustc, kernels, files})).toEqual([
			`linux-rust-setup: kernel linux-rust ${labRelease} -> linux-rust ${next}, its rustc 1.85.1 (Arch Linux rust 1:1.85.1-1) -> 1.97.1 (Arch Linux rust 1:1.97.1-1), rustc 1.85.1 (Arch Linux rust 1:1.85.1-1) -> 1.97.1 (package rust 1:1.97.1-1).`,
			expect.stringMatching(/^linux-rust-setup: reboot, then run: linux-rust-setup check --mend/)
		]);
	});

	test('rust was removed', async () => {
		const [first] = await lines({running: labRelease, kernels: [kernelOf(arch)]});
		expect(first).toBe('linux-rust-setup: rustc 1.85.1 (Arch Linux rust 1:1.85.1-1) -> not there any more.');
	});

	test.each([
		['a package of a longer name', {[`${records}/rust-analyzer-1.97.1-1/files`]: owned}],
		[
			'a package that does not own this compiler',
			{[`${records}/rust-1.97.1-1/files`]: '%FILES%\nopt/rust/bin/rustc\n'}
		],
		['no package at all', {}]
	])('nothing is made up of %s', async (_name, files) => {
		expect(await lines({...withRustc, kernels: [kernelOf(arch)], files})).toEqual([]);
	});
});
