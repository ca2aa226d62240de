// Bundles src/cli.ts into dist/: one small entry, and chunks that are loaded when a command needs them. React's production
// build and minifying are what make the first frame fast; ink's development tools are left out.
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {build} from 'esbuild';
import {root} from './ensure.js';

const dist = join(root, 'dist');
const {outputFiles} = await build({
	absWorkingDir: root,
	entryPoints: ['src/cli.ts'],
	outdir: dist,
	bundle: true,
	splitting: true,
	format: 'esm',
	platform: 'node',
	target: 'node22',
	minify: true,
	legalComments: 'linked',
	jsx: 'automatic',
	define: {'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"'},
	loader: {'.mustache': 'text'},
	// ink imports these only when DEV=true; bundled they would be loaded at every start
	alias: {'react-devtools-core': join(root, 'scripts/empty.js')},
	banner: {
		js: "import {createRequire as createRequireForBundle} from 'node:module';const require=createRequireForBundle(import.meta.url);"
	},
	logLevel: 'error',
	write: false
}).catch(() => process.exit(1));

// only a build that succeeded replaces the one before
rmSync(dist, {recursive: true, force: true});
for (const {path, contents} of outputFiles) {
	mkdirSync(dirname(path), {recursive: true});
	writeFileSync(path, contents);
}
