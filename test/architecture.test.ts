import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {builtinModules} from 'node:module';
import {dirname, join, relative, resolve} from 'node:path';
import {describe, expect, it} from 'vitest';

const root = resolve(import.meta.dirname, '..');

type Import = {
	/** A path from the repository's root, or the name of a package or `node:` module. */
	readonly target: string;
	readonly isFile: boolean;
	/** Loaded with the file itself; not a type, and not an `import()`. */
	readonly when: 'at once' | 'on demand' | 'type';
};

/** Every import of a source text: `import … from`, `export … from`, `import '…'`, `import()`, and types of all these kinds. */
function importsOf(source: string, file: string): readonly Import[] {
	const found: Import[] = [];
	const add = (name: string, when: Import['when']): void => {
		const isFile = name.startsWith('.');
		found.push({target: isFile ? relative(root, resolve(root, dirname(file), name)) : name, isFile, when});
	};
	for (const [, what = '', name = ''] of source.matchAll(
		/^[ \t]*(?:import|export)\b([^;'"]*?)\bfrom\s*['"]([^'"]+)['"]/gm
	)) {
		add(name, /^\s+type\b/.test(what) ? 'type' : 'at once');
	}
	for (const [, name = ''] of source.matchAll(/^[ \t]*import\s*['"]([^'"]+)['"]/gm)) add(name, 'at once');
	for (const [, name = '', member] of source.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)(\.[A-Z]\w*)?/g)) {
		add(name, member === undefined ? 'on demand' : 'type');
	}
	return found;
}

const files = ['src', 'components'].flatMap(folder =>
	readdirSync(join(root, folder), {recursive: true, encoding: 'utf8'})
		.filter(name => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
		.map(name => join(folder, name))
);
const imports = new Map(files.map(file => [file, importsOf(readFileSync(join(root, file), 'utf8'), file)]));

/** `src/kernel/log.ts` is in the room `kernel`, `src/cli.ts` in `cli`, `components/Line.tsx` in `components`. */
function roomOf(path: string): string {
	const [first = '', second = ''] = path.split('/');
	return first === 'src' ? second.replace(/\.ts$/, '') : first;
}

/** What a room may import: rooms, packages, `node:` modules, and single files. `types` may be imported as types alone. */
const rules: Readonly<Record<string, {readonly may: readonly string[]; readonly types?: readonly string[]}>> = {
	// pure: no `node:` module, no package that does I/O
	model: {may: []},
	kernel: {may: []},
	boot: {may: []},
	toolchain: {may: ['src/kernel/version.ts']},
	scaffold: {may: ['assets', 'mustache'], types: ['kernel', 'model']},
	failures: {may: ['assets'], types: ['model']},
	packages: {may: ['text'], types: ['model']},
	review: {may: ['assets']},
	text: {may: [], types: ['model']},

	survey: {
		may: [
			'kernel',
			'boot',
			'toolchain',
			'packages',
			'model',
			'src/machine/kernel-log-access.ts',
			'src/machine/state-folder.ts',
			'node:path'
		]
	},
	steps: {
		may: [
			...['assets', 'survey', 'kernel', 'boot', 'toolchain', 'packages', 'scaffold', 'text', 'model'],
			...['src/machine/kernel-log-access.ts', 'src/machine/state-folder.ts', 'node:path', 'node:crypto'],
			// what a compiler says against metadata is explained; a rebuild is planned here as in practice mode
			...['failures', 'src/actions/rebuild-metadata.ts']
		]
	},
	walk: {may: ['text', 'model']},
	actions: {
		may: ['survey', 'failures', 'review', 'kernel', 'toolchain', 'packages', 'text', 'model'],
		types: ['memory']
	},
	memory: {may: ['model', 'node:fs', 'node:fs/promises', 'node:path', 'node:util', 'conf']},
	machine: {may: ['model', 'text', 'execa', 'node:']},

	practice: {
		may: [
			...['actions', 'kernel', 'machine', 'model', 'text', 'src/survey/guest-kernel.ts'],
			// its own cache folder, and the pipes a guest is spoken with through
			...['node:fs', 'node:fs/promises', 'node:path', 'node:timers/promises', 'node:util', 'node:zlib']
		]
	},
	plain: {may: ['walk', 'actions', 'memory', 'text', 'model', 'node:util']},
	components: {may: ['ink', 'ink-select-input', 'react']},
	ui: {
		may: [
			...['walk', 'actions', 'memory', 'plain', 'text', 'model', 'components', 'ink', 'react', 'node:timers/promises'],
			// what every command begins with
			...['src/commands/session.ts', 'src/commands/output.ts']
		],
		types: ['src/commands/options.ts']
	},
	commands: {
		may: [
			...['ui', 'plain', 'walk', 'actions', 'steps', 'survey', 'scaffold', 'failures', 'review', 'kernel', 'toolchain'],
			...['machine', 'memory', 'practice', 'text', 'model', 'package.json'],
			...['node:fs/promises', 'node:os', 'node:path', 'node:readline/promises', 'node:util', 'node:zlib'],
			'node:stream/consumers'
		]
	},
	cli: {may: ['commands', 'text']}
};

const matches = ({target, isFile}: Import, allowed: string): boolean =>
	isFile
		? target === allowed || roomOf(target) === allowed
		: target === allowed || (allowed === 'node:' && target.startsWith('node:'));

const isAllowed = (room: string, one: Import): boolean => {
	if (one.isFile && roomOf(one.target) === room) return true;
	const {may = [], types = []} = rules[room] ?? {};
	return (
		may.some(allowed => matches(one, allowed)) || (one.when === 'type' && types.some(allowed => matches(one, allowed)))
	);
};

/** Files that import what is asked for, in any way but as a type. */
const importersOf = (isIt: (one: Import) => boolean): readonly string[] =>
	files.filter(file => imports.get(file)?.some(one => one.when !== 'type' && isIt(one)));

describe('reading imports', () => {
	it('sees each way to write one', () => {
		const source = [
			"import one from './one.ts';",
			"import {two,\n\ttype Two\n} from '../two.ts';",
			"import type {Three} from 'three';",
			"export {four} from 'node:four';",
			"export type {Five} from './five.ts';",
			"import './six.ts';",
			"\tconst {seven} = await import('seven');",
			"let eight: import('node:eight').Eight;",
			"import nine from './nine.json' with {type: 'json'};",
			"export const ten = 'from';"
		].join('\n');
		expect(importsOf(source, 'src/room/file.ts').map(one => [one.target, one.when])).toEqual([
			['src/room/one.ts', 'at once'],
			['src/two.ts', 'at once'],
			['three', 'type'],
			['node:four', 'at once'],
			['src/room/five.ts', 'type'],
			['src/room/nine.json', 'at once'],
			['src/room/six.ts', 'at once'],
			['seven', 'on demand'],
			['node:eight', 'type']
		]);
	});

	it('sees the imports of this program', () => {
		expect(files.length).toBeGreaterThan(80);
		expect(importersOf(one => one.target === 'src/text/safe-text.ts').length).toBeGreaterThan(5);
	});

	it('finds every file that is imported, written with its ending', () => {
		const missing = files.flatMap(file =>
			(imports.get(file) ?? [])
				.filter(one => one.isFile && !existsSync(join(root, one.target)))
				.map(one => `${file}: ${one.target}`)
		);
		expect(missing).toEqual([]);
	});

	it('finds modules of node written with `node:`', () => {
		const bare = new Set(builtinModules);
		expect(importersOf(one => bare.has(one.target))).toEqual([]);
	});
});

describe('each room', () => {
	it('has its rule, and each rule its room', () => {
		expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(rules).sort());
	});

	it.each(Object.keys(rules))('imports only what it may: %s', room => {
		const broken = files
			.filter(file => roomOf(file) === room)
			.flatMap(file =>
				(imports.get(file) ?? [])
					.filter(one => !isAllowed(room, one))
					.map(one => `${file}: ${one.target} (${one.when})`)
			);
		expect(broken).toEqual([]);
	});
});

