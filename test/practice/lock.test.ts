import {existsSync, readdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect, test} from 'vitest';
import {takeLock} from '../../src/practice/lock.ts';
import {scratchFolder} from '../support/scratch.ts';

test('one process holds it, and the other hears which', async () => {
	const file = join(scratchFolder(), 'practice/lock');
	const first = await takeLock(file);
	expect(first.ok).toBe(true);
	expect(await takeLock(file)).toEqual({ok: false, holder: process.pid});
	if (first.ok) await first.release();
	expect(existsSync(file)).toBe(false);
	expect(readdirSync(dirname(file))).toEqual([]);
});

test.each([
	['a process that is gone', '4194999 123\n'],
	['a process whose id another has now', `${process.pid} 1\n`],
	['nobody', ''],
	['something else', 'not a lock']
])('a lock of %s is taken over', async (_whose, content) => {
	const file = join(scratchFolder(), 'lock');
	writeFileSync(file, content);
	expect((await takeLock(file)).ok).toBe(true);
});
