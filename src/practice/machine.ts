import {readFile} from 'node:fs/promises';
import {basename, resolve} from 'node:path';
import {derivedFrom} from '../machine/derived.ts';
import {createLocalReader} from '../machine/reader.ts';
import type {Command} from '../model/command.ts';
import type {Exit, Found, Reader, Runner, Running} from '../model/machine.ts';
import type {Guest} from './guest.ts';
import type {PracticeMachine} from './prepare.ts';
import {type GuestFile, parseFiles, quoted, readScript} from './protocol.ts';
import {inRoot} from './root.ts';

/**
 * The practice machine as steps see it: its system is the practice root, or this machine's own where its installed kernel is tried;
 * its running kernel is the guest's, and the module's folder this machine's own. So the same steps build here and load there
 * without knowing of either.
 */
export function createPracticeReader(parts: {
	readonly host: Reader;
	readonly practice: Pick<PracticeMachine, 'root'>;
	readonly guest: Guest;
	/** Folders of this machine that are seen as they are. */
	readonly shared: () => readonly string[];
}): Reader {
	const {host, shared} = parts;
	const {root} = parts.practice;
	const inside = root === undefined ? host : createLocalReader({root: root.path});
	const guest = createGuestFiles(parts.guest);
	const place = (path: string): 'shared' | 'guest' | 'root' => {
		const whole = resolve(path);
		if (/^\/(?:proc|sys)(?:\/|$)/.test(whole)) return 'guest';
		return shared().some(folder => whole === folder || whole.startsWith(`${folder}/`)) ? 'shared' : 'root';
	};
	const of = (path: string): Reader => (place(path) === 'shared' ? host : inside);
	const readBytes = async (path: string, limit?: number): Promise<Found<Uint8Array>> => {
		if (place(path) !== 'guest') return of(path).readBytes(path, limit);
		// as long as the rest of a load under emulation, and the metadata was compared with these very symbols before
		if (path === '/proc/kallsyms')
			return {status: 'unknown', why: 'the guest’s list of symbols is too long to be fetched'};
		const file = await guest(path);
		return file.status === 'found' && file.value.kind === 'file'
			? {status: 'found', value: file.value.bytes.subarray(0, limit)}
			: notRead(file);
	};
	return {
		root: '/',
		// in the guest everybody is root
		user: {...host.user, uid: 0},
		cwd: host.cwd,
		architecture: host.architecture,
		environment: host.environment,
		readBytes,
		async readText(path, limit) {
			if (place(path) !== 'guest') return of(path).readText(path, limit);
			const bytes = await readBytes(path, limit);
			return bytes.status === 'found' ? {status: 'found', value: new TextDecoder().decode(bytes.value)} : bytes;
		},
		derived: derivedFrom(readBytes),
		async list(path) {
			if (place(path) !== 'guest') return of(path).list(path);
			const file = await guest(path);
			return file.status === 'found' && file.value.kind === 'folder'
				? {status: 'found', value: [...file.value.names].sort()}
				: notRead(file);
		},
		async stat(path) {
			if (place(path) !== 'guest') return of(path).stat(path);
			const file = await guest(path);
			if (file.status !== 'found') return file;
			if (file.value.kind === 'absent') return {status: 'absent'};
			return {status: 'found', value: {kind: file.value.kind, size: 0, modified: 0, inode: 0, owner: 0, mode: 0o444}};
		},
		realPath: path => of(path).realPath(path),
		freeSpace: path => host.freeSpace(root?.path ?? path),
		which: name => inside.which(name),
		probe: (argv, options) => {
			if (root === undefined) return host.probe(argv, options);
			const {argv: wrapped, as} = inRoot(root, {...harmless, argv});
			return host.probe(as === 'user' || host.user.uid === 0 ? wrapped : ['sudo', '-n', '--', ...wrapped], options);
		}
	};
}

const harmless: Omit<Command, 'argv'> = {
	cwd: '/',
	as: 'user',
	terminal: 'captured',
	interrupt: 'group',
	why: 'asks a program of the practice root'
};

const notRead = (
	file: Found<GuestFile>
): {readonly status: 'absent'} | {readonly status: 'unknown'; readonly why: string} =>
	file.status === 'unknown' ? file : {status: 'absent'};

/** Reads the guest's /proc and /sys. What is asked for in one moment is fetched together: each fetch takes the guest's own time. */
function createGuestFiles(guest: Guest): (path: string) => Promise<Found<GuestFile>> {
	let open: {readonly paths: string[]; readonly answer: Promise<Found<readonly GuestFile[]>>} | undefined;
	return async path => {
		if (open === undefined) {
			const paths: string[] = [];
			const answer = new Promise<void>(go => setImmediate(go)).then(async (): Promise<Found<readonly GuestFile[]>> => {
				open = undefined;
				try {
					return {status: 'found', value: parseFiles((await guest.script(readScript(paths))).output, paths.length)};
				} catch (error) {
					return {status: 'unknown', why: error instanceof Error ? error.message : String(error)};
				}
			});
			open = {paths, answer};
		}
		const index = open.paths.push(path) - 1;
		const answer = await open.answer;
		return answer.status === 'found' ? {status: 'found', value: answer.value[index] ?? {kind: 'absent'}} : answer;
	};
}

/** What is done to the kernel that runs, which is the guest's. */
const guestPrograms: ReadonlySet<string> = new Set(['insmod', 'rmmod', 'modprobe', 'dmesg']);

/**
 * Runs the walk's commands where they belong: what is done to the running kernel in the guest; all others build, in the practice
 * root with the folder they run in shared, or on this machine itself.
 */
export function createPracticeRunner(parts: {
	readonly host: Reader;
	readonly local: Runner;
	readonly practice: Pick<PracticeMachine, 'root'>;
	readonly guest: Guest;
}): Runner {
	const {host, local, guest} = parts;
	const {root} = parts.practice;
	return {
		run: async (command, options) => {
			if (command.as === 'root' && (root !== undefined || guestPrograms.has(command.argv[0])))
				return runInGuest(guest, command, options?.onOutput);
			if (root === undefined) return local.run(command, options);
			return local.run(inRoot(root, command, {path: command.cwd ?? host.cwd, owner: host.user}), options);
		},
		// in the guest everybody is
		canBeRoot: async () => true,
		async followKernelLog(onLine) {
			await guest.ready;
			return {source: "the guest's console", close: guest.follow(text => onLine({format: 'dmesg', text}))};
		},
		writeNew: local.writeNew,
		newLog: local.newLog
	};
}

/** A command in the guest. A module named by its file is put there first, under its own name. */
async function runInGuest(guest: Guest, command: Command, onOutput?: (text: string) => void): Promise<Running> {
	let isCancelled = false;
	const work = async (): Promise<Exit> => {
		try {
			const words: string[] = [];
			for (const word of command.argv) {
				if (!word.endsWith('.ko')) {
					words.push(word);
					continue;
				}
				const place = `/tmp/${basename(word)}`;
				await guest.put(place, await readFile(word));
				words.push(place);
			}
			const {code, output} = await guest.script(words.map(quoted).join(' '));
			onOutput?.(output);
			return {kind: 'exited', code};
		} catch (error) {
			if (isCancelled) return {kind: 'cancelled'};
			onOutput?.(`${guest.lastWords().join('\n')}\n`);
			return {
				kind: 'signalled',
				signal: `the end of the guest (${error instanceof Error ? error.message : String(error)})`
			};
		}
	};
	return {
		exit: work(),
		// a guest is there to be thrown away: what hangs in its kernel ends with it alone
		cancel() {
			isCancelled = true;
			void guest.stop();
		}
	};
}
