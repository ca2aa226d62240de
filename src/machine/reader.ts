import {closeSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statfsSync, statSync} from 'node:fs';
import {machine as hardware, userInfo} from 'node:os';
import {relative} from 'node:path';
import type {FileFacts, Found, ProbeOutput, Reader, User} from '../model/machine.ts';
import {belowRoot} from './below-root.ts';
import {derivedFrom} from './derived.ts';
import {childEnvironment} from './environment.ts';
import {messageOf} from './message.ts';
import {findProgram, safePath} from './path.ts';

const defaultLimit = 16 * 1024 * 1024;
/** A gzipped kernel config unpacks to some 300 KB; a bomb is stopped here. */
const unpackedLimit = 32 * 1024 * 1024;
const probeOutputLimit = 256 * 1024;

/** The reading half of this computer, below `root`. Probes run only where `root` is `/`: another system's programs are not run. */
export function createLocalReader(
	options: {readonly root?: string; readonly environment?: NodeJS.ProcessEnv} = {}
): Reader {
	const root = options.root ?? '/';
	const environment = options.environment ?? process.env;
	let folders: readonly string[] | undefined;
	const path = (): readonly string[] => {
		folders ??= safePath(environment['PATH']);
		return folders;
	};

	const readBytes = async (file: string, limit = defaultLimit): Promise<Found<Uint8Array>> =>
		attempt(() => {
			const descriptor = openSync(belowRoot(root, file), 'r');
			try {
				return readUpTo(descriptor, limit);
			} finally {
				closeSync(descriptor);
			}
		});

	return {
		root,
		user: currentUser(environment),
		cwd: process.cwd(),
		architecture: hardware(),
		environment,
		readBytes,
		async readText(file, limit) {
			const bytes = await readBytes(file, limit);
			if (bytes.status !== 'found') return bytes;
			const packed = bytes.value[0] === 0x1f && bytes.value[1] === 0x8b;
			try {
				const plain = packed ? await unpack(bytes.value) : bytes.value;
				return {status: 'found', value: new TextDecoder().decode(plain)};
			} catch (error) {
				return {status: 'unknown', why: `${file} is gzip data that cannot be unpacked (${messageOf(error)})`};
			}
		},
		derived: derivedFrom(readBytes),
		list: async folder => attempt(() => readdirSync(belowRoot(root, folder)).sort()),
		stat: async file =>
			attempt((): FileFacts | undefined => {
				const facts = statSync(belowRoot(root, file), {throwIfNoEntry: false});
				if (facts === undefined) return undefined;
				return {
					kind: facts.isFile() ? 'file' : facts.isDirectory() ? 'folder' : 'other',
					size: facts.size,
					modified: facts.mtimeMs,
					inode: facts.ino,
					owner: facts.uid,
					mode: facts.mode
				};
			}),
		realPath: async file =>
			attempt(() => {
				const real = realpathSync(belowRoot(root, file));
				return root === '/' ? real : `/${relative(realpathSync(root), real)}`;
			}),
		freeSpace: async file =>
			attempt(() => {
				const facts = statfsSync(belowRoot(root, file));
				return facts.bavail * facts.bsize;
			}),
		async which(name) {
			if (root === '/') {
				const program = findProgram(name, path());
				return program === undefined ? {status: 'absent'} : {status: 'found', value: program};
			}
			const candidates = name.includes('/') ? [name] : systemPath.map(folder => `${folder}/${name}`);
			for (const candidate of candidates) {
				const file = attempt(() => belowRoot(root, candidate));
				if (file.status === 'found' && findProgram(file.value, []) !== undefined)
					return {status: 'found', value: candidate};
			}
			return {status: 'absent'};
		},
		async probe(argv, {timeout = 5000} = {}) {
			if (root !== '/')
				return {status: 'unknown', why: `${argv[0]} belongs to the system below ${root} and is not run`};
			// loaded here and not above: most looks at a machine run no program, and node's part for it takes 10 ms
			const {spawn} = await import('node:child_process');
			return runProbe(spawn, argv, childEnvironment(environment, path()), timeout);
		}
	};
}

const systemPath = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];

async function unpack(packed: Uint8Array): Promise<Uint8Array> {
	const {gunzipSync} = await import('node:zlib');
	return gunzipSync(packed, {maxOutputLength: unpackedLimit});
}

/** `/proc` files have size 0, so the size is not trusted: read until the end or the limit. */
function readUpTo(descriptor: number, limit: number): Uint8Array {
	const {size} = fstatSync(descriptor);
	let buffer = Buffer.allocUnsafe(Math.min(limit, Math.max(size + 1, 8192)));
	let filled = 0;
	for (;;) {
		if (filled === buffer.length) {
			if (filled >= limit) break;
			buffer = Buffer.concat([buffer], Math.min(limit, buffer.length * 2));
		}
		const count = readSync(descriptor, buffer, filled, buffer.length - filled, null);
		if (count === 0) break;
		filled += count;
	}
	return buffer.subarray(0, filled);
}

function attempt<T>(look: () => T | undefined): Found<T> {
	try {
		const value = look();
		return value === undefined ? {status: 'absent'} : {status: 'found', value};
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code;
		if (code === 'ENOENT' || code === 'ENOTDIR') return {status: 'absent'};
		return {status: 'unknown', why: messageOf(error)};
	}
}

function currentUser(environment: NodeJS.ProcessEnv): User {
	const uid = process.getuid?.() ?? -1;
	const groups = process.getgroups?.() ?? [];
	try {
		const {username, homedir} = userInfo();
		return {uid, name: username, home: environment['HOME'] || homedir, groups};
	} catch {
		// a uid without a line in /etc/passwd, as in some containers
		return {uid, name: environment['USER'] ?? String(uid), home: environment['HOME'] ?? '/', groups};
	}
}

/**
 * Runs a probe in its own process group, so that a time-out leaves nothing behind. Not so sudo, whose ticket belongs to this
 * terminal's session and is not valid in a new one.
 */
function runProbe(
	spawn: typeof import('node:child_process').spawn,
	argv: readonly [string, ...string[]],
	env: Record<string, string>,
	timeout: number
): Promise<Found<ProbeOutput>> {
	return new Promise(resolve => {
		const [program, ...rest] = argv;
		// cwd `/`: a broken rust-toolchain.toml in the current folder makes rustup's proxies fail
		const child = spawn(program, rest, {
			cwd: '/',
			env,
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: program !== 'sudo'
		});
		const output = {stdout: '', stderr: ''};
		let settled = false;
		const settle = (result: Found<ProbeOutput>): void => {
			if (settled) return;
			settled = true;
			clearTimeout(timer);
			resolve(result);
		};
		const timer = setTimeout(() => {
			if (child.pid !== undefined) {
				try {
					process.kill(-child.pid, 'SIGKILL');
				} catch {
					// it ended in this very moment
				}
			}
			child.stdout.destroy();
			child.stderr.destroy();
			settle({status: 'unknown', why: `${program} did not answer within ${timeout} ms`});
		}, timeout);
		for (const name of ['stdout', 'stderr'] as const) {
			child[name].setEncoding('utf8').on('data', (text: string) => {
				if (output[name].length < probeOutputLimit) output[name] += text;
			});
		}
		child.on('error', error => {
			const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
			settle(absent ? {status: 'absent'} : {status: 'unknown', why: messageOf(error)});
		});
		child.on('close', code => {
			settle({status: 'found', value: {...output, code: code ?? -1}});
		});
	});
}
