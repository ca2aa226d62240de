import {closeSync, openSync, readSync} from 'node:fs';
import {mkdir, mkdtemp, open, readdir, rm, stat, unlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';
import type {Command} from '../model/command.ts';
import type {Exit, Reader, Runner, Running, RunOptions} from '../model/machine.ts';
import {createSafeStream} from '../text/safe-text.ts';
import {childEnvironment} from './environment.ts';
import {followKernelLog} from './kernel-log.ts';
import {messageOf} from './message.ts';
import {findProgram, safePath} from './path.ts';
import {startProgram} from './start-program.ts';
import {stateFolder} from './state-folder.ts';
import {writeNew} from './write-new.ts';

/** How often a running program's output is looked at, in milliseconds: about a screen's own 30 frames a second. */
const lookEvery = 33;
const killAfter = 5000;
const keptLogs = 20;

/** The running half of this computer. */
export function createLocalRunner(reader: Reader): Runner {
	const isRoot = reader.user.uid === 0;

	const prepare = async (
		command: Command
	): Promise<{argv: readonly string[]; env: Record<string, string>} | {why: string}> => {
		const folders = safePath(reader.environment['PATH']);
		const [name, ...rest] = command.argv;
		const program = findProgram(name, folders);
		if (program === undefined)
			return {why: `${name} is not installed, or not in a folder of PATH that only its owner may write to`};
		const env = childEnvironment(reader.environment, folders, command.env);
		if (command.as === 'user' || isRoot) return {argv: [program, ...rest], env};
		const sudo = findProgram('sudo', folders);
		if (sudo === undefined) return {why: `${name} needs root, and sudo is not installed`};
		// -n: a captured sudo has no terminal to ask on, and must fail at once instead of waiting
		const ask = command.terminal === 'captured' ? ['-n'] : [];
		return {argv: [sudo, ...ask, '--', program, ...rest], env};
	};

	const run = async (command: Command, options: RunOptions = {}): Promise<Running> => {
		const prepared = await prepare(command);
		if ('why' in prepared) return {exit: Promise.resolve({kind: 'not-started', why: prepared.why}), cancel() {}};
		const cwd = command.cwd ?? reader.cwd;
		// asked here, because spawn reports a missing folder as a missing program
		const isFolder = await stat(cwd).then(
			facts => facts.isDirectory(),
			() => false
		);
		if (!isFolder) return {exit: Promise.resolve({kind: 'not-started', why: `${cwd} is no folder`}), cancel() {}};
		return command.terminal === 'handed-over'
			? runOnTerminal(prepared.argv, prepared.env, cwd, command.interrupt)
			: runCaptured(
					{
						...prepared,
						cwd,
						interrupt: command.interrupt,
						stopWith: command.stopWith ?? 'SIGTERM',
						throughSudo: command.as === 'root' && !isRoot
					},
					options
				);
	};

	return {
		run,
		async canBeRoot() {
			if (isRoot) return true;
			const {exit} = await run({
				argv: ['true'],
				as: 'root',
				terminal: 'captured',
				interrupt: 'group',
				why: 'asks whether sudo needs a password'
			});
			const ended = await exit;
			return ended.kind === 'exited' && ended.code === 0;
		},
		followKernelLog: (onLine, onMissed, becomeRoot) => followKernelLog(reader, run, onLine, onMissed, becomeRoot),
		writeNew,
		newLog: (name, onElsewhere) => newLog(stateFolder(reader), name, onElsewhere)
	};
}

/**
 * Runs with stdout and stderr both on one append-only file, which is read as it grows. One open file keeps the order of the
 * two streams, the log is complete whatever becomes of this process, and the child never waits for a screen.
 */
async function runCaptured(
	child: {
		readonly argv: readonly string[];
		readonly env: Record<string, string>;
		readonly cwd: string;
		readonly interrupt: Command['interrupt'];
		readonly stopWith: NodeJS.Signals;
		readonly throughSudo: boolean;
	},
	options: RunOptions
): Promise<Running> {
	const {argv, env, cwd, interrupt, stopWith, throughSudo} = child;
	const ownGroup = interrupt === 'group' && !throughSudo;
	const scratch = options.log === undefined ? await mkdtemp(join(tmpdir(), 'linux-rust-setup-')) : undefined;
	const log = options.log ?? join(scratch ?? '', 'output');
	const output = openSync(log, 'a', 0o600);
	const input = openSync(log, 'r');
	const hearCtrlC = interrupt === 'never' && throughSudo ? withoutCtrlC() : () => {};
	let isCancelled = false;
	const started = startProgram(argv, {
		cwd,
		env,
		output,
		// a process group of its own, ended as one: a grandchild outlives its parent otherwise. Not for sudo, whose ticket belongs to
		// this terminal's session and is not valid in a new one. What must not be interrupted is out of reach of the terminal's Ctrl-C,
		// and ends by itself when this program is ended
		as: throughSudo ? 'member' : interrupt === 'group' ? 'group' : 'apart',
		stopWith,
		endsWithUs: interrupt === 'group',
		killAfter
	});
	closeSync(output);

	const safe = createSafeStream();
	const buffer = Buffer.allocUnsafe(256 * 1024);
	const look = (): void => {
		for (;;) {
			const count = readSync(input, buffer, 0, buffer.length, null);
			if (count === 0) return;
			options.onOutput?.(safe.push(buffer.subarray(0, count)));
		}
	};
	const timer = setInterval(look, lookEvery);

	const exit = (async (): Promise<Exit> => {
		try {
			const ended = await started.ended;
			if (isCancelled && ownGroup && started.pid !== undefined) await endGroup(started.pid);
			look();
			options.onOutput?.(safe.end());
			if (isCancelled) return {kind: 'cancelled'};
			return ended.kind === 'not-started' ? {kind: 'not-started', why: messageOf(ended.error)} : ended;
		} finally {
			hearCtrlC();
			clearInterval(timer);
			closeSync(input);
			if (scratch !== undefined) await rm(scratch, {recursive: true, force: true});
		}
	})();
	return {
		exit,
		cancel() {
			if (interrupt === 'never' || isCancelled) return;
			isCancelled = true;
			started.stop();
			// sudo belongs to root, and root alone may send it a signal, which it passes on to its command
			if (throughSudo && started.pid !== undefined) void killThroughSudo(argv[0] ?? '', started.pid, env);
		}
	};
}

async function killThroughSudo(sudo: string, pid: number, env: Record<string, string>): Promise<void> {
	const {execa} = await import('execa');
	await execa(sudo, ['-n', '--', 'kill', '-TERM', String(pid)], {
		env,
		extendEnv: false,
		stdio: 'ignore',
		reject: false
	});
}

/**
 * Ctrl-C on a terminal goes to all that run in its foreground. sudo has to be among them, because its ticket belongs to this
 * terminal's session, and it would pass the signal on. Until the function that this gives is called, Ctrl-C is a key like others.
 */
function withoutCtrlC(): () => void {
	const {stdin} = process;
	if (!stdin.isTTY || stdin.isRaw) return () => {};
	stdin.setRawMode(true);
	return () => void stdin.setRawMode(false);
}

/** A group outlives its first process where another member ignores TERM: what is left after a while is killed. */
async function endGroup(group: number): Promise<void> {
	const end = performance.now() + killAfter;
	while (signalGroup(group, 0)) {
		if (performance.now() >= end) {
			signalGroup(group, 'SIGKILL');
			return;
		}
		await new Promise(resolve => setTimeout(resolve, lookEvery));
	}
}

/** Whether the group had a member that could be sent the signal. */
function signalGroup(group: number, signal: 0 | 'SIGKILL'): boolean {
	try {
		return process.kill(-group, signal);
	} catch {
		return false;
	}
}

/** Gives the child this very terminal: it may ask for a password. The caller has put its own screen away first. */
async function runOnTerminal(
	argv: readonly string[],
	env: Record<string, string>,
	cwd: string,
	interrupt: Command['interrupt']
): Promise<Running> {
	const {execa} = await import('execa');
	const [program, ...rest] = argv;
	// Ctrl-C at a password prompt is meant for the child; without a listener it would end this process too
	const ignore = (): void => {};
	process.on('SIGINT', ignore);
	const child = execa(program ?? '', rest, {
		cwd,
		env,
		extendEnv: false,
		stdio: 'inherit',
		reject: false,
		cleanup: interrupt === 'group'
	});
	const exit = (async (): Promise<Exit> => {
		try {
			const result = await child;
			if (result.exitCode !== undefined) return {kind: 'exited', code: result.exitCode};
			if (result.signal !== undefined) return {kind: 'signalled', signal: result.signal};
			return {kind: 'not-started', why: messageOf(result.cause ?? result)};
		} finally {
			process.off('SIGINT', ignore);
		}
	})();
	return {exit, cancel() {}};
}

/** What a log may grow to before its disk is full: make and what it runs fail when their output cannot be written. */
const roomForLog = Buffer.alloc(256 * 1024);

/** Where a log goes when the state folder cannot take it: the temporary folder, or memory. */
const otherFolders = [tmpdir(), '/dev/shm'] as const;

/**
 * Falls back to another folder where the state folder cannot be written or has no room, and says why; old logs beyond the newest
 * twenty go.
 */
async function newLog(state: string, program: string, onElsewhere?: (why: string) => void): Promise<string> {
	const name = basename(program);
	const stamp = new Date().toISOString().replace(/[:.]/g, '-');
	const folder = join(state, 'logs');
	const problems: string[] = [];
	try {
		await mkdir(folder, {recursive: true, mode: 0o700});
		const logs = (await readdir(folder))
			.filter(file => file.endsWith('.log'))
			.sort((a, b) => stampOf(a).localeCompare(stampOf(b)));
		await Promise.all(
			logs
				.slice(0, Math.max(0, logs.length - keptLogs + 1))
				.map(file => unlink(join(folder, file)).catch(() => undefined))
		);
		const log = join(folder, `${name}-${stamp}.log`);
		await makeLog(log);
		return log;
	} catch (error) {
		problems.push(messageOf(error));
	}
	for (const other of otherFolders) {
		try {
			const log = join(await mkdtemp(join(other, 'linux-rust-setup-')), `${name}-${stamp}.log`);
			await makeLog(log);
			onElsewhere?.(`No log can be written to ${folder} (${problems[0]}). It is in ${dirname(log)} instead.`);
			return log;
		} catch (error) {
			problems.push(messageOf(error));
		}
	}
	throw new Error(`no log can be written: ${problems.join('; ')}`);
}

/** Makes an empty file on a disk that has room for more, or leaves none behind. */
async function makeLog(log: string): Promise<void> {
	const handle = await open(log, 'wx', 0o600);
	try {
		await handle.writeFile(roomForLog);
		await handle.truncate(0);
	} catch (error) {
		await unlink(log).catch(() => undefined);
		throw error;
	} finally {
		await handle.close();
	}
}

const stampOf = (log: string): string => log.slice(-'2026-01-31T10-00-00-000Z.log'.length);
