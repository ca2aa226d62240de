import {readFileSync, statSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {Script} from 'node:vm';
import {keepFile} from './keep-file.ts';

export type Bundle = {
	/** What `./name.cjs` of the bundle exports, or a module of node. Each is loaded once. */
	readonly load: (name: string) => unknown;
	/** Lets later runs have the code that V8 compiles in this one. */
	readonly keepCompiledCode: () => void;
};

/** What a file of the bundle is: `module` and the rest are what Node gives to CommonJS. */
type Part = (exports: object, require: Bundle['load'], module: {exports: object}) => void;

/** A part of which no compiled code was kept, and which text it was compiled from. */
type Fresh = {readonly name: string; readonly identity: Buffer; readonly script: Script};

/** When a run has done what every run begins with, in milliseconds. V8 forgets the code of what is not called for long. */
const begun = 1000;

/** Length of the checksum at the end of each part, which scripts/build.js puts there. */
const identityLength = 64;

/**
 * The bundle in `folder`, whose parts are loaded when something asks for them. V8 compiles a function when it is called first,
 * which is a third of what `check` does. What was compiled when an earlier run had begun, or at its end, is kept in `cache`; the
 * compile cache of Node holds only what is compiled before anything is called. What is of another text, damaged, another user's,
 * or of another V8 counts as not kept, and a cache that cannot be used is no error.
 */
export function openBundle(folder: string = import.meta.dirname, cache: string | undefined = ownCache()): Bundle {
	const loaded = new Map<string, {readonly exports: object}>();
	let fresh: Fresh[] = [];

	const compile = (name: string): Script => {
		const filename = join(folder, name);
		const source = readFileSync(filename);
		const identity = source.subarray(-identityLength);
		const cachedData = cache === undefined ? undefined : readKept(join(cache, name), identity);
		const script = new Script(source.toString(), {filename, ...(cachedData === undefined ? {} : {cachedData})});
		if (cachedData === undefined || script.cachedDataRejected) fresh.push({name, identity, script});
		return script;
	};
	const load = (name: string): unknown => {
		if (!name.startsWith('./')) return process.getBuiltinModule(name);
		const before = loaded.get(name);
		if (before !== undefined) return before.exports;
		const module = {exports: {}};
		loaded.set(name, module);
		const part: Part = compile(name).runInThisContext();
		part(module.exports, load, module);
		return module.exports;
	};
	const keep = (): void => {
		for (const {name, identity, script} of fresh) {
			if (cache === undefined) continue;
			const code = script.createCachedData();
			keepFile(join(cache, name), Buffer.concat([code, code, identity]));
		}
		fresh = [];
	};
	return {
		load,
		keepCompiledCode() {
			setTimeout(keep, begun).unref();
			process.on('exit', keep);
		}
	};
}

/**
 * Where compiled code is kept: in the user's own cache folder. Undefined in somebody else's home, as under `sudo` with HOME kept,
 * and where there is none.
 */
function ownCache(): string | undefined {
	const home = homedir();
	const base = process.env['XDG_CACHE_HOME'];
	try {
		if (statSync(home).uid !== process.getuid?.()) return undefined;
		return join(base?.startsWith('/') ? base : join(home, '.cache'), 'linux-rust-setup/compiled');
	} catch {
		// no home folder
		return undefined;
	}
}

/**
 * V8 looks at the beginning of what it is given and takes the rest as it is: damaged code ends the process. So it is kept twice,
 * and used where both are the same; what makes checksums (zlib) takes longer to load than to do without what is kept.
 */
function readKept(file: string, identity: Buffer): Buffer | undefined {
	try {
		if (statSync(file).uid !== process.getuid?.()) return undefined;
		const kept = readFileSync(file);
		const length = (kept.length - identityLength) / 2;
		const [code, again] = [kept.subarray(0, length), kept.subarray(length, 2 * length)];
		return kept.subarray(2 * length).equals(identity) && code.equals(again) ? code : undefined;
	} catch {
		return undefined;
	}
}
