import {join} from 'node:path';
import {defineConfig} from 'vitest/config';
import {countReporter} from '../support/count-reporter.ts';
import {textAssets} from '../support/text-assets.ts';

/** Practice mode for real: a root is made, a distribution's kernel booted. `vitest run --config test/practice-vm/vitest.config.ts`. */
// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
	cacheDir: join(import.meta.dirname, '../../node_modules/.vite'),
	plugins: [textAssets()],
	test: {
		root: import.meta.dirname,
		include: ['*.vm.test.ts'],
		globalSetup: ['./setup.ts'],
		setupFiles: ['./processor-time.ts'],
		// each file has a root of its own, borrowed; a guest takes one processor, and much of it all is waiting
		maxWorkers: 4,
		// a machine at a third of this one's speed gets through; what a test waits for has limits of its own
		testTimeout: 1_200_000,
		hookTimeout: 1_200_000,
		reporters: ['default', countReporter()]
	}
});
