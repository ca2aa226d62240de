import {describe, expect, it} from 'vitest';
import {
	overrideInForce,
	parseSettings,
	parseToolchainFile,
	parseToolchainFolder,
	rustcFromChannelManifest
} from '../../src/toolchain/rustup.ts';
import {damagedTexts} from '../kernel/mutations.ts';

describe('parseToolchainFolder', () => {
	it.each([
		['1.97.1-x86_64-unknown-linux-gnu', {channel: '1.97.1', triple: 'x86_64-unknown-linux-gnu'}],
		['1.100.0-x86_64-unknown-linux-musl', {channel: '1.100.0', triple: 'x86_64-unknown-linux-musl'}],
		['stable-aarch64-unknown-linux-gnu', {channel: 'stable', triple: 'aarch64-unknown-linux-gnu'}],
		[
			'nightly-2026-04-15-x86_64-unknown-linux-gnu',
			{channel: 'nightly', date: '2026-04-15', triple: 'x86_64-unknown-linux-gnu'}
		],
		['1.98.0-beta.2-x86_64-unknown-linux-gnu', {channel: '1.98.0-beta.2', triple: 'x86_64-unknown-linux-gnu'}],
		['beta', {channel: 'beta'}],
		['1.97', {channel: '1.97'}]
	])('%s', (name, expected) => {
		expect(parseToolchainFolder(name)).toEqual(expected);
	});

	it.each(['system', 'arch-rust', 'stable2', '', 'my-1.97.1-x86_64-unknown-linux-gnu', '1.97.1-', '../stable'])(
		'%j is a linked toolchain’s own name',
		name => {
			expect(parseToolchainFolder(name)).toBeUndefined();
		}
	);
});

/** The order and form of a real manifest, in which about 31,000 lines stand before this table. */
const manifest = [
	'manifest-version = "2"',
	'date = "2026-04-16"',
	'',
	'[pkg.cargo]',
	'version = "0.96.0 (f2d3ce0bd 2026-03-21)"',
	'',
	'[pkg.rustc]',
	'version = "1.95.0 (59807616e 2026-04-14)"',
	'',
	'[pkg.rustc.target.aarch64-apple-darwin]',
	'available = true',
	'[pkg.rustc-dev]',
	'version = "1.95.0 (000000000 2026-04-14)"',
	''
].join('\n');

describe('rustcFromChannelManifest', () => {
	it('is what the rustc prints', () => {
		expect(rustcFromChannelManifest(manifest)).toBe('rustc 1.95.0 (59807616e 2026-04-14)');
		expect(rustcFromChannelManifest(manifest.replaceAll('\n', '\r\n'))).toBe('rustc 1.95.0 (59807616e 2026-04-14)');
	});

	it.each([
		['an empty file', ''],
		['no such table', manifest.replace('[pkg.rustc]', '[pkg.rust]')],
		['a table without a version', manifest.replace('version = "1.95.0 (59807616e 2026-04-14)"\n', '')]
	])('is undefined for %s', (_, toml) => {
		expect(rustcFromChannelManifest(toml)).toBeUndefined();
	});

	it('takes any text, and a large one quickly', () => {
		for (const text of damagedTexts(manifest, 3000))
			expect(rustcFromChannelManifest(text) ?? 'rustc ').toMatch(/^rustc /);
		const filler =
			'[pkg.cargo.target.aarch64-apple-darwin]\navailable = true\nurl = "https://static.rust-lang.org/x.tar.gz"\n';
		const start = performance.now();
		expect(rustcFromChannelManifest(filler.repeat(10_000) + manifest)).toBe('rustc 1.95.0 (59807616e 2026-04-14)');
		rustcFromChannelManifest('[pkg.rustc]\n'.repeat(100_000));
		rustcFromChannelManifest(`[pkg.rustc]\n${'version = "'.repeat(100_000)}`);
		expect(performance.now() - start).toBeLessThan(1000);
	});
});

const settingsToml = `version = "12"
default_toolchain = "stable-x86_64-unknown-linux-gnu"
profile = "default"

[overrides]
"/home/me/my kernel" = "1.97.1-x86_64-unknown-linux-gnu"
'/srv/rust' = "system"
`;

describe('parseSettings', () => {
	it('gives the default and the overrides', () => {
		const settings = parseSettings(settingsToml);
		expect(settings?.defaultToolchain).toBe('stable-x86_64-unknown-linux-gnu');
		expect([...(settings?.overrides ?? [])]).toEqual([
			['/home/me/my kernel', '1.97.1-x86_64-unknown-linux-gnu'],
			['/srv/rust', 'system']
		]);
	});

	it('of a fresh rustup has no default', () => {
		expect(parseSettings('version = "12"\nprofile = "default"\n\n[overrides]\n')).toEqual({overrides: new Map()});
	});

	it('is undefined for what is no TOML, and takes any text', () => {
		expect(parseSettings('default_toolchain = "stable')).toBeUndefined();
		for (const text of damagedTexts(settingsToml, 3000)) parseSettings(text);
	});
});

