import {expect, test} from 'vitest';
import {toolchainStep} from '../../src/steps/toolchain.ts';
import {linuxRust, ready} from '../support/scenes.ts';
import {configs, labRelease, rustc, type SystemDescription} from '../support/sysroot.ts';
import {inspectStep} from './inspect.ts';

const kdir = (release: string): string => `/usr/lib/modules/${release}/build`;
const module = '/home/me/numbers';
const old: SystemDescription = {...ready, module: {}};
const release72 = '7.2.13-arch1-1-rust';
/** A kernel whose make runs rustc in the module's folder. */
const new72: SystemDescription = {
	running: release72,
	kernels: [{...linuxRust, release: release72, config: configs.rustOn72, headers: {rustc: rustc.rustup1851}}],
	rustup: [{name: '1.85.1-x86_64-unknown-linux-gnu', rustc: rustc.rustup1851}],
	module: {}
};

/** What the step says of overrides, as value and source. */
async function overrides(
	system: SystemDescription,
	files: Readonly<Record<string, string>>,
	environment: Readonly<Record<string, string>> = {}
) {
	const said = await inspectStep(toolchainStep, {...system, files}, {named: {folder: module}, reader: {environment}});
	return said.evidence.filter(one => one.label === 'rustup override').map(one => [one.value, one.source]);
}

test('none, and a default, are not worth a line', async () => {
	expect(await overrides(old, {})).toEqual([]);
	expect(await overrides(old, {'/home/me/.rustup/settings.toml': 'default_toolchain = "stable"\n'})).toEqual([]);
});

test('up to 6.12 make listens to the file in KDIR, and not to the one of the module', async () => {
	const files = {
		[`${kdir(labRelease)}/rust-toolchain`]: '1.84.0\n',
		[`${module}/rust-toolchain.toml`]: '[toolchain]\nchannel = "nightly"\n'
	};
	expect(await overrides(old, files)).toEqual([
		[`nightly; make for ${labRelease} ignores it, because rustc runs in KDIR`, `${module}/rust-toolchain.toml`],
		[
			`1.84.0; a plain make for ${labRelease} obeys it, builds here name their compiler`,
			`${kdir(labRelease)}/rust-toolchain`
		]
	]);
});

test('from 6.13 on it is the other way round', async () => {
	const files = {[`${kdir(release72)}/rust-toolchain`]: '1.84.0\n', [`${module}/rust-toolchain`]: 'nightly\n'};
	expect(await overrides(new72, files)).toEqual([
		[`nightly; a plain make for ${release72} obeys it, builds here name their compiler`, `${module}/rust-toolchain`],
		[
			`1.84.0; make for ${release72} ignores it, because rustc runs in the module’s folder`,
			`${kdir(release72)}/rust-toolchain`
		]
	]);
});

test('a file further up, and a directory override before it', async () => {
	const files = {
		'/home/me/rust-toolchain': '1.84.0\n',
		'/home/me/.rustup/settings.toml': '[overrides]\n"/home/me/numbers" = "mine"\n'
	};
	expect(await overrides(new72, files)).toEqual([
		[`mine; a plain make for ${release72} obeys it, builds here name their compiler`, module]
	]);
	const {'/home/me/rust-toolchain': file} = files;
	expect((await overrides(new72, {'/home/me/rust-toolchain': file}))[0]?.[1]).toBe('/home/me/rust-toolchain');
});

test('RUSTUP_TOOLCHAIN counts in both folders, and is one line', async () => {
	expect(await overrides(old, {}, {RUSTUP_TOOLCHAIN: 'stable'})).toEqual([
		['stable; builds here name their compiler and do not listen to it', 'RUSTUP_TOOLCHAIN']
	]);
});

test('a path is no release: whoever brings the folder brings the programs', async () => {
	const files = {[`${module}/rust-toolchain.toml`]: '[toolchain]\npath = "../evil"\n'};
	expect((await overrides(new72, files))[0]?.[0]).toMatch(
		/^no release, but the programs below \.\.\/evil: look at them first;/
	);
	const marked = async (content: string): Promise<boolean> =>
		(
			await inspectStep(
				toolchainStep,
				{...new72, files: {[`${module}/rust-toolchain.toml`]: content}},
				{named: {folder: module}}
			)
		).evidence.some(one => one.danger === true);
	expect(await marked('[toolchain]\npath = "../evil"\n')).toBe(true);
	expect(await marked('[toolchain]\nchannel = "nightly"\n')).toBe(false);
});

test('a file that rustup cannot read stops its own rustc', async () => {
	const files = {[`${module}/rust-toolchain`]: '\n'};
	expect(await overrides(new72, files)).toEqual([
		["rust-toolchain is empty. rustup's own rustc stops there.", `${module}/rust-toolchain`]
	]);
});

test('they never decide: the compiler that fits is taken', async () => {
	const said = await inspectStep(
		toolchainStep,
		{...new72, files: {[`${module}/rust-toolchain`]: 'nightly\n'}, programs: ['make', 'x86_64-linux-gnu-gcc-16', 'ld']},
		{named: {folder: module}, reader: {environment: {RUSTUP_TOOLCHAIN: 'stable'}}}
	);
	expect(said).toMatchObject({status: 'done', summary: expect.stringContaining('toolchains/1.85.1-')});
});

test('without rustup nobody listens', async () => {
	const {rustup: _, ...without} = old;
	expect(await overrides(without, {[`${module}/rust-toolchain`]: 'nightly\n'})).toEqual([]);
});
