// Bundles src/cli.ts into dist/: one whole file for it and for each thing that is imported on demand, and src/machine/bundle.ts,
// which loads them with the code that V8 compiled of them before. Shared chunks would be smaller together, but Node takes longer
// to load twenty of them than to run `check`. React's production build and minifying are what make the first frame fast; ink's
// development tools are left out.
import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {isBuiltin} from 'node:module';
import {basename, join, relative, resolve} from 'node:path';
import {build} from 'esbuild';
import {root} from './ensure.js';
import {thirdPartyLicenses} from './licenses.js';

const dist = join(root, 'dist');

/** The text of a file of a package with some of it replaced; a package that has other text is another one than this was written for. */
function patched(path, ...replacements) {
	return replacements.reduce(
		(text, [part, replacement]) => {
			if (text.split(part).length !== 2) throw new Error(`${path} has other code than this knows: ${part}`);
			return text.replace(part, () => replacement);
		},
		readFileSync(path, 'utf8')
	);
}

/**
 * Yoga's glue fetches its WebAssembly from a data: URL, which loads undici, or decodes it letter by letter, and compiles it while
 * everything else waits in the event loop. Here it is decoded and compiled at once: V8 compiles its functions when they are called.
 */
const yogaAtOnce = {
	name: 'yoga-at-once',
	setup({onLoad}) {
		onLoad({filter: /yoga-wasm-base64-esm\.js$/}, ({path}) => {
			const [url, code] = /"data:application\/octet-stream;base64,([\w+/=]+)"/.exec(readFileSync(path, 'utf8')) ?? [];
			const instantiate = `{instantiateWasm(imports, done) {
				const instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from('${code}', 'base64')), imports);
				done(instance);
				return instance.exports;
			}}`;
			return {
				contents: patched(
					path,
					[url, '""'],
					['loadYoga = loadYoga || {};', `loadYoga = ${instantiate};`],
					['return loadYoga.ready', 'return loadYoga']
				)
			};
		});
		onLoad({filter: /yoga-layout\/dist\/src\/index\.js$/}, ({path}) => ({
			contents: patched(path, ['await loadYoga()', 'loadYoga()'])
		}));
	}
};

/** Ink waits for what it loads where DEV is `true`, and CommonJS cannot wait; nor is there a DEV here. */
const inkWithoutDevelopment = {
	name: 'ink-without-development',
	setup: ({onLoad}) =>
		onLoad({filter: /ink\/build\/reconciler\.js$/}, ({path}) => ({
			contents: patched(path, ["await import('./devtools.js')", 'undefined'], ['await loadPackageJson()', '{}'])
		}))
};

/** React is CommonJS that ninety files import: its exports are read once, and not copied for each of them, which takes 3 ms. */
const reactOnce = {
	name: 'react-once',
	setup({onResolve, onLoad}) {
		onResolve({filter: /^react(\/jsx-runtime)?$/}, ({path, kind}) =>
			kind === 'import-statement' ? {path, namespace: 'once'} : undefined
		);
		onLoad({filter: /./, namespace: 'once'}, async ({path}) => {
			const names = Object.keys(await import(path)).filter(name => /^\w+$/.test(name) && name !== 'default');
			const contents = `const whole = require('${path}'); export default whole; export const {${names.join(', ')}} = whole;`;
			return {contents, resolveDir: root};
		});
	}
};

/** Loaded by node in milliseconds, and called by hardly anybody who names them: these are fetched when they are called. */
const calledSeldom = ['assert', 'child_process', 'fs/promises', 'zlib'];

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

/** Parts still to be bundled and those that were: name in dist → source. Each `import()` that is met adds one. */
const parts = new Map([['cli', join(root, 'src/cli.ts')]]);

/** What is imported on demand stays a file of its own: `src/ui/start.tsx` is `ui-start.cjs`, a package has its own name. */
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
			parts.set(name, source);
			return {path: `./${name}.cjs`, external: true};
		});
	}
};

/** What all files of the bundle are made with. */
const common = {
	absWorkingDir: root,
	outdir: dist,
	bundle: true,
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
		'Intl.Segmenter': 'LightSegmenter',
		performance: 'LightPerformance'
	},
	inject: ['segmenter.js', 'performance.js'].map(name => join(root, 'scripts/light', name)),
	plugins: [yogaAtOnce, inkWithoutDevelopment, reactOnce, builtinsUnwrapped, onDemandApart],
	loader: {'.mustache': 'text', '.config': 'text', '': 'text'},
	alias: {
		// ink imports these only when DEV=true; bundled they would be loaded at every start
		'react-devtools-core': join(root, 'scripts/empty.js'),
		'string-width': join(root, 'scripts/light/string-width.js'),
		// one of the four copies that ink's packages bring: each makes its tables when it is evaluated
		'ansi-styles': join(root, 'node_modules/ansi-styles/index.js')
	},
	logLevel: 'error',
	metafile: true,
	write: false
};
/** A part is a function, as src/machine/bundle.ts calls it. */
const asPart = {
	format: 'cjs',
	outExtension: {'.js': '.cjs'},
	banner: {js: '(function(exports,require,module){'},
	footer: {js: '})'},
	supported: {'dynamic-import': false}
};

/** V8 takes two bytes for each letter of a text in which one is beyond Latin-1. esbuild escapes them in strings, and leaves them in regular expressions. */
const inAscii = text =>
	text.replace(/[^\0-\x7f]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** By its last line src/machine/bundle.ts knows of which text it has compiled code. */
const withIdentity = text => `${text}//${createHash('sha256').update(text).digest('hex')}`;

const outputs = [];
const inputs = new Set();
async function add(name, source, format) {
	const {outputFiles, metafile} = await build({...common, ...format, entryPoints: {[name]: source}}).catch(() =>
		process.exit(1)
	);
	outputs.push(...outputFiles);
	for (const input of Object.keys(metafile.inputs)) inputs.add(input);
}
await add('bundle', join(root, 'src/machine/bundle.ts'), {format: 'esm'});
// a map goes on with what is added while it is walked
for (const [name, source] of parts) await add(name, source, asPart);

// only a build that succeeded replaces the one before, and whole: another process may be about to load it
const fresh = join(root, `.cache/dist.${process.pid}`);
mkdirSync(fresh, {recursive: true});
for (const {path, text} of outputs)
	writeFileSync(join(fresh, basename(path)), path.endsWith('.cjs') ? withIdentity(inAscii(text)) : text);
writeFileSync(join(fresh, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses(root, [...inputs]));
rmSync(dist, {recursive: true, force: true});
renameSync(fresh, dist);
