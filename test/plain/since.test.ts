import {describe, expect, test} from 'vitest';
import {stepIds} from '../../src/commands/options.ts';
import type {Since} from '../../src/model/facts.ts';
import {checkDocument} from '../../src/plain/check-document.ts';
import {dayText, sinceLines, sinceText, updateLines} from '../../src/plain/since.ts';
import {inspectScene, scenes} from '../support/scenes.ts';
import {expectToFit, schema} from '../support/schemas.ts';

const since: Since = {
	at: '2026-11-12T10:00:00.000Z',
	changes: [
		{
			fact: 'kernel',
			before: 'linux-rust 7.2.12-arch1-1-rust',
			after: 'linux-rust 7.2.13-arch1-1-rust',
			note: 'running',
			stale: ['build', 'load']
		},
		{
			fact: 'rustc',
			before: 'rustc 1.97.0 (2a1b3c4d5 2026-06-02) (Arch Linux rust 1:1.97.0-1)',
			after: 'rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust 1:1.97.1-1)',
			stale: ['toolchain', 'build']
		},
		{fact: 'module bl\x1b[31minker', before: 'built for 7.2.12', after: undefined, stale: []}
	]
};
const now = new Date('2026-11-15T09:00:00.000Z');

describe('dayText', () => {
	test.each([
		['2026-11-15T08:00:00', '15 Nov, today'],
		['2026-11-14T23:59:00', '14 Nov, yesterday'],
		['2026-11-12T10:00:00', '12 Nov, 3 days ago'],
		['2025-12-31T10:00:00', '31 Dec 2025, 319 days ago'],
		['2027-01-01T10:00:00', '1 Jan 2027']
	])('%s: %s', (at, expected) => {
		expect(dayText(at, new Date('2026-11-15T09:00:00'))).toBe(expected);
	});
});

test('for a person', () => {
	expect(sinceText(since, stepIds, now)).toBe(`Since you were last green (12 Nov, 3 days ago):
   kernel          linux-rust 7.2.12-arch1-1-rust → linux-rust 7.2.13-arch1-1-rust   running
   rustc           1.97.0 (Arch Linux rust 1:1.97.0-1) → 1.97.1 (Arch Linux rust 1:1.97.1-1)
   module blinker  built for 7.2.12 → not there any more
   to mend, in this order: toolchain, build, load
`);
});

test('line by line', () => {
	expect(sinceLines(since, stepIds, now)).toBe(`since: last green: 12 Nov, 3 days ago
since: kernel: linux-rust 7.2.12-arch1-1-rust → linux-rust 7.2.13-arch1-1-rust (running); stale: build, load
since: rustc: 1.97.0 (Arch Linux rust 1:1.97.0-1) → 1.97.1 (Arch Linux rust 1:1.97.1-1); stale: toolchain, build
since: module blinker: built for 7.2.12 → not there any more
since: to mend, in this order: toolchain, build, load
`);
});

test('compilers that differ in their commit alone are written out', () => {
	const change = {
		fact: 'rustc',
		before: 'rustc 1.97.0-nightly (e50aa6fba 2026-05-19)',
		after: 'rustc 1.97.0-nightly (17f2c1aa9 2026-05-20)',
		stale: []
	};
	expect(sinceLines({...since, changes: [change]}, stepIds, now)).toContain(
		'(e50aa6fba 2026-05-19) → rustc 1.97.0-nightly (17f2c1aa9'
	);
});

test('as JSON', async () => {
	const document = await checkDocument(await inspectScene(scenes['Arch, all done']), [], since);
	expectToFit(schema('check'), document);
	expect(document).toMatchObject({
		since: {at: since.at, changes: [{fact: 'kernel'}, {}, {fact: 'module blinker', after: null}]}
	});
});

describe('in the output of a package manager', () => {
	test('two lines', async () => {
		const judged = await inspectScene(scenes['Arch, module built for another release']);
		expect(updateLines({...since, changes: since.changes.slice(0, 1)}, judged)).toEqual([
			'linux-rust-setup: kernel linux-rust 7.2.12-arch1-1-rust -> linux-rust 7.2.13-arch1-1-rust.',
			'linux-rust-setup: run: linux-rust-setup check --mend (numbers.ko was built for 6.12.117-arch1-1-rust)'
		]);
	});

	test('with a reboot first', async () => {
		const judged = await inspectScene(scenes['Arch after an upgrade, not rebooted']);
		expect(updateLines(since, judged)[1]).toMatch(/^linux-rust-setup: reboot, then run: linux-rust-setup check --mend/);
	});

	test('nothing where nothing is stale', async () => {
		const judged = await inspectScene(scenes['Arch, all done']);
		expect(updateLines({...since, changes: since.changes.slice(2)}, judged)).toEqual([]);
	});
});
