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

/**
 * Yoga's glue fetches its WebAssembly from a data: URL, which loads undici, or decodes it letter by letter, and compiles it while
 * everything else waits in the event loop. Here it is decoded and compiled at once: V8 compiles its functions when they are called.
 */
const yogaAtOnce = {
	name: 'yoga-at-once',
	setup: ({onLoad}) =>
		onLoad({filter: /yoga-wasm-base64-esm\.js$/}, ({path}) => {
			const glue = readFileSync(path, 'utf8');
			const [url, code] = /"data:application\/octet-stream;base64,([\w+/=]+)"/.exec(glue) ?? [];
			const options = 'loadYoga = loadYoga || {};';
			if (url === undefined || !glue.includes(options)) throw new Error('yoga-layout has other glue than this knows');
			const instantiate = `{instantiateWasm(imports, done) {
				const instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from('${code}', 'base64')), imports);
				done(instance);
				return instance.exports;
			}}`;
			return {contents: glue.replace(url, '""').replace(options, () => `loadYoga = ${instantiate};`)};
		})
};

/** Loaded by node in milliseconds, and called by hardly anybody who names them: these are fetched when they are called. */
const calledSeldom = ['assert', 'child_process'];

/**
 * Node's own modules without the wrapper that `import` makes of them: it reads every export once, and with them come parts that
 * nobody asked for (util brings the diff of assert, which opens stderr): 20 ms.
 */
const builtinsUnwrapped = {
	name: 'builtins-unwrapped',
	setup({onResolve, onLoad}) {
		onResolve({filter: /^(node:)?[a-z_/]+$/}, ({path, kind}) => {
			const name = path.replace(/^node:/, '');
			if (!isBuiltin(path)) return undefined;
			if (kind === 'import-statement') return {path: name, namespace: 'builtin', sideEffects: false};
			return kind === 'require-call' && calledSeldom.includes(name)
				? {path: name, namespace: 'builtin-required'}
				: undefined;
		});
		onLoad({filter: /./, namespace: 'builtin'}, ({path}) => {
			const isFetched = calledSeldom.includes(path);
			const exported = Object.entries(process.getBuiltinModule(path))
				.filter(([name]) => name !== 'default' && /^\w+$/.test(name))
				.map(([name, value], index) =>
					isFetched && typeof value === 'function' && /^[a-z]/.test(name)
						? `const _${index} = (...words) => whole().${name}(...words); export {_${index} as ${name}};`
						: `const _${index} = /* @__PURE__ */ read('${name}'); export {_${index} as ${name}};`
				);
			return {
				contents: [
					`const whole = () => process.getBuiltinModule('${path}'), read = name => whole()[name];`,
					isFetched ? fetched('export default') : 'export default whole();',
					...exported
				].join('\n')
			};
		});
		onLoad({filter: /./, namespace: 'builtin-required'}, ({path}) => ({
			contents: [`const whole = () => process.getBuiltinModule('${path}');`, fetched('module.exports =')].join('\n')
		}));
	}
};

/** The module itself, for those who ask it for its parts or call it. `equal` of assert alone: signal-exit checks with it what it is given. */
const fetched = exporting => `
const equal = (one, other, why) => one === other || whole().equal(one, other, why);
${exporting} new Proxy(() => {}, {
	get: (_, name) => name === 'equal' ? equal : whole()[name],
	apply: (_, __, words) => whole()(...words)
});`;

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
			// asked for the platform by a package of ink's, which knows process.platform too
			'globalThis.navigator': 'undefined',
			'Intl.Segmenter': 'LightSegmenter'
		},
		inject: [join(root, 'scripts/light/segmenter.js')],
		plugins: [yogaAtOnce, builtinsUnwrapped, onDemandApart],
		loader: {'.mustache': 'text', '.config': 'text', '': 'text'},
		alias: {
			// ink imports these only when DEV=true; bundled they would be loaded at every start
			'react-devtools-core': join(root, 'scripts/empty.js'),
			'string-width': join(root, 'scripts/light/string-width.js'),
			// one of the four copies that ink's packages bring: each makes its tables when it is evaluated
			'ansi-styles': join(root, 'node_modules/ansi-styles/index.js')
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
