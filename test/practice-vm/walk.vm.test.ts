import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {borrowRoot, emptyFolder, kept, numbers, ofPractice, run, start} from './practice.ts';

const at = borrowRoot();

describe('the walk', () => {
	test('ends with the module’s words on stdout, from an untouched kernel, in seconds, and leaves nothing of the guest', async () => {
		const cwd = emptyFolder();
		const {code, stdout, seconds} = await run(['practice', '--yes', '--template', 'numbers', '--name', 'mine'], {
			at,
			cwd
		});
		expect(stdout).toMatch(numbers);
		expect(stdout).toMatch(/load: done: mine was loaded, said 3 lines, and was unloaded/);
		expect(code).toBe(0);
		expect(existsSync(join(cwd, 'mine/mine.rs'))).toBe(true);
		expect(readdirSync(join(at.folder, 'guest'))).toEqual([]);
		process.stderr.write(`warm start to the end: ${seconds.toFixed(1)} s\n`);
	});

	test('needs no network once the root is there; a second one waits its turn, and is told by whom', async () => {
		const first = start(['practice', '--yes', '--name', 'alone'], {at, before: ['unshare', '-n']});
		await first.says(/starting the guest/);
		const second = await run(['practice', '--yes'], {at});
		expect(second.code).toBe(1);
		expect(second.stderr).toContain(`in use already, by process ${first.child.pid}`);
		const {code, stdout} = await first.ended;
		expect(stdout).toMatch(numbers);
		expect(code).toBe(0);
	});
});

describe('load --on practice', () => {
	test('tries a module without touching what is built for this machine, in a guest that was started and lives on', async () => {
		const cwd = emptyFolder();
		expect((await run(['practice', 'start'], {at, cwd})).code).toBe(0);
		expect(ofPractice(at.folder)).toHaveLength(1);
		await run(['practice', '--yes', '--name', 'tried'], {at, cwd});
		const file = join(cwd, 'tried/tried.ko');
		writeFileSync(file, 'built for another kernel');
		const {code, stdout} = await run(['load', '--on', 'practice', 'tried'], {at, cwd});
		expect(stdout).toMatch(numbers);
		expect(code).toBe(0);
		expect(readFileSync(file, 'utf8')).toBe('built for another kernel');
		const shell = await run(['practice', 'shell'], {at, input: 'uname -r\nexit\n'});
		expect(shell.stdout).toMatch(/\d+\.\d+\.\d+\S*-amd64/);
		expect(ofPractice(at.folder)).toHaveLength(1);
		expect((await run(['practice', 'stop'], {at})).code).toBe(0);
	});
});

test('the cache of these tests is not the user’s', () => {
	expect(kept.cache).not.toBe(join(process.env['HOME'] ?? '', '.cache'));
});
