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
		// one practice root, one lock
		fileParallelism: false,
		testTimeout: 400_000,
		hookTimeout: 900_000,
		reporters: ['default', countReporter()]
	}
});
