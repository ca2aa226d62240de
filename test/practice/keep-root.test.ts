import {afterEach, expect, test, vi} from 'vitest';
import type {Runner} from '../../src/model/machine.ts';
import {keepRoot} from '../../src/practice/keep-root.ts';

afterEach(() => void vi.useRealTimers());

/** sudo's ticket, as of its default `timestamp_timeout`: it ends 5 minutes after it was last used. */
function sudoTicket() {
	let ends = Date.now() + 300_000;
	const holds = (): boolean => Date.now() < ends;
	const runner = {
		canBeRoot: async () => {
			if (!holds()) return false;
			ends = Date.now() + 300_000;
			return true;
		}
	} as Partial<Runner> as Runner;
	return {runner, holds};
}

test('a root behind sudo can be worked in for as long as practice mode lasts, and no longer', () => {
	vi.useFakeTimers();
	const {runner, holds} = sudoTicket();
	const letGo = keepRoot(runner, {path: '/c/root', way: 'root'});
	vi.advanceTimersByTime(3_600_000);
	expect(holds()).toBe(true);
	letGo();
	vi.advanceTimersByTime(301_000);
	expect(holds()).toBe(false);
});

test('where no root is needed none is kept', () => {
	vi.useFakeTimers();
	const {runner, holds} = sudoTicket();
	keepRoot(runner, {path: '/c/root', way: 'namespace'});
	keepRoot(runner, undefined);
	vi.advanceTimersByTime(301_000);
	expect(holds()).toBe(false);
});
