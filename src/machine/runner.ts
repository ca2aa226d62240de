import {closeSync, openSync, readSync} from 'node:fs';
import {mkdir, mkdtemp, open, readdir, rm, rmdir, stat, unlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';
import type {Command} from '../model/command.ts';
import type {Exit, Reader, Runner, Running, RunOptions, WriteResult} from '../model/machine.ts';
import {createSafeStream} from '../text/safe-text.ts';
import {childEnvironment} from './environment.ts';
import {followKernelLog} from './kernel-log.ts';
import {messageOf} from './message.ts';
import {findProgram, safePath} from './path.ts';
import {stateFolder} from './state-folder.ts';

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
					{...prepared, cwd, interrupt: command.interrupt, throughSudo: command.as === 'root' && !isRoot},
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
		newLog: name => newLog(stateFolder(reader), name)
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
		readonly throughSudo: boolean;
	},
	options: RunOptions
): Promise<Running> {
	const {argv, env, cwd, interrupt, throughSudo} = child;
	const ownGroup = interrupt === 'group' && !throughSudo;
	const {execa} = await import('execa');
	const scratch = options.log === undefined ? await mkdtemp(join(tmpdir(), 'linux-rust-setup-')) : undefined;
	const log = options.log ?? join(scratch ?? '', 'output');
	const output = openSync(log, 'a', 0o600);
	// execa passes any descriptor on, as node does; its types name only the standard ones
	const descriptor = output as 1;
	const input = openSync(log, 'r');
	const cancelling = new AbortController();
	const [program, ...rest] = argv;
	const started = execa(program ?? '', rest, {
		cwd,
		env,
		extendEnv: false,
		stdin: 'ignore',
		stdout: descriptor,
		stderr: descriptor,
		buffer: false,
		reject: false,
		// a process group of its own, ended as one: a grandchild outlives its parent otherwise. Not for sudo, whose ticket belongs to
		// this terminal's session and is not valid in a new one
		killDescendants: ownGroup,
		forceKillAfterDelay: killAfter,
		// what must not be interrupted is out of reach of the terminal's Ctrl-C, and ends by itself when this program is ended
		detached: interrupt === 'never' && !throughSudo,
		cleanup: interrupt === 'group',
		cancelSignal: cancelling.signal
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
			const result = await started;
			if (cancelling.signal.aborted && ownGroup && started.pid !== undefined) await endGroup(started.pid);
			look();
			options.onOutput?.(safe.end());
			if (cancelling.signal.aborted) return {kind: 'cancelled'};
			if (result.exitCode !== undefined) return {kind: 'exited', code: result.exitCode};
			if (result.signal !== undefined) return {kind: 'signalled', signal: result.signal};
			return {kind: 'not-started', why: messageOf(result.cause ?? result)};
		} finally {
			clearInterval(timer);
			closeSync(input);
			if (scratch !== undefined) await rm(scratch, {recursive: true, force: true});
		}
	})();
	return {
		exit,
		cancel() {
			if (interrupt === 'never' || cancelling.signal.aborted) return;
			cancelling.abort();
			// sudo belongs to root, and root alone may send it a signal, which it passes on to its command
			if (throughSudo && started.pid !== undefined) {
				void execa(program ?? '', ['-n', '--', 'kill', '-TERM', String(started.pid)], {
					env,
					extendEnv: false,
					stdio: 'ignore',
					reject: false
				});
			}
		}
	};
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

async function writeNew(
	folder: string,
	files: readonly {readonly path: string; readonly content: string}[]
): Promise<WriteResult> {
	const written: string[] = [];
	const made: string[] = [];
	const need = async (wanted: string): Promise<void> => {
		const outermost = await mkdir(wanted, {recursive: true});
		if (outermost === undefined) return;
		for (let one = wanted; one.length >= outermost.length; one = dirname(one)) made.push(one);
	};
	try {
		await need(folder);
		for (const {path, content} of files) {
			const file = join(folder, path);
			await need(dirname(file));
			const handle = await open(file, 'wx', 0o644);
			written.push(file);
			try {
				await handle.writeFile(content);
			} finally {
				await handle.close();
			}
		}
		return {ok: true, written};
	} catch (error) {
		// all or nothing: what this call made goes again, innermost first; what was there before stays untouched
		await Promise.all(written.map(file => unlink(file).catch(() => undefined)));
		for (const one of made.sort((a, b) => b.length - a.length)) await rmdir(one).catch(() => undefined);
		const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
		return {ok: false, why: exists ? `${(error as NodeJS.ErrnoException).path} exists already` : messageOf(error)};
	}
}

/** Falls back to the temporary folder where the state folder cannot be written; old logs beyond the newest twenty go. */
async function newLog(state: string, program: string): Promise<string> {
	const name = basename(program);
	const stamp = new Date().toISOString().replace(/[:.]/g, '-');
	const folder = join(state, 'logs');
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
		await (await open(log, 'wx', 0o600)).close();
		return log;
	} catch {
		return join(await mkdtemp(join(tmpdir(), 'linux-rust-setup-')), `${name}-${stamp}.log`);
	}
}

const stampOf = (log: string): string => log.slice(-'2026-01-31T10-00-00-000Z.log'.length);
