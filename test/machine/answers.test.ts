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
import {gzipSync} from 'node:zlib';
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

	test('leaves nothing of a process that was killed while it wrote', async () => {
		const {ask, file} = scene();
		mkdirSync(join(file, '..'), {recursive: true});
		const running = `compilers.json.${process.ppid}`;
		for (const name of ['compilers.json.4000000000', `compilers.json.${process.pid}`, running])
			writeFileSync(join(file, '..', name), '{"sche');
		await ask();
		expect(readdirSync(join(file, '..'))).toEqual(['compilers.json', running]);
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

describe('an answer that other files have a part in', () => {
	function withFiles() {
		const one = scene();
		const folder = scratchFolder();
		const file = join(folder, 'libcore.rmeta');
		writeFileSync(file, 'core');
		const local = createLocalReader({environment: {PATH: '/usr/bin:/bin', HOME: folder}});
		let runs = 0;
		const counting: Reader = {
			...local,
			probe: (...words) => {
				runs += 1;
				return local.probe(...words);
			}
		};
		return {
			...one,
			of: file,
			runs: () => runs,
			ask: async (of: readonly string[]) =>
				withKnownAnswers(counting, join(folder, 'cache/answers.json')).probe([one.program, '--version'], {
					lasting: true,
					of
				})
		};
	}

	test('is known while they are the same, and asked again when one is not', async () => {
		const {ask, of, runs} = withFiles();
		await ask([of]);
		await ask([of]);
		expect(runs()).toBe(1);
		writeFileSync(of, 'another core');
		await ask([of]);
		expect(runs()).toBe(2);
	});

	test('is asked each time where one is missing, or is a script', async () => {
		const {ask, of, runs} = withFiles();
		await ask([`${of}.not`]);
		await ask([`${of}.not`]);
		expect(runs()).toBe(2);
		chmodSync(of, 0o755);
		await ask([of]);
		await ask([of]);
		expect(runs()).toBe(4);
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

/** A file, and a count of how often something was made of it. */
function derivation(content = 'one') {
	const folder = scratchFolder();
	const [path, file] = [join(folder, 'module.ko'), join(folder, 'cache/linux-rust-setup/compilers.json')];
	const put = (text: string, seconds = 1): void => {
		writeFileSync(path, text);
		utimesSync(path, seconds, seconds);
	};
	put(content);
	let made = 0;
	const reader = createLocalReader({environment: {HOME: folder}});
	return {
		path,
		file,
		put,
		made: () => made,
		ask: (question = 'its words') =>
			withKnownAnswers(reader, file).derived(path, question, bytes => {
				made += 1;
				return `${question}: ${Buffer.from(bytes).toString()}`;
			})
	};
}

describe('what was derived from a file', () => {
	const found = (value: string) => ({status: 'found', value});

	test('is made once for each question, by however many processes', async () => {
		const {ask, made} = derivation();
		expect([await ask(), await ask(), await ask('again'), await ask()]).toEqual(
			['its words: one', 'its words: one', 'again: one', 'its words: one'].map(found)
		);
		expect(made()).toBe(2);
	});

	test('is made again of another file', async () => {
		const {ask, put} = derivation();
		await ask();
		put('two', 2);
		expect(await ask()).toEqual(found('its words: two'));
	});

	test('is not kept of a file that was written a moment ago, and may change within one tick of its clock', async () => {
		const {ask, put, made, file} = derivation();
		put('two', Date.now() / 1000);
		await ask();
		await ask();
		expect(made()).toBe(2);
		expect(existsSync(file)).toBe(false);
	});

	test('is nothing where there is no file', async () => {
		const {path} = derivation();
		const reader = withKnownAnswers(createLocalReader(), join(path, '../cache.json'));
		expect(await reader.derived(`${path}.none`, 'its words', String)).toEqual({status: 'absent'});
	});
});

describe("the running kernel's packed configuration", () => {
	/** A reader for which the kernel's file is one of the test's own. */
	function kernelScene() {
		const folder = scratchFolder();
		const [packed, file] = [join(folder, 'config.gz'), join(folder, 'cache/linux-rust-setup/compilers.json')];
		const local = createLocalReader({environment: {HOME: folder}});
		let unpacked = 0;
		const reader: Reader = {
			...local,
			readBytes: (_path, limit) => local.readBytes(packed, limit),
			readText(_path, limit) {
				unpacked += 1;
				return local.readText(packed, limit);
			}
		};
		return {
			put: (text: string) => writeFileSync(packed, gzipSync(text)),
			kept: join(file, '../config'),
			unpacked: () => unpacked,
			ask: async () => (await withKnownAnswers(reader, file).readText('/proc/config.gz')) as {readonly value?: string}
		};
	}

	test('is unpacked once, as long as its bytes are the same', async () => {
		const {put, ask, unpacked, kept} = kernelScene();
		put('CONFIG_RUST=y\n');
		expect([(await ask()).value, (await ask()).value]).toEqual(['CONFIG_RUST=y\n', 'CONFIG_RUST=y\n']);
		expect(unpacked()).toBe(1);
		expect(statSync(kept).mode & 0o777).toBe(0o600);
		put('CONFIG_RUST=n\n');
		expect((await ask()).value).toBe('CONFIG_RUST=n\n');
	});

	test.each(['', '\xff\xff\xff\xff', 'CONFIG_RUST=y'])(
		'is unpacked where what was kept is damaged: %j',
		async content => {
			const {put, ask, kept} = kernelScene();
			put('CONFIG_RUST=n\n');
			await ask();
			writeFileSync(kept, content, 'latin1');
			expect((await ask()).value).toBe('CONFIG_RUST=n\n');
		}
	);
});
