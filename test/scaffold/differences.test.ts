import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {differences} from '../../src/scaffold/differences.ts';
import {foundProgram} from './found-program.ts';
import {randomNumbers} from './random.ts';

const numbered = (count: number): readonly string[] => Array.from({length: count}, (_, index) => `line ${index + 1}`);
const diffOf = (before: string, after: string): string => {
	const [difference] = differences(new Map([['f', before]]), [{path: 'f', content: after}]);
	if (difference?.status !== 'differs') throw new Error(`status ${difference?.status}`);
	return difference.diff;
};

describe('differences', () => {
	it('tells new, same and different files apart, in the order they are wanted', () => {
		const existing = new Map([
			['Kbuild', 'obj-m := a.o\n'],
			['a.rs', 'one\n'],
			['notes.txt', 'of no interest\n']
		]);
		const wanted = [
			{path: 'a.rs', content: 'two\n'},
			{path: 'Makefile', content: 'all:\n'},
			{path: 'Kbuild', content: 'obj-m := a.o\n'}
		];
		expect(differences(existing, wanted)).toEqual([
			{path: 'a.rs', status: 'differs', diff: '--- a.rs\n+++ a.rs\n@@ -1,1 +1,1 @@\n-one\n+two\n'},
			{path: 'Makefile', status: 'new'},
			{path: 'Kbuild', status: 'same'}
		]);
	});

	it('shows three lines around each change, in hunks of their own', () => {
		const before = numbered(30);
		const after = before.toSpliced(4, 1, 'changed').toSpliced(24, 0, 'added');
		expect(diffOf(`${before.join('\n')}\n`, `${after.join('\n')}\n`)).toBe(
			[
				'--- f',
				'+++ f',
				'@@ -2,7 +2,7 @@',
				' line 2',
				' line 3',
				' line 4',
				'-line 5',
				'+changed',
				' line 6',
				' line 7',
				' line 8',
				'@@ -22,6 +22,7 @@',
				' line 22',
				' line 23',
				' line 24',
				'+added',
				' line 25',
				' line 26',
				' line 27',
				''
			].join('\n')
		);
	});

	it('says where a last line has no newline, and where a file is empty', () => {
		expect(diffOf('a\n', 'a')).toBe('--- f\n+++ f\n@@ -1,1 +1,1 @@\n-a\n+a\n\\ No newline at end of file\n');
		expect(diffOf('', 'a\n')).toBe('--- f\n+++ f\n@@ -0,0 +1,1 @@\n+a\n');
		expect(diffOf('a\n', '')).toBe('--- f\n+++ f\n@@ -1,1 +0,0 @@\n-a\n');
	});

	it('shows very long changes as replaced whole, in bounded time', () => {
		const before = numbered(20_000).map(line => `old ${line}\n`);
		const after = numbered(20_000).map(line => `new ${line}\n`);
		const started = performance.now();
		const diff = diffOf(`same\n${before.join('')}`, `same\n${after.join('')}`);
		expect(performance.now() - started).toBeLessThan(2000);
		expect(diff.split('\n').filter(line => line.startsWith('-old'))).toHaveLength(20_000);
		expect(diff.split('\n').filter(line => line.startsWith('+new'))).toHaveLength(20_000);
	});
});

const patch = foundProgram('patch');

describe.runIf(patch !== undefined)('a diff, given to patch', () => {
	let folder = '';
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'differences-'));
	});
	afterAll(() => rmSync(folder, {recursive: true}));

	it('makes the wanted file of the one that is there', () => {
		const random = randomNumbers(3);
		const text = (): string =>
			Array.from({length: random(25)}, () => `${'abc'.charAt(random(3))}\n`).join('') + (random(3) ? '' : 'end');
		let compared = 0;
		for (let round = 0; round < 60; round++) {
			const [before, after] = [text(), text()];
			// patch removes a file that becomes empty
			if (before === after || after === '') continue;
			const file = join(folder, 'f');
			writeFileSync(file, before);
			execFileSync(patch ?? '', ['--quiet', file], {input: diffOf(before, after)});
			expect(readFileSync(file, 'utf8')).toBe(after);
			compared++;
		}
		expect(compared).toBeGreaterThan(30);
	});
});
