import {join} from 'node:path';
import {build} from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** Bundles a test's own program, written against the sources, into one file that node runs. Paths are from the repository's root. */
export async function bundleProgram(source: string, outfile: string): Promise<void> {
	await build({
		absWorkingDir: root,
		entryPoints: [source],
		outfile,
		bundle: true,
		format: 'esm',
		platform: 'node',
		jsx: 'automatic',
		define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
		loader: {'.mustache': 'text', '.config': 'text', '': 'text'},
		alias: {'react-devtools-core': join(root, 'scripts/empty.js')},
		banner: {js: "const require=process.getBuiltinModule('module').createRequire(import.meta.url);"}
	});
}
