import {closeSync, constants, mkdtempSync, openSync, readSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Command} from '../model/command.ts';
import type {Exit, Reader, Runner, Running, RunOptions} from '../model/machine.ts';
import {createSafeStream} from '../text/safe-text.ts';
import {childEnvironment} from './environment.ts';
import {followKernelLog} from './kernel-log.ts';
import {messageOf} from './message.ts';
import {findProgram, safePath} from './path.ts';
import {newRunLog} from './run-log.ts';
import {startProgram} from './start-program.ts';
import {stateFolder} from './state-folder.ts';
import {writeNew} from './write-new.ts';

/** How often a running program's output is looked at, in milliseconds: about a screen's own 30 frames a second. */
const lookEvery = 33;
const killAfter = 5000;

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
		if (!isFolder(cwd)) return {exit: Promise.resolve({kind: 'not-started', why: `${cwd} is no folder`}), cancel() {}};
		return command.terminal === 'handed-over'
			? runOnTerminal(prepared.argv, prepared.env, cwd, command.interrupt)
			: runCaptured(
					{
						...prepared,
						cwd,
						interrupt: command.interrupt,
						stopWith: command.stopWith ?? 'SIGTERM',
						stdin: command.stdin ?? 'none',
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
		newLog: async (name, onElsewhere) => newRunLog(stateFolder(reader), name, onElsewhere)
	};
}

function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
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
		readonly stdin: 'none' | 'held';
		readonly throughSudo: boolean;
	},
	options: RunOptions
): Promise<Running> {
	const {argv, env, cwd, interrupt, stopWith, stdin, throughSudo} = child;
	const ownGroup = interrupt === 'group' && !throughSudo;
	const {output, input} = options.log === undefined ? openNameless() : openLog(options.log);
	const hearCtrlC = interrupt === 'never' && throughSudo ? withoutCtrlC() : () => {};
	let isCancelled = false;
	const started = startProgram(argv, {
		cwd,
		env,
		output,
		stdin,
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
		}
	})();
	return {
		exit,
		cancel() {
			if (interrupt === 'never' || isCancelled) return;
			isCancelled = true;
			started.stop();
			// sudo belongs to root, and root alone may send it a signal, which it passes on to its command
			if (throughSudo && stdin === 'none' && started.pid !== undefined)
				void killThroughSudo(argv[0] ?? '', started.pid, env);
		}
	};
}

type OpenFile = {readonly output: number; readonly input: number};

const openLog = (log: string): OpenFile => ({output: openSync(log, 'a', 0o600), input: openSync(log, 'r')});

/** open(2): a file that never has a name. Nothing is left of it, whatever becomes of this process. */
const O_TMPFILE = constants.O_DIRECTORY | 0o20000000;

function openNameless(): OpenFile {
	try {
		const output = openSync(tmpdir(), O_TMPFILE | constants.O_RDWR | constants.O_APPEND, 0o600);
		return {output, input: openSync(`/proc/self/fd/${output}`, 'r')};
	} catch {
		// not every file system has such files
		const folder = mkdtempSync(join(tmpdir(), 'linux-rust-setup-'));
		try {
			return openLog(join(folder, 'output'));
		} finally {
			rmSync(folder, {recursive: true});
		}
	}
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
