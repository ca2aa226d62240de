import {join} from 'node:path';
import type {Found, Reader} from '../model/machine.ts';
import {parseIdentity, type RustcIdentity} from '../toolchain/identity.ts';
import {parseToolchainFolder, type RustupSettings, rustcFromChannelManifest} from '../toolchain/rustup.ts';
import {releaseText, rustupHome, rustupSettings} from './rustup.ts';

/** A Rust compiler of this machine. */
export type Compiler = {
	/** The absolute path that a build is given as RUSTC. */
	readonly path: string;
	/** Where it came from, in the user's words: `rustup toolchain 1.97.1`, `/usr/bin/rustc`, `--rustc`, `chosen earlier`. */
	readonly origin: string;
	readonly identity: Found<RustcIdentity>;
};

export type Toolchains = {
	readonly compilers: readonly Compiler[];
	/** The compiler named by `--rustc` or chosen earlier, first in `compilers` too. */
	readonly named: Compiler | undefined;
	readonly rustup: {
		readonly installed: boolean;
		readonly home: string;
		readonly settings: RustupSettings | undefined;
		/** Names of toolchains that an interrupted installation left half there, although rustup lists them. */
		readonly half: readonly string[];
	};
};

/** Every compiler there is: the one named, those on the system's PATH, rustup's toolchains. rustup's own are read from its files, others asked. */
export async function surveyToolchains(
	reader: Reader,
	options: {readonly rustc?: string | undefined; readonly origin?: string} = {}
): Promise<Toolchains> {
	const home = rustupHome(reader);
	const [system, rustup, program, settings] = await Promise.all([
		findSystemCompilers(reader),
		listRustup(reader, home),
		reader.which('rustup'),
		rustupSettings(reader, home)
	]);
	const {rustc, origin = '--rustc'} = options;
	const own = rustup.compilers.find(one => one.path === rustc);
	const asked = rustc === undefined || own !== undefined ? undefined : await askCompiler(reader, rustc, origin);
	const named = own === undefined ? asked : {...own, origin};
	// one that was chosen earlier may be gone by now
	const compilers = [...(named ? [named] : []), ...system, ...rustup.compilers].filter(
		one => one.identity.status !== 'absent'
	);
	return {
		compilers: unique(compilers),
		named,
		rustup: {installed: program.status === 'found', home, settings, half: rustup.half}
	};
}

/** The first of each path: a named compiler that is also found on its own stays the named one. */
const unique = (compilers: readonly Compiler[]): readonly Compiler[] =>
	compilers.filter((one, index) => compilers.findIndex(other => other.path === one.path) === index);

/** Compilers outside rustup: a distribution's own. rustup's proxies (links to rustup) are left out, because they are whatever rustup says. */
async function findSystemCompilers(reader: Reader): Promise<readonly Compiler[]> {
	const places = ['/usr/bin/rustc', '/usr/local/bin/rustc'];
	const onPath = await reader.which('rustc');
	if (onPath.status === 'found') places.push(onPath.value);
	const looked = await Promise.all(
		[...new Set(places)].map(async place => {
			const [target, facts, proxy] = await Promise.all([
				reader.realPath(place),
				reader.stat(place),
				isProxy(reader, place)
			]);
			return facts.status === 'found' && target.status === 'found' && !proxy ? [{place, real: target.value}] : [];
		})
	);
	// the distribution's own come before what somebody put into PATH, a wrapper for instance
	const found = looked.flat().filter((one, index, all) => all.findIndex(other => other.real === one.real) === index);
	return Promise.all(found.map(({place}) => askCompiler(reader, place, place)));
}

/** rustup's proxies are one program under many names: links, or copies of the same size beside it (rustup, src/cli/self_update.rs). */
async function isProxy(reader: Reader, place: string): Promise<boolean> {
	const [target, own, rustup] = await Promise.all([
		reader.realPath(place),
		reader.stat(place),
		reader.stat(join(place, '../rustup'))
	]);
	if (target.status === 'found' && target.value.endsWith('/rustup')) return true;
	return own.status === 'found' && rustup.status === 'found' && own.value.size === rustup.value.size;
}

async function listRustup(
	reader: Reader,
	home: string
): Promise<{readonly compilers: readonly Compiler[]; readonly half: readonly string[]}> {
	const names = await reader.list(join(home, 'toolchains'));
	if (names.status !== 'found') return {compilers: [], half: []};
	const found = await Promise.all(names.value.map(name => readToolchain(reader, home, name)));
	return {
		compilers: found.filter(one => typeof one !== 'string'),
		half: found.filter(one => typeof one === 'string')
	};
}

/** The compiler of one of rustup's toolchains, or the name of a toolchain that has none to be used. */
async function readToolchain(reader: Reader, home: string, name: string): Promise<Compiler | string> {
	const prefix = join(home, 'toolchains', name);
	const path = join(prefix, 'bin/rustc');
	const release = parseToolchainFolder(name);
	const origin = `rustup toolchain ${release === undefined ? name : releaseText(release)}`;
	const [program, manifest] = await Promise.all([
		reader.stat(path),
		reader.derived(join(prefix, 'lib/rustlib/multirust-channel-manifest.toml'), 'rustc of a channel', rustcOfChannel)
	]);
	// Ctrl-C leaves half a toolchain; the manifest comes last, and only a linked toolchain has none
	if (program.status !== 'found' || (manifest.status === 'absent' && release !== undefined)) return name;
	const identity = manifest.status === 'found' ? parseIdentity(manifest.value) : undefined;
	return identity ? {path, origin, identity: {status: 'found', value: identity}} : askCompiler(reader, path, origin);
}

const rustcOfChannel = (manifest: Uint8Array): string =>
	rustcFromChannelManifest(new TextDecoder().decode(manifest)) ?? '';

async function askCompiler(reader: Reader, path: string, origin: string): Promise<Compiler> {
	// a proxy says what rustup's settings and the folder say today
	// a first answer reads a hundred megabytes, from a slow disk too
	const answer = await reader.probe([path, '--version'], {timeout: 15_000, lasting: !(await isProxy(reader, path))});
	return {path, origin, identity: identityFrom(path, answer)};
}

function identityFrom(path: string, answer: Awaited<ReturnType<Reader['probe']>>): Found<RustcIdentity> {
	if (answer.status !== 'found') return answer;
	const {code, stdout, stderr} = answer.value;
	if (code !== 0)
		return {status: 'unknown', why: `${path} --version ended with code ${code}: ${stderr.trim().split('\n')[0] ?? ''}`};
	const identity = parseIdentity(stdout);
	return identity
		? {status: 'found', value: identity}
		: {status: 'unknown', why: `${path} --version does not print a rustc version`};
}
