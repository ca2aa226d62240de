import {gunzipSync} from 'node:zlib';
import type {FileFacts, Found, Reader} from '../model/machine.ts';
import {derivedFrom} from './derived.ts';
import {messageOf} from './message.ts';
import type {Answer, SshShell} from './ssh.ts';

const defaultLimit = 16 * 1024 * 1024;
/** As for this machine's own files. */
const unpackedLimit = 32 * 1024 * 1024;
const defaultProbeTimeout = 5000;
/** How much longer than a program's own limit the shell that waits for it is given, in milliseconds. */
const grace = 10_000;

/** What a shell says of a program that was ended by KILL, as timeout(1) ends it: 128 and the signal's number. */
const killed = 137;

const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin'];

/**
 * The reading half of another machine, asked through its shell: the same questions and answers as for this one. After the
 * connection was lost every answer is `unknown`.
 */
export function createRemoteReader(shell: SshShell): Reader {
	const said = (name: string): string | undefined => shell.introduction.get(name);
	const environment = Object.fromEntries(
		[
			'HOME',
			'PATH',
			'XDG_STATE_HOME',
			'XDG_CACHE_HOME',
			'RUSTUP_HOME',
			'CARGO_HOME',
			'RUSTUP_TOOLCHAIN',
			'SUDO_USER'
		].map(name => [name, said(name)])
	);
	const uid = /^\d+$/.test(said('uid') ?? '') ? Number(said('uid')) : -1;
	const home = said('HOME')?.startsWith('/') ? (said('HOME') as string) : '/';
	const cwd = said('cwd');

	const readBytes = async (path: string, limit = defaultLimit): Promise<Found<Uint8Array>> =>
		foundIn(await shell.ask('read_file', [path, String(limit)], {largest: limit}), ([bytes]) =>
			bytes?.subarray(0, limit)
		);
	const stat = async (path: string): Promise<Found<FileFacts>> =>
		foundIn(await shell.ask('stat_file', [path]), ([bytes]) => parseStat(textOf(bytes)));

	let folders: Promise<Found<readonly string[]>> | undefined;
	/** As this machine's own: no relative folder, none that everyone may write to; and rustup's, which only a login shell adds. */
	const programFolders = (): Promise<Found<readonly string[]>> => {
		folders ??= (async () => {
			const cargo = said('CARGO_HOME') ?? `${home === '/' ? '' : home}/.cargo`;
			const wanted = [...(said('PATH') ?? '').split(':').filter(folder => folder.startsWith('/')), ...systemFolders];
			const unique = [...new Set([...wanted, `${cargo}/bin`])];
			const facts = await Promise.all(unique.map(stat));
			const [unsure] = facts.filter(one => one.status === 'unknown');
			const safe = unique.filter((_, index) => {
				const one = facts[index];
				return one?.status === 'found' && one.value.kind === 'folder' && (one.value.mode & 0o002) === 0;
			});
			return safe.length === 0 && unsure !== undefined ? unsure : {status: 'found', value: safe};
		})();
		return folders;
	};

	return {
		root: '/',
		user: {
			uid,
			name: said('name') ?? String(uid),
			home,
			groups: (said('groups') ?? '')
				.split(/\s+/)
				.filter(word => /^\d+$/.test(word))
				.map(Number)
		},
		cwd: cwd?.startsWith('/') ? cwd : home,
		architecture: said('machine') ?? 'unknown',
		environment,
		readBytes,
		async readText(path, limit) {
			const bytes = await readBytes(path, limit);
			if (bytes.status !== 'found') return bytes;
			const packed = bytes.value[0] === 0x1f && bytes.value[1] === 0x8b;
			try {
				const plain = packed ? gunzipSync(bytes.value, {maxOutputLength: unpackedLimit}) : bytes.value;
				return {status: 'found', value: new TextDecoder().decode(plain)};
			} catch (error) {
				return {status: 'unknown', why: `${path} is gzip data that cannot be unpacked (${messageOf(error)})`};
			}
		},
		derived: derivedFrom(readBytes),
		list: async path =>
			foundIn(await shell.ask('list_folder', [path]), ([bytes]) =>
				textOf(bytes)
					.split('\0')
					.filter(name => name !== '')
					.sort()
			),
		stat,
		realPath: async path =>
			foundIn(await shell.ask('real_path', [path]), ([bytes]) => {
				const real = textOf(bytes).replace(/\n$/, '');
				return real.startsWith('/') ? real : undefined;
			}),
		freeSpace: async path =>
			foundIn(await shell.ask('free_space', [path]), ([bytes]) => {
				// df(1), POSIX: file system, 1024-blocks, used, available, capacity, mounted on
				const available = /\s\d+\s+\d+\s+(\d+)\s+(?:\d+%|-)\s/.exec(textOf(bytes))?.[1];
				return available === undefined ? undefined : Number(available) * 1024;
			}),
		async which(name) {
			const safe: Found<readonly string[]> = name.includes('/') ? {status: 'found', value: []} : await programFolders();
			if (safe.status !== 'found') return safe;
			const candidates = name.includes('/') ? [name] : safe.value.map(folder => `${folder}/${name}`);
			return foundIn(await shell.ask('which_program', candidates), ([bytes]) => textOf(bytes));
		},
		async probe([program, ...rest], {timeout = defaultProbeTimeout} = {}) {
			const seconds = Math.ceil(timeout / 1000);
			const answer = await shell.ask('ask_program', [String(seconds), program, ...rest], {patience: timeout + grace});
			const found = foundIn(answer, ([stdout, stderr, code]) => ({
				stdout: textOf(stdout),
				stderr: textOf(stderr),
				code: Number(textOf(code))
			}));
			return found.status === 'found' && found.value.code === killed
				? {status: 'unknown', why: `${program} did not answer within ${timeout} ms`}
				: found;
		}
	};
}

const textOf = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** `read` gives undefined for an answer that cannot be read. */
function foundIn<T>(answer: Answer | undefined, read: (parts: readonly Uint8Array[]) => T | undefined): Found<T> {
	if (answer === undefined) return {status: 'unknown', why: 'the connection was lost'};
	if (answer.status === 'absent') return {status: 'absent'};
	if (answer.status === 'unknown') return {status: 'unknown', why: textOf(answer.parts[0])};
	const value = read(answer.parts);
	return value === undefined ? {status: 'unknown', why: 'its answer could not be read'} : {status: 'found', value};
}

/** `%f %s %i %u %Y %y` of stat(1): mode in hexadecimal, bytes, inode, owner, seconds, and the time with its fraction. */
function parseStat(text: string): FileFacts | undefined {
	const [, mode = '', size, inode, owner, seconds, fraction] =
		/^([0-9a-f]+) (\d+) (\d+) (\d+) (-?\d+) \S+ \d\d:\d\d:\d\d(\.\d+)?/.exec(text) ?? [];
	if (seconds === undefined) return undefined;
	const bits = Number.parseInt(mode, 16);
	const type = bits & 0o170000;
	return {
		kind: type === 0o100000 ? 'file' : type === 0o040000 ? 'folder' : 'other',
		size: Number(size),
		modified: (Number(seconds) + Number(fraction ?? 0)) * 1000,
		inode: Number(inode),
		owner: Number(owner),
		mode: bits
	};
}
