import type {Command} from './command.ts';

/** Something looked for on a machine. `absent` is a definite no; `unknown` means it could not be found out, and never counts as a no. */
export type Found<T> =
	| {readonly status: 'found'; readonly value: T}
	| {readonly status: 'absent'}
	| {readonly status: 'unknown'; readonly why: string};

export type FileFacts = {
	readonly kind: 'file' | 'folder' | 'other';
	/** Bytes. */
	readonly size: number;
	/** Milliseconds since the epoch. */
	readonly modified: number;
	readonly inode: number;
	readonly owner: number;
	readonly mode: number;
};

export type Derivation = (bytes: Uint8Array) => string;

export type User = {
	readonly uid: number;
	readonly name: string;
	readonly home: string;
	/** Ids of the groups this process belongs to. */
	readonly groups: readonly number[];
};

/** What a harmless program (`rustc --version`) printed. */
export type ProbeOutput = {readonly stdout: string; readonly stderr: string; readonly code: number};

/**
 * The reading half of a machine: files below one root and harmless probes. Steps inspect with this half alone, so that
 * looking can change nothing. Paths are absolute paths of that machine, whatever folder its root is here.
 */
export type Reader = {
	/** `/`, or the folder that stands for it (`--sysroot`). */
	readonly root: string;
	readonly user: User;
	readonly cwd: string;
	readonly architecture: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** At most `limit` bytes from the beginning (default 16 MiB); the rest is left unread. */
	readBytes(path: string, limit?: number): Promise<Found<Uint8Array>>;
	/** As `readBytes`, decoded as UTF-8 and, where the content is gzip, unpacked. */
	readText(path: string, limit?: number): Promise<Found<string>>;
	/**
	 * A short text that `derive` makes of a file's content, and of nothing else. May be known from an earlier run that asked the same
	 * `question`, where the file is still the one it was.
	 */
	derived(path: string, question: string, derive: Derivation, limit?: number): Promise<Found<string>>;
	/** Names in a folder, sorted. */
	list(path: string): Promise<Found<readonly string[]>>;
	/** Follows symbolic links. */
	stat(path: string): Promise<Found<FileFacts>>;
	realPath(path: string): Promise<Found<string>>;
	/** Bytes free for an ordinary user on the file system that holds `path`. */
	freeSpace(path: string): Promise<Found<number>>;
	/** The absolute path of a program, from the safe part of PATH. */
	which(name: string): Promise<Found<string>>;
	/**
	 * Runs a program that changes nothing. Killed, and `unknown`, after `timeout` milliseconds (default 5000). `lasting`: the answer
	 * depends on the program's file, and on the files `of`, alone, and may be known from an earlier run.
	 */
	probe(
		argv: readonly [string, ...string[]],
		options?: {readonly timeout?: number; readonly lasting?: boolean; readonly of?: readonly string[]}
	): Promise<Found<ProbeOutput>>;
};

/** How a program ended. */
export type Exit =
	| {readonly kind: 'exited'; readonly code: number}
	| {readonly kind: 'signalled'; readonly signal: string}
	| {readonly kind: 'cancelled'}
	| {readonly kind: 'not-started'; readonly why: string};

/** A program that runs. */
export type Running = {
	readonly exit: Promise<Exit>;
	/** Stops the whole process group: the command's gentle signal first, KILL after five seconds. Does nothing to a command that must not be interrupted. */
	cancel(): void;
};

export type RunOptions = {
	/** Safe text, in pieces as they came. */
	readonly onOutput?: (text: string) => void;
	/** The raw bytes of stdout and stderr, in the order they were written, end up here, complete. */
	readonly log?: string;
};

/** One line the kernel said, as raw as its source gives it, and which kind of source that was. */
export type KernelLogLine = {readonly format: 'kmsg' | 'dmesg'; readonly text: string};

export type FollowingKernelLog = {
	/** What is being read, for the user: `/dev/kmsg`, `journalctl -kf`, `sudo dmesg --follow-new`. */
	readonly source: string;
	close(): void;
};

/** The running half of a machine: everything that can change something. */
export type Runner = {
	run(command: Command, options?: RunOptions): Promise<Running>;
	/** Whether root commands would run without a question: as root, or with a sudo ticket. */
	canBeRoot(): Promise<boolean>;
	/**
	 * Lines from now on. `onMissed`: the kernel's ring overwrote records before they could be read. `becomeRoot` is asked, with the
	 * command, before the log is read behind sudo.
	 */
	followKernelLog(
		onLine: (line: KernelLogLine) => void,
		onMissed: () => void,
		becomeRoot: (command: Command) => Promise<boolean>
	): Promise<FollowingKernelLog | {readonly source: undefined; readonly why: string}>;
	/** Writes files that do not exist yet, creating folders. Where one exists already nothing at all is written. */
	writeNew(folder: string, files: readonly {readonly path: string; readonly content: string}[]): Promise<WriteResult>;
	/**
	 * A new, empty log file with this name's beginning, in the user's state folder. `onElsewhere` is told, in one or two sentences,
	 * where that cannot be written, or is on a full disk, and which folder has the log instead.
	 */
	newLog(name: string, onElsewhere?: (why: string) => void): Promise<string>;
};

export type WriteResult =
	| {readonly ok: true; readonly written: readonly string[]}
	| {readonly ok: false; readonly why: string};

export type Machine = {readonly reader: Reader; readonly runner: Runner};
