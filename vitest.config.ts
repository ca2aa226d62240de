import {defineConfig} from 'vitest/config';
import {countReporter} from './test/support/count-reporter.ts';
import {longestFirst} from './test/support/longest-first.ts';
import {textAssets} from './test/support/text-assets.ts';

export default defineConfig({
	plugins: [textAssets()],
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		exclude: ['test/lab/**', 'test/practice-vm/**'],
		testTimeout: 60_000,
		// what a developer's shell exports must not decide what a test sees
		env: {RUST_BACKTRACE: '', FORCE_COLOR: '0'},
		retry: 1,
		sequence: {
			sequencer: longestFirst([
				'packages/build.test.ts',
				'actions/install-toolchain.test.ts',
				'journeys/hand-over.test.ts'
			])
		},
		reporters: ['default', countReporter()]
	}
});
