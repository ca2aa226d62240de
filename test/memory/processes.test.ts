import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it, onTestFinished} from 'vitest';
import {memoryFile, recall} from '../../src/memory/read.ts';
import {remember} from '../../src/memory/write.ts';
import {scratchFolder} from '../support/scratch.ts';

/** Each costs a start of node: KILLS=200 kills more often than every run of the tests should. */
const wanted = Number(process.env['KILLS'] ?? 24);

const program = join(import.meta.dirname, 'remember-often.ts');

type Remembering = {
	readonly child: ChildProcess;
	readonly closed: Promise<unknown>;
	output(): string;
	errors(): string;
};

/** A process that remembers `times` loads in the folder, and says each when it is remembered. */
function start(folder: string, name: string, times: number): Remembering {
	const child = spawn(process.execPath, [program, folder, name, String(times)], {
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1'}
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	let [output, errors] = ['', ''];
	child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
	child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
	return {child, closed: once(child, 'close'), output: () => output, errors: () => errors};
}

/** What the loads that are remembered are known by, the latest first. */
const hashes = async (folder: string): Promise<readonly string[]> => {
	const recalled = await recall(folder);
	expect(recalled.status).toBe('ok');
	return recalled.memory.loads.map(one => one.hash);
};

describe('processes at once', () => {
	it('lose nothing: four with a hundred each', async () => {
		// a hundred loads are kept in all: the last of them, in the order in which each process made its own
		const folder = scratchFolder();
		const all = ['a', 'b', 'c', 'd'].map(name => start(folder, name, 100));
		await Promise.all(all.map(one => one.closed));
		for (const one of all) expect(one.errors()).toBe('');
		const kept = await hashes(folder);
		expect(kept).toHaveLength(100);
		for (const name of ['a', 'b', 'c', 'd']) {
			const own = kept.filter(hash => hash.startsWith(`${name}-`)).map(hash => Number(hash.slice(2)));
			// the latest first, none missing between
			expect(own).toEqual(own.map((_, index) => 99 - index));
		}
		expect(readdirSync(folder)).toEqual(['memory.json']);
	}, 60_000);

	it('are waited for, and named when they do not let go', async () => {
		const folder = scratchFolder();
		const {withLock} = await import('../../src/memory/lock.ts');
		const holder = start(folder, 'a', 1_000_000);
		while (holder.output() === '') await sleep(5);
		// stopped while it holds the lock
		const lock = join(folder, 'memory.lock');
		for (;;) {
			holder.child.kill('SIGSTOP');
			await sleep(5);
			if (readdirSync(folder).includes('memory.lock')) break;
			holder.child.kill('SIGCONT');
			await sleep(Math.random() * 5);
		}
		expect(await withLock(lock, async () => 'never', 100)).toEqual({ok: false, pid: holder.child.pid});
		holder.child.kill('SIGKILL');
		await holder.closed;
		expect(await withLock(lock, async () => 'mine', 100)).toEqual({ok: true, value: 'mine'});
	}, 30_000);

	it(
		'killed with -9 at any moment leave a memory that parses and has all that was said to be remembered',
		async () => {
			const folder = scratchFolder();
			let kills = 0;
			let held = 0;
			for (let round = 0; kills < wanted; round += 1) {
				const all = Array.from({length: 4}, (_, index) => start(folder, `${round}x${index}`, 1_000_000));
				while (all.some(one => one.output() === '')) await sleep(2);
				for (const one of all) {
					await sleep(Math.random() * 6);
					one.child.kill('SIGKILL');
					kills += 1;
				}
				await Promise.all(all.map(one => one.closed));
				if (readdirSync(folder).includes('memory.lock')) held += 1;
				JSON.parse(readFileSync(memoryFile(folder), 'utf8'));
				const kept = await hashes(folder);
				for (const one of all) {
					const last = one.output().trimEnd().split('\n').at(-1) ?? '';
					const [name = '', count = ''] = last.split('-');
					// others may have pushed it out of the hundred that are kept; a later one of its own is as good
					const newest = kept.find(hash => hash.startsWith(`${name}-`));
					if (newest !== undefined) expect(Number(newest.split('-')[1])).toBeGreaterThanOrEqual(Number(count));
					else expect(kept).toHaveLength(100);
				}
				// the next one is not kept waiting by the dead
				const started = performance.now();
				expect(await remember(folder, [{kind: 'module', folder: `/round-${round}`, name: 'round'}])).toBeUndefined();
				expect(performance.now() - started).toBeLessThan(1500);
				expect(readdirSync(folder)).toEqual(['memory.json']);
			}
			// without rounds in which one died holding the lock this test would show little
			expect(held).toBeGreaterThan(0);
		},
		Math.max(120_000, wanted * 3000)
	);
});
