import type {Reporter} from 'vitest/node';

/** Ends a run with one plain line, `N passed, N failed`, that a machine can read. */
export function countReporter(): Reporter {
	return {
		onTestRunEnd(modules, errors) {
			const count = {passed: 0, failed: errors.length, skipped: 0};
			for (const module of modules) {
				if (module.state() === 'failed' && [...module.children.allTests()].length === 0) count.failed += 1;
				for (const test of module.children.allTests()) {
					const {state} = test.result();
					if (state !== 'pending') count[state] += 1;
				}
			}
			process.stdout.write(
				`${count.passed} passed, ${count.failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}\n`
			);
		}
	};
}
