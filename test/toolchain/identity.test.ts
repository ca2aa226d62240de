import {describe, expect, it} from 'vitest';
import {option} from '../../src/kernel/config.ts';
import {compareIdentity, parseIdentity, type RustcIdentity} from '../../src/toolchain/identity.ts';
import {fixtureConfig} from '../kernel/fixtures.ts';
import {damagedTexts} from '../kernel/mutations.ts';

const identity = (text: string): RustcIdentity => {
	const parsed = parseIdentity(text);
	if (!parsed) throw new Error(`${text} is no version text`);
	return parsed;
};

const arch = 'rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust 1:1.97.1-1)';

describe('parseIdentity', () => {
	it('takes a distribution’s apart', () => {
		expect(parseIdentity(arch)).toEqual({
			text: arch,
			version: [1, 97, 1],
			versionText: '1.97.1',
			commit: '8bab26f4f',
			date: '2026-07-14',
			vendor: 'Arch Linux rust 1:1.97.1-1',
			channel: 'stable'
		});
	});

	it.each([
		['rustc 1.95.0 (59807616e 2026-04-14)', {commit: '59807616e', channel: 'stable'}],
		[
			'rustc 1.97.0-nightly (e50aa6fba 2026-05-19)',
			{versionText: '1.97.0-nightly', version: [1, 97, 0], channel: 'nightly'}
		],
		['rustc 1.98.0-beta.3 (0123456789 2026-07-01)', {channel: 'beta'}],
		['rustc 1.98.0-dev', {channel: 'other'}],
		['rustc 1.63.0', {versionText: '1.63.0', channel: 'stable'}],
		['rustc 1.100.0 (0123456789 2026-11-12)', {version: [1, 100, 0]}],
		['rustc 1.93.1 (01f6ddf75 2026-02-11) (Fedora 1.93.1-1.fc43)', {vendor: 'Fedora 1.93.1-1.fc43'}],
		['rustc 1.75.0 (built from a source tarball)', {vendor: 'built from a source tarball'}]
	])('%s', (text, expected) => {
		expect(parseIdentity(text)).toMatchObject({text, ...expected});
	});

	it('has no commit, date or vendor where none is given', () => {
		expect(Object.keys(identity('rustc 1.63.0')).sort()).toEqual(['channel', 'text', 'version', 'versionText']);
	});

	it('is the same from all places', () => {
		expect(parseIdentity(`${arch}\n`)).toEqual(identity(arch));
		expect(parseIdentity(`${arch}\r\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\n`)).toEqual(identity(arch));
		expect(parseIdentity(`"${arch}"`)).toEqual(identity(arch));
	});

	it('reads CONFIG_RUSTC_VERSION_TEXT of a real kernel', () => {
		const text = option(fixtureConfig('kernels/debian-7.2.13-cloud.config.gz'), 'CONFIG_RUSTC_VERSION_TEXT') ?? '';
		expect(parseIdentity(text)).toMatchObject({version: [1, 97, 1], vendor: 'built from a source tarball'});
	});

	it.each([
		'',
		'rustc',
		'rustc 1.97',
		'cargo 1.97.1',
		"error: toolchain '1.62.0' is not installed",
		'rustc 1.97.1 (8bab26f4f)(x',
		' rustc: 1.2.3'
	])('%j is none', text => {
		expect(parseIdentity(text)).toBeUndefined();
	});

	it('takes any text, quickly', () => {
		const start = performance.now();
		for (const text of damagedTexts(arch, 5000)) {
			const parsed = parseIdentity(text);
			if (parsed) expect(parseIdentity(parsed.text), text).toEqual(parsed);
		}
		parseIdentity(`rustc 1.97.1 ${'('.repeat(500_000)}`);
		parseIdentity(' '.repeat(500_000));
		expect(performance.now() - start).toBeLessThan(5000);
	});
});

describe('compareIdentity', () => {
	it('is the same only for equal texts', () => {
		expect(compareIdentity(identity(arch), identity(`${arch}\n`))).toEqual({same: true});
	});

	it.each([
		[
			'number',
			'rustc 1.98.1 (48a229cea 2026-09-01) (Arch Linux rust 1:1.98.1-1)',
			/1\.97\.1, and this is rustc 1\.98\.1/
		],
		['number', 'rustc 1.97.1-nightly (8bab26f4f 2026-07-14) (Arch Linux rust 1:1.97.1-1)', /1\.97\.1-nightly/],
		[
			'commit',
			'rustc 1.97.1 (000000000 2026-07-14) (Arch Linux rust 1:1.97.1-1)',
			/commit 8bab26f4f and this one from 000000000/
		],
		['commit', 'rustc 1.97.1', /from \(none given\)/],
		['date', 'rustc 1.97.1 (8bab26f4f 2026-07-15) (Arch Linux rust 1:1.97.1-1)', /2026-07-14 and this one 2026-07-15/],
		['vendor', 'rustc 1.97.1 (8bab26f4f 2026-07-14)', /the mark \(Arch Linux rust 1:1\.97\.1-1\) and this one no mark/],
		['vendor', 'rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust 1:1.97.1-2)', /1:1\.97\.1-2\)/]
	] as const)('%s: %s', (difference, offered, explanation) => {
		const comparison = compareIdentity(identity(arch), identity(offered));
		expect(comparison).toEqual({same: false, difference, explanation: expect.stringMatching(explanation)});
		if (!comparison.same) expect(comparison.explanation).toMatch(/^[A-Z][^\n]*\.$/);
	});
});