describe('parseToolchainFile', () => {
	it.each([
		['rust-toolchain', '1.62.0\n', {kind: 'channel', channel: '1.62.0'}],
		['rust-toolchain', '  nightly-2026-04-15\r\n', {kind: 'channel', channel: 'nightly-2026-04-15'}],
		['rust-toolchain', '/opt/rust\n', {kind: 'path', path: '/opt/rust'}],
		['rust-toolchain', '[toolchain]\nchannel = "1.97.1"\n', {kind: 'channel', channel: '1.97.1'}],
		[
			'rust-toolchain.toml',
			'[toolchain]\nchannel = "1.97.1" # the kernel’s\ncomponents = [\n  "rust-src",\n]\n',
			{kind: 'channel', channel: '1.97.1'}
		],
		['rust-toolchain.toml', 'toolchain.channel = "beta"', {kind: 'channel', channel: 'beta'}],
		['rust-toolchain.toml', '[toolchain]\npath = "/opt/rust"\n', {kind: 'path', path: '/opt/rust'}],
		['rust-toolchain.toml', '[toolchain]\ncomponents = ["rust-src"]\n', {kind: 'none'}]
	])('%s with %j', (name, text, expected) => {
		expect(parseToolchainFile(text, name)).toEqual(expected);
	});

	it.each([
		['rust-toolchain', '\n', /empty/],
		['rust-toolchain.toml', '1.97.1', /not valid TOML/],
		['rust-toolchain', '1.97.1\n1.98.1\n', /not valid TOML/],
		['rust-toolchain', 'nightly\n\n', /not valid TOML/],
		['rust-toolchain', 'toolchain.channel = "beta"\n', /not the name of a toolchain/],
		['rust-toolchain.toml', '[package]\nchannel = "1.97.1"', /no \[toolchain\] table/],
		['rust-toolchain.toml', '[toolchain]\nchannel = "1.97.1"\npath = "/opt/rust"\n', /both a channel and a path/]
	])('%s with %j is invalid', (name, text, why) => {
		expect(parseToolchainFile(text, name)).toEqual({kind: 'invalid', why: expect.stringMatching(why)});
	});

	it('takes any text', () => {
		for (const text of damagedTexts('[toolchain]\nchannel = "1.97.1"\ncomponents = ["rust-src"]\n', 3000))
			expect(['channel', 'path', 'none', 'invalid']).toContain(parseToolchainFile(text, 'rust-toolchain').kind);
	});
});

describe('overrideInForce', () => {
	const settings = parseSettings(settingsToml) ?? {overrides: new Map()};
	const folder = '/home/me/my kernel/drivers/hello';
	const file = (toolchain: string): string => `[toolchain]\nchannel = "${toolchain}"\n`;

	it('is RUSTUP_TOOLCHAIN before anything else', () => {
		const files = new Map([[`${folder}/rust-toolchain.toml`, file('beta')]]);
		expect(overrideInForce({folder, environment: 'nightly', settings, files})).toEqual({
			kind: 'toolchain',
			toolchain: 'nightly',
			source: 'environment'
		});
		expect(overrideInForce({folder, environment: '', settings, files})).toMatchObject({toolchain: 'beta'});
	});

	it('is the nearest of overrides and files', () => {
		expect(overrideInForce({folder, settings})).toEqual({
			kind: 'toolchain',
			toolchain: '1.97.1-x86_64-unknown-linux-gnu',
			source: 'directory',
			where: '/home/me/my kernel'
		});
		const below = '/home/me/my kernel/drivers/rust-toolchain.toml';
		expect(overrideInForce({folder, settings, files: new Map([[below, file('beta')]])})).toEqual({
			kind: 'toolchain',
			toolchain: 'beta',
			source: 'file',
			where: below
		});
		const above = new Map([['/home/me/rust-toolchain.toml', file('beta')]]);
		expect(overrideInForce({folder, settings, files: above})).toMatchObject({source: 'directory'});
	});

	it('in one folder is the override, then rust-toolchain, then rust-toolchain.toml', () => {
		const both = (where: string): ReadonlyMap<string, string> =>
			new Map([
				[`${where}/rust-toolchain.toml`, file('beta')],
				[`${where}/rust-toolchain`, '1.62.0\n']
			]);
		expect(overrideInForce({folder: '/home/me/my kernel', settings, files: both('/home/me/my kernel')})).toMatchObject({
			source: 'directory'
		});
		expect(overrideInForce({folder: '/home/me', settings, files: both('/home/me')})).toMatchObject({
			toolchain: '1.62.0',
			where: '/home/me/rust-toolchain'
		});
	});

	it('is the default where nothing nearer speaks, and nothing where there is no default', () => {
		const byDefault = {kind: 'toolchain', toolchain: 'stable-x86_64-unknown-linux-gnu', source: 'default'};
		expect(overrideInForce({folder: '/tmp', settings})).toEqual(byDefault);
		const files = new Map([['/tmp/rust-toolchain.toml', '[toolchain]\ncomponents = ["rust-src"]\n']]);
		expect(overrideInForce({folder: '/tmp', settings, files})).toEqual(byDefault);
		expect(overrideInForce({folder: '/tmp'})).toBeUndefined();
	});

	it('reads a file in the root folder, a path, and a trailing slash', () => {
		const files = new Map([['/rust-toolchain.toml', '[toolchain]\npath = "/opt/rust"\n']]);
		expect(overrideInForce({folder: '/a/b/', files})).toEqual({
			kind: 'toolchain',
			toolchain: '/opt/rust',
			source: 'file',
			where: '/rust-toolchain.toml'
		});
		expect(overrideInForce({folder: '/', files})).toMatchObject({toolchain: '/opt/rust'});
	});

	it('says which file cannot be read', () => {
		const where = `${folder}/rust-toolchain.toml`;
		expect(overrideInForce({folder, settings, files: new Map([[where, '1.97.1']])})).toEqual({
			kind: 'invalid',
			why: 'rust-toolchain.toml is not valid TOML.',
			where
		});
	});
});
