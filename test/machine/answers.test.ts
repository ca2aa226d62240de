import {
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	utimesSync,
	writeFileSync
} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {withKnownAnswers} from '../../src/machine/answers.ts';
import {createLocalReader} from '../../src/machine/reader.ts';
import type {Reader} from '../../src/model/machine.ts';
import {programThatSays} from '../support/program-that-says.ts';
import {scratchFolder} from '../support/scratch.ts';

/** A program, a file of known answers, and a count of what was really run. */
function scene(content: string | Uint8Array = programThatSays('rustc 1.85.1\n')) {
	const folder = scratchFolder();
	const [program, file] = [join(folder, 'rustc'), join(folder, 'cache/linux-rust-setup/compilers.json')];
	const put = (text: string | Uint8Array): void => {
		writeFileSync(program, text);
		chmodSync(program, 0o755);
	};
	put(content);
	let runs = 0;
	const local = createLocalReader({environment: {PATH: '/usr/bin:/bin', HOME: folder}});
	const counting: Reader = {
		...local,
		probe: (...words) => {
			runs += 1;
			return local.probe(...words);
		}
	};
	return {
		program,
		file,
		put,
		runs: () => runs,
		/** What a process that starts now is told. */
		async ask(lasting = true): Promise<string> {
			const answer = await withKnownAnswers(counting, file).probe([program, '--version'], {lasting});
			return answer.status === 'found' ? answer.value.stdout : answer.status;
		}
	};
}

describe('a program asked twice', () => {
	test('is run once, by however many processes', async () => {
		const {ask, runs, file} = scene();
		expect([await ask(), await ask(), await ask()]).toEqual(Array(3).fill('rustc 1.85.1\n'));
		expect(runs()).toBe(1);
		expect(statSync(file).mode & 0o777).toBe(0o600);
		expect(readdirSync(join(file, '..'))).toEqual(['compilers.json']);
	});

	test('is run again when its file is another one', async () => {
		const {ask, runs, put, program} = scene();
		await ask();
		put(programThatSays('rustc 1.97.1\n'));
		expect(await ask()).toBe('rustc 1.97.1\n');
		utimesSync(program, 1, 1);
		await ask();
		expect(runs()).toBe(3);
	});

	test('is run again where its answer depends on more than its file', async () => {
		const {ask, runs} = scene();
		await ask(false);
		await ask(false);
		expect(runs()).toBe(2);
	});

	test.each([
		['a script', '#!/bin/sh\necho rustc 1.85.1\n'],
		['a program that fails', '\x7fELF not a program']
	])('is run again: %s', async (_what, content) => {
		const {ask, runs, file} = scene(Buffer.from(content, 'latin1'));
		await ask();
		await ask();
		expect(runs()).toBe(2);
		expect(existsSync(file)).toBe(false);
	});
});

test.each([
	'',
	'{',
	'null',
	'[]',
	'{"schema": 2, "answers": []}',
	'{"schema": 1, "answers": [null, 7, {"key": 1}]}',
	'\0\xff'
])('a damaged file of answers counts as empty and is replaced: %j', async content => {
	const {ask, file, runs} = scene();
	mkdirSync(join(file, '..'), {recursive: true});
	writeFileSync(file, content);
	expect([await ask(), await ask()]).toEqual(['rustc 1.85.1\n', 'rustc 1.85.1\n']);
	expect(runs()).toBe(1);
	expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({schema: 1, answers: [{stdout: 'rustc 1.85.1\n'}]});
});

test('a folder that cannot be written is no error', async () => {
	const {ask, file, runs} = scene();
	mkdirSync(join(file, '../..'), {recursive: true});
	writeFileSync(join(file, '..'), '');
	expect([await ask(), await ask()]).toEqual(['rustc 1.85.1\n', 'rustc 1.85.1\n']);
	expect(runs()).toBe(2);
});
