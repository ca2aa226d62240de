import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {createProgressReader, type InstallProgress} from '../../src/toolchain/progress.ts';

const fixture = (path: string): string => readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8');
const transcript = (name: string): string => fixture(`transcripts/rustup/${name}.txt`);

/** Reads a text in pieces of some length; gives what was passed on and every progress, in order. */
function read(text: string, pieces = 7): {readonly rest: string; readonly said: readonly InstallProgress[]} {
	const reader = createProgressReader();
	const said: InstallProgress[] = [];
	let rest = '';
	for (let at = 0; at < text.length; at += pieces) {
		const {rest: more, progress} = reader.push(text.slice(at, at + pieces));
		rest += more;
		if (progress !== undefined) said.push(progress);
	}
	return {rest: rest + reader.end(), said};
}

/** Lines as rustup 1.29 draws them. */
const cell = (name: string, words: string): string => `${name.padStart(13)} ${words}`;
const loading = (name: string, cells: number, size: string): string =>
	cell(name, `downloading [${'#'.repeat(cells).padEnd(15)}] ${size.padStart(11)} (3.27 MiB/s, ETA: 1s)`);
const announced = 'info: downloading 2 components\n';
const drawn = (...lines: readonly string[]): string => `${lines.join('\n')}          \r`;

test('1.29: what is downloaded of how much, once every size is known', () => {
	const {said} = read(
		announced +
			drawn(loading('cargo', 15, '10.00 MiB')) +
			drawn(cell('cargo', 'pending installation              10.00 MiB'), loading('rustc', 0, '0 B')) +
			drawn(cell('cargo', 'pending installation              10.00 MiB'), loading('rustc', 3, '60.00 MiB'))
	);
	expect(said).toEqual([
		{text: 'downloading cargo'},
		{text: 'downloading rustc'},
		{text: 'downloading rustc · about 22 of 70 MiB', done: 22 * 2 ** 20, total: 70 * 2 ** 20}
	]);
});

test('1.29: then unpacking and installing', () => {
	const waiting = cell('rustc', 'pending installation              60.00 MiB');
	const unpacking = cell('rustc', `unpacking   [${'#'.repeat(5).padEnd(15)}]   60.00 MiB (8.00 MiB/s, ETA: 4s)`);
	const {said} = read(
		announced +
			drawn(cell('cargo', 'installing |                        10.00 MiB'), waiting) +
			drawn(cell('cargo', 'installed                           10.00 MiB'), unpacking) +
			drawn(cell('cargo', 'installed                           10.00 MiB'), cell('rustc', 'installing /    60.00 MiB'))
	);
	expect(said).toEqual([
		{text: 'installing cargo'},
		{text: 'installing cargo', done: 0, total: 2},
		{text: 'unpacking rustc · about 30 of 70 MiB', done: 30 * 2 ** 20, total: 70 * 2 ** 20},
		{text: 'installing rustc', done: 1, total: 2}
	]);
});

test('1.29: a size that grows is what has come so far, and no end is made up', () => {
	const {said} = read(
		announced +
			drawn(loading('cargo', 0, '1.00 MiB'), loading('rustc', 0, '1.00 MiB')) +
			drawn(loading('cargo', 0, '2.00 MiB'), loading('rustc', 0, '3.00 MiB'))
	);
	expect(said.at(-1)).toEqual({text: 'downloading cargo and rustc'});
});

test('1.29: a download that is tried again is said to be', () => {
	const {said} = read(
		announced + drawn(loading('rustc', 9, '60.00 MiB')) + drawn(cell('rustc', 'retrying download...'))
	);
	expect(said.map(one => one.text)).toEqual(['downloading rustc', 'downloading again: rustc']);
});

test('1.29: a whole installation goes forward, and only its words are passed on', () => {
	const {rest, said} = read(fixture('rustup/install-1.29.0.txt'), 64);
	const downloaded = said.flatMap(({text, done, total}) => (/^downloading/.test(text) && total ? [done ?? 0] : []));
	expect(downloaded.length).toBeGreaterThan(5);
	expect(downloaded).toEqual([...downloaded].sort((a, b) => a - b));
	expect(said[0]).toEqual({text: 'downloading cargo'});
	expect(said.at(-1)).toEqual({text: 'installing rustc', done: 2, total: 3});
	expect(rest.split('\n').filter(line => !/^info: /.test(line))).toEqual([
		'  1.85.1-x86_64-unknown-linux-gnu installed - rustc 1.85.1 (4eb161250 2025-03-15)',
		''
	]);
});

test('1.27 names each component once', () => {
	const text = fixture('rustup/install-1.27.1.txt');
	const {rest, said} = read(text);
	expect(said).toEqual([
		{text: 'downloading cargo'},
		{text: 'downloading rust-std'},
		{text: 'downloading rustc'},
		{text: 'installing cargo', done: 0, total: 3},
		{text: 'installing rust-std', done: 1, total: 3},
		{text: 'installing rustc', done: 2, total: 3}
	]);
	expect(rest).toBe(text.replace(/^\n/gm, ''));
});

test.each([
	'rustup-install-short',
	'rustup-install-enospc-unpack',
	'rustup-install-two-b',
	'rustup-install-manifest-checksum'
])('errors are passed on whole: %s', name => {
	const text = transcript(name);
	const errors = text.split(/[\r\n]/).filter(line => /^(?:error|warn):/.test(line));
	expect(errors.length).toBeGreaterThan(0);
	const {rest} = read(text, 50);
	for (const line of errors) expect(rest).toContain(line);
});

test('what is no progress is passed on, also without an end of its line', () => {
	expect(read('rustc downloading\nerror: no\nand more').rest).toBe('rustc downloading\nerror: no\nand more');
});
