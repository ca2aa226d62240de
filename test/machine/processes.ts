import {readdirSync, readFileSync} from 'node:fs';

let used = 0;

/** A duration for `sleep` that no other process of this machine sleeps for, so that the sleeper can be found by it. */
export function uniqueSleep(): string {
	used += 1;
	return `7${process.pid}.${Date.now()}${used}`;
}

/** Numbers of the running processes that have `word` in their command line. */
export function processesWith(word: string): readonly number[] {
	return readdirSync('/proc').flatMap(name => {
		if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
		try {
			return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(word) ? [Number(name)] : [];
		} catch {
			return []; // it ended meanwhile
		}
	});
}

/** Waits until `isSo`, at most `atMost` milliseconds; gives what it was at last. */
export async function until(isSo: () => boolean, atMost = 10_000): Promise<boolean> {
	const end = performance.now() + atMost;
	while (!isSo() && performance.now() < end) await new Promise(resolve => setTimeout(resolve, 10));
	return isSo();
}
