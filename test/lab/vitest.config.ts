import {availableParallelism, totalmem} from 'node:os';
import {join} from 'node:path';
import {defineConfig} from 'vitest/config';
import {countReporter} from '../support/count-reporter.ts';
import {longestFirst} from '../support/longest-first.ts';

/** A guest of 2 GiB and what its test needs around it. */
const memoryPerGuest = 3 * 2 ** 30;

/** The tests that boot a kernel: `vitest run --config test/lab/vitest.config.ts`. */
// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
	cacheDir: join(import.meta.dirname, '../../node_modules/.vite'),
	test: {
		root: import.meta.dirname,
		include: ['*.lab.test.ts'],
		globalSetup: ['./setup.ts'],
		// A guest takes one CPU, and its memory.
		maxWorkers: Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / memoryPerGuest))),
		testTimeout: 300_000,
		hookTimeout: 300_000,
		retry: 1,
		sequence: {
			sequencer: longestFirst([
				'update.lab.test.ts',
				'killed.lab.test.ts',
				'story.lab.test.ts',
				'updated-wizard.lab.test.ts',
				'failures.lab.test.ts'
			])
		},
		reporters: ['default', countReporter()]
	}
});
