// Bundles src/cli.ts into dist/: one small entry, and one whole file for each thing that is imported on demand. Shared chunks
// would be smaller together, but Node takes longer to load twenty of them than to run `check`. React's production build and
// minifying are what make the first frame fast; ink's development tools are left out.
import {mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {isBuiltin} from 'node:module';
import {basename, join, relative, resolve} from 'node:path';
import {build} from 'esbuild';
import {root} from './ensure.js';
import {thirdPartyLicenses} from './licenses.js';

const dist = join(root, 'dist');

/** Yoga's glue fetches its WebAssembly from a data: URL. Without fetch it decodes it itself, and 30 ms of loading undici are saved. */
const yogaWithoutFetch = {
	name: 'yoga-without-fetch',
	setup: ({onLoad}) =>
		onLoad({filter: /yoga-wasm-base64-esm\.js$/}, ({path}) => ({
			contents: `const fetch = undefined;\n${readFileSync(path, 'utf8')}`
		}))
};

/**
 * Node's own modules without the wrapper that `import` makes of them: it reads every export once, and with them come parts that
 * nobody asked for (util brings the diff of assert, which opens stderr): 20 ms.
 */
const builtinsUnwrapped = {
	name: 'builtins-unwrapped',
	setup({onResolve, onLoad}) {
		onResolve({filter: /^(node:)?[a-z_/]+$/}, ({path, kind}) =>
			kind === 'import-statement' && isBuiltin(path)
				? {path: path.replace(/^node:/, ''), namespace: 'builtin', sideEffects: false}
				: undefined
		);
		onLoad({filter: /./, namespace: 'builtin'}, ({path}) => ({
			contents: [
				`const builtin = process.getBuiltinModule('${path}'), read = name => builtin[name];`,
				'export default builtin;',
				...Object.keys(process.getBuiltinModule(path))
					.filter(name => name !== 'default' && /^\w+$/.test(name))
					.map((name, index) => `const _${index} = /* @__PURE__ */ read('${name}'); export {_${index} as ${name}};`)
			].join('\n')
		}));
	}
};

/** Entries still to be bundled and those that were: name in dist → source. Each `import()` that is met adds one. */
const entries = new Map([['cli', join(root, 'src/cli.ts')]]);

/** What is imported on demand stays a file of its own: `src/ui/start.tsx` is `ui-start.js`, a package has its own name. */
const onDemandApart = {
	name: 'on-demand-apart',
	setup({onResolve}) {
		onResolve({filter: /./}, ({path, kind, resolveDir}) => {
			if (kind !== 'dynamic-import' || isBuiltin(path) || resolveDir.includes('node_modules')) return undefined;
			const isFile = path.startsWith('.');
			const source = isFile ? resolve(resolveDir, path) : path;
			const name = isFile
				? relative(join(root, 'src'), source)
						.replace(/\.tsx?$/, '')
						.replaceAll('/', '-')
				: path;
			entries.set(name, source);
			return {path: `./${name}.js`, external: true};
		});
	}
};

const outputs = [];
const inputs = new Set();
// a Map goes on with what is added while it is walked
for (const [name, source] of entries) {
	const {outputFiles, metafile} = await build({
		absWorkingDir: root,
		entryPoints: {[name]: source},
		outdir: dist,
		bundle: true,
		format: 'esm',
		platform: 'node',
		target: 'node22',
		minify: true,
		legalComments: 'linked',
		jsx: 'automatic',
		define: {
			'process.env.NODE_ENV': '"production"',
			'process.env.DEV': '"false"',
			'Intl.Segmenter': 'LightSegmenter'
		},
		inject: [join(root, 'scripts/light/segmenter.js')],
		plugins: [yogaWithoutFetch, builtinsUnwrapped, onDemandApart],
		loader: {'.mustache': 'text', '.config': 'text', '': 'text'},
		alias: {
			// ink imports these only when DEV=true; bundled they would be loaded at every start
			'react-devtools-core': join(root, 'scripts/empty.js'),
			'string-width': join(root, 'scripts/light/string-width.js')
		},
		banner: {
			js: "const require=process.getBuiltinModule('module').createRequire(import.meta.url);"
		},
		logLevel: 'error',
		metafile: true,
		write: false
	}).catch(() => process.exit(1));
	outputs.push(...outputFiles);
	for (const input of Object.keys(metafile.inputs)) inputs.add(input);
}

// only a build that succeeded replaces the one before, and whole: another process may be about to load it
const fresh = join(root, `.cache/dist.${process.pid}`);
mkdirSync(fresh, {recursive: true});
for (const {path, contents} of outputs) writeFileSync(join(fresh, basename(path)), contents);
writeFileSync(join(fresh, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses(root, [...inputs]));
rmSync(dist, {recursive: true, force: true});
renameSync(fresh, dist);
