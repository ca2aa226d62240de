import {join} from 'node:path';
import type {Found, Reader} from '../model/machine.ts';
import {parseIdentity, type RustcIdentity} from '../toolchain/identity.ts';
import {parseToolchainFolder, rustcFromChannelManifest} from '../toolchain/rustup.ts';

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
	readonly rustup: {readonly installed: boolean; readonly home: string};
};

/** Every compiler there is: the one named, those on the system's PATH, rustup's toolchains. rustup's own are read from its files, others asked. */
export async function surveyToolchains(
	reader: Reader,
	options: {readonly rustc?: string | undefined; readonly origin?: string} = {}
): Promise<Toolchains> {
	const home = reader.environment['RUSTUP_HOME'] ?? join(reader.user.home, '.rustup');
	const [named, system, rustup, program] = await Promise.all([
		options.rustc === undefined ? undefined : askCompiler(reader, options.rustc, options.origin ?? '--rustc'),
		findSystemCompilers(reader),
		listRustup(reader, home),
		reader.which('rustup')
	]);
	// one that was chosen earlier may be gone by now
	const compilers = [...(named ? [named] : []), ...system, ...rustup].filter(one => one.identity.status !== 'absent');
	return {compilers: unique(compilers), named, rustup: {installed: program.status === 'found', home}};
}

/** The first of each path: a named compiler that is also found on its own stays the named one. */
const unique = (compilers: readonly Compiler[]): readonly Compiler[] =>
	compilers.filter((one, index) => compilers.findIndex(other => other.path === one.path) === index);

/** Compilers outside rustup: a distribution's own. rustup's proxies (links to rustup) are left out, because they are whatever rustup says. */
async function findSystemCompilers(reader: Reader): Promise<readonly Compiler[]> {
	const places = ['/usr/bin/rustc', '/usr/local/bin/rustc'];
	const onPath = await reader.which('rustc');
	if (onPath.status === 'found') places.push(onPath.value);
	const real = new Map<string, string>();
	await Promise.all(
		[...new Set(places)].map(async place => {
			const [target, facts, proxy] = await Promise.all([
				reader.realPath(place),
				reader.stat(place),
				isProxy(reader, place)
			]);
			if (facts.status === 'found' && target.status === 'found' && !proxy && !real.has(target.value))
				real.set(target.value, place);
		})
	);
	return Promise.all([...real.values()].sort().map(place => askCompiler(reader, place, place)));
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

async function listRustup(reader: Reader, home: string): Promise<readonly Compiler[]> {
	const names = await reader.list(join(home, 'toolchains'));
	if (names.status !== 'found') return [];
	const found = await Promise.all(
		names.value.map(async (name): Promise<Compiler | undefined> => {
			const prefix = join(home, 'toolchains', name);
			const path = join(prefix, 'bin/rustc');
			const origin = `rustup toolchain ${parseToolchainFolder(name)?.channel ?? name}`;
			const [program, manifest] = await Promise.all([
				reader.stat(path),
				reader.readText(join(prefix, 'lib/rustlib/multirust-channel-manifest.toml'))
			]);
			// Ctrl-C leaves half a toolchain that rustup itself lists as installed; without its compiler it is none
			if (program.status !== 'found') return undefined;
			const text = manifest.status === 'found' ? rustcFromChannelManifest(manifest.value) : undefined;
			const identity = text === undefined ? undefined : parseIdentity(text);
			return identity
				? {path, origin, identity: {status: 'found', value: identity}}
				: askCompiler(reader, path, origin);
		})
	);
	return found.filter(one => one !== undefined);
}

async function askCompiler(reader: Reader, path: string, origin: string): Promise<Compiler> {
	const answer = await reader.probe([path, '--version']);
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
