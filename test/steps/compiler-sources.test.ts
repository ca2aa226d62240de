import {describe, expect, test} from 'vitest';
import type {Action} from '../../src/model/step.ts';
import {toolchainStep} from '../../src/steps/toolchain.ts';
import {linuxRust} from '../support/scenes.ts';
import {configs, labRelease, rustc, type SystemDescription} from '../support/sysroot.ts';
import {commandsOf, inspectStep, instructionFor} from './inspect.ts';

const triple = 'x86_64-unknown-linux-gnu';
const builtBy = (text: string, more: Partial<SystemDescription> = {}): SystemDescription => ({
	running: labRelease,
	kernels: [{...linuxRust, config: configs.rustOn612.replace(rustc.debian1851, text), headers: {rustc: text}}],
	...more
});
const search = (text: string, more: Partial<SystemDescription> = {}) => inspectStep(toolchainStep, builtBy(text, more));
const idsOf = (said: Awaited<ReturnType<typeof search>>) => said.remedies.map(remedy => remedy.id);

describe('rustup', () => {
	test('where it is there, it is run by this program', async () => {
		const said = await search(rustc.rustup1851, {rustup: []});
		expect(idsOf(said)).toEqual(['rustup-install']);
		const plan = await said.remedies[0]?.plan({});
		const actions: readonly Action[] = plan?.ok ? plan.actions : [];
		expect(actions).toMatchObject([
			{
				kind: 'install-toolchain',
				install: {
					toolchain: '1.85.1',
					home: '/home/me/.rustup',
					command: {terminal: 'captured', interrupt: 'group', as: 'user'},
					uninstall: {argv: ['rustup', 'toolchain', 'uninstall', '1.85.1'], interrupt: 'never'}
				}
			}
		]);
	});

	test('that the first toolchain becomes the default is said beforehand', async () => {
		expect((await search(rustc.rustup1851, {rustup: []})).remedies[0]?.consequence).toBe(
			'About 600 MB below /home/me/.rustup; rustup has no default yet, and this becomes it.'
		);
		const files = {'/home/me/.rustup/settings.toml': 'default_toolchain = "stable"\n'};
		expect((await search(rustc.rustup1851, {rustup: [], files})).remedies[0]?.consequence).toBe(
			'About 600 MB below /home/me/.rustup; nothing else changes.'
		);
	});

	test('where it is not there, both are for the user to do', async () => {
		const said = await search(rustc.rustup1851, {osRelease: 'void'});
		expect(await commandsOf(said)).toEqual(['rustup toolchain install 1.85.1 --profile minimal --no-self-update']);
		expect(await instructionFor(said)).toContain('https://rustup.rs');
	});

	test('that its package takes the place of the distribution’s compiler is said beforehand', async () => {
		expect((await search(rustc.rustup1851)).remedies[0]?.consequence).toMatch(/; nothing else changes\.$/);
		expect((await search(rustc.rustup1851, {systemRustc: rustc.arch1971})).remedies[0]?.consequence).toBe(
			'About 600 MB below /home/me/.rustup; the package rustup takes the place of the package rust.'
		);
	});

	test('half a toolchain is shown, and installed anew', async () => {
		const said = await search(rustc.rustup1851, {rustup: [{name: `1.85.1-${triple}`, half: true}]});
		expect(idsOf(said)).toEqual(['rustup-install']);
		expect(said.evidence).toContainEqual(
			expect.objectContaining({label: 'half there', source: `/home/me/.rustup/toolchains/1.85.1-${triple}`})
		);
	});

	test.each([
		['1.85.1', 'rustc 1.85.1 (0123456789 2025-03-15)', rustc.rustup1851],
		[
			'nightly-2026-05-20',
			'rustc 1.97.0-nightly (e50aa6fba 2026-05-19)',
			'rustc 1.97.0-nightly (0123456789 2026-05-19)'
		]
	])('its own %s is here and is another one: it is not offered again', async (name, wanted, here) => {
		const said = await search(wanted, {rustup: [{name: `${name}-${triple}`, rustc: here}]});
		expect(said.reason).toBe('toolchain.commit-differs');
		expect(idsOf(said)).toEqual(['other-kernel', 'practise']);
	});
});

describe('Arch Linux', () => {
	const file = 'rust-1:1.97.1-1-x86_64.pkg.tar.zst';

	test("the very package is in pacman's cache", async () => {
		const said = await search(rustc.arch1971, {files: {[`/var/cache/pacman/pkg/${file}`]: ''}});
		expect(idsOf(said)).toEqual(['vendor-cached', 'vendor-compiler', 'other-kernel', 'practise']);
		expect(said.remedies[0]?.label).toBe("Install rust 1:1.97.1-1 from pacman's cache");
		expect(await commandsOf(said)).toEqual([`sudo pacman -U /var/cache/pacman/pkg/${file}`]);
		expect(await instructionFor(said)).toContain('llvm-libs of the same date');
	});

	test('another build of it is there: the whole version counts', async () => {
		const said = await search(rustc.arch1971, {
			files: {'/var/cache/pacman/pkg/rust-1:1.97.1-2-x86_64.pkg.tar.zst': ''}
		});
		expect(idsOf(said)).toEqual(['vendor-compiler', 'vendor-archive', 'other-kernel', 'practise']);
		expect(await commandsOf(said, 'vendor-archive')).toEqual([
			`sudo pacman -U https://archive.archlinux.org/packages/r/rust/${file}`
		]);
	});

	test('a mark that is not its own is not promised from its repository', async () => {
		const said = await search(rustc.debian1971);
		expect(idsOf(said)).toEqual(['other-kernel', 'practise']);
		expect(await instructionFor(said)).toMatch(
			/^built from a source tarball is no mark of this distribution's compilers/
		);
	});

	test('what looks like a version and is none gets into no command', async () => {
		const said = await search('rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust 1:1/../../x-1)');
		expect(idsOf(said)).toEqual(['vendor-compiler', 'other-kernel', 'practise']);
	});
});

test('Fedora: the build by its name, and where its build system keeps it', async () => {
	const said = await search('rustc 1.93.1 (01f6ddf75 2026-02-11) (Fedora 1.93.1-1.fc43)', {osRelease: 'fedora'});
	expect(await commandsOf(said)).toEqual(['sudo dnf install rust-1.93.1-1.fc43']);
	expect(await instructionFor(said)).toContain('koji download-build --arch=x86_64 rust-1.93.1-1.fc43');
});

test.each([
	['debian', 'rustc'],
	['ubuntu', 'rustc-1.97']
] as const)('%s: %s', async (osRelease, name) => {
	const said = await search(rustc.debian1971, {osRelease});
	expect(await commandsOf(said)).toEqual([`sudo apt-get install ${name}`]);
	expect(await instructionFor(said)).toContain(rustc.debian1971);
});

test('where it cannot be had, the ways on are named', async () => {
	const said = await search(rustc.arch1971, {osRelease: 'void'});
	expect(idsOf(said)).toEqual(['vendor-compiler', 'other-kernel', 'practise']);
	expect(await commandsOf(said, 'other-kernel')).toEqual([]);
	expect(await instructionFor(said, 'other-kernel')).toMatch(/cannot be had.*another kernel.*virtual machine/);
});
