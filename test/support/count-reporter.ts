import type {Reporter} from 'vitest/node';

/**
 * Ends a run with one plain line, `N passed, N failed`, that a machine can read. Before it, the tests that passed only when they were
 * run again: keys, signals and silences are timed, and a machine that is lent to others may stand still for seconds.
 */
export function countReporter(): Reporter {
	return {
		onTestRunEnd(modules, errors) {
			const count = {passed: 0, failed: errors.length, skipped: 0};
			for (const module of modules) {
				if (module.state() === 'failed' && [...module.children.allTests()].length === 0) count.failed += 1;
				for (const test of module.children.allTests()) {
					const {state} = test.result();
					if (state !== 'pending') count[state] += 1;
					if (test.diagnostic()?.flaky === true) process.stdout.write(`passed when run again: ${test.fullName}\n`);
				}
			}
			process.stdout.write(
				`${count.passed} passed, ${count.failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}\n`
			);
		}
	};
}