describe('one door', () => {
	const roomsImporting = (...names: readonly string[]): readonly string[] => [
		...new Set(importersOf(one => names.includes(one.target)).map(roomOf))
	];

	it('leads to processes: machine', () => {
		expect(roomsImporting('execa', 'node:child_process', 'node:worker_threads', 'node:cluster')).toEqual(['machine']);
		expect(importersOf(one => /^node:(net|tls|dgram|https?|http2|dns)\b/.test(one.target))).toEqual([]);
	});

	it('leads to the file that memory is written in: memory/write', () => {
		expect(importersOf(one => one.target === 'conf')).toEqual(['src/memory/conf.ts']);
		expect(importersOf(one => one.target === 'src/memory/conf.ts')).toEqual(['src/memory/write.ts']);
	});

	it('leads to the screen: ui and components', () => {
		expect([...roomsImporting('ink', 'ink-select-input', 'react', 'react/jsx-runtime')].sort()).toEqual([
			'components',
			'ui'
		]);
	});
});

describe('what loads at once', () => {
	/** Everything that is loaded before the first line of a file runs. */
	function closureOf(start: string): ReadonlySet<string> {
		const loaded = new Set<string>();
		const open = [start];
		for (let next = open.pop(); next !== undefined; next = open.pop()) {
			if (loaded.has(next)) continue;
			loaded.add(next);
			for (const one of imports.get(next) ?? []) if (one.when === 'at once') open.push(one.target);
		}
		return loaded;
	}

	const heavy = ['ink', 'ink-select-input', 'react', 'conf', 'execa'];
	const headless = files.filter(file => roomOf(file) === 'commands');

	it.each(headless)('%s is headless and light', file => {
		const loaded = closureOf(file);
		expect(heavy.filter(name => loaded.has(name))).toEqual([]);
		expect([...loaded].filter(path => ['ui', 'components'].includes(roomOf(path)))).toEqual([]);
	});

	it('the wizard has its screen, so that this test can see one', () => {
		expect(closureOf('src/ui/start.tsx').has('ink')).toBe(true);
	});

	it('the command line loads no command before it is chosen', () => {
		const commands = [...closureOf('src/cli.ts')].filter(path => roomOf(path) === 'commands');
		expect(commands.sort()).toEqual(['options', 'output', 'usage-error'].map(name => `src/commands/${name}.ts`));
	});

	it('check and explain do not load what runs programs', () => {
		for (const file of ['src/commands/check.ts', 'src/commands/explain.ts']) {
			expect(
				[...closureOf(file)].filter(path => path === 'src/machine/runner.ts' || path === 'src/memory/write.ts')
			).toEqual([]);
		}
	});
});
