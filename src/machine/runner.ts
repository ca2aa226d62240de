import {closeSync, openSync, readSync} from 'node:fs';
import {mkdir, mkdtemp, open, readdir, rm, unlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import type {Command} from '../model/command.ts';
import type {Exit, Reader, Runner, Running, RunOptions, WriteResult} from '../model/machine.ts';
import {createSafeStream} from '../text/safe-text.ts';
import {childEnvironment} from './environment.ts';
import {followKernelLog} from './kernel-log.ts';
import {findProgram, safePath} from './path.ts';
import {messageOf} from './reader.ts';
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
		const folders = await safePath(reader.environment['PATH']);
		const [name, ...rest] = command.argv;
		const program = await findProgram(name, folders);
		if (program === undefined)
			return {why: `${name} is not installed, or not in a folder of PATH that only its owner may write to`};
		const env = childEnvironment(reader.environment, folders, command.env);
		if (command.as === 'user' || isRoot) return {argv: [program, ...rest], env};
		const sudo = await findProgram('sudo', folders);
		if (sudo === undefined) return {why: `${name} needs root, and sudo is not installed`};
		// -n: a captured sudo has no terminal to ask on, and must fail at once instead of waiting
		const ask = command.terminal === 'captured' ? ['-n'] : [];
		return {argv: [sudo, ...ask, '--', program, ...rest], env};
	};

	const run = async (command: Command, options: RunOptions = {}): Promise<Running> => {
		const prepared = await prepare(command);
		if ('why' in prepared) return {exit: Promise.resolve({kind: 'not-started', why: prepared.why}), cancel() {}};
		const cwd = command.cwd ?? reader.cwd;
		return command.terminal === 'handed-over'
			? runOnTerminal(prepared.argv, prepared.env, cwd)
			: runCaptured(prepared.argv, prepared.env, cwd, command.interrupt, options);
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
	argv: readonly string[],
	env: Record<string, string>,
	cwd: string,
	interrupt: Command['interrupt'],
	options: RunOptions
): Promise<Running> {
	const {execa} = await import('execa');
	const scratch = options.log === undefined ? await mkdtemp(join(tmpdir(), 'linux-rust-setup-')) : undefined;
	const log = options.log ?? join(scratch ?? '', 'output');
	const output = openSync(log, 'a', 0o600);
	// execa passes any descriptor on, as node does; its types name only the standard ones
	const descriptor = output as 1;
	const input = openSync(log, 'r');
	const cancelling = new AbortController();
	const [program, ...rest] = argv;
	const child = execa(program ?? '', rest, {
		cwd,
		env,
		extendEnv: false,
		stdin: 'ignore',
		stdout: descriptor,
		stderr: descriptor,
		buffer: false,
		reject: false,
		// a process group of its own, ended as one: a grandchild outlives its parent otherwise (execa#96)
		killDescendants: interrupt === 'group',
		forceKillAfterDelay: killAfter,
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
			const result = await child;
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
			if (interrupt === 'group') cancelling.abort();
		}
	};
}

/** Gives the child this very terminal: it may ask for a password. The caller has put its own screen away first. */
async function runOnTerminal(argv: readonly string[], env: Record<string, string>, cwd: string): Promise<Running> {
	const {execa} = await import('execa');
	const [program, ...rest] = argv;
	// Ctrl-C at a password prompt is meant for the child; without a listener it would end this process too
	const ignore = (): void => {};
	process.on('SIGINT', ignore);
	const child = execa(program ?? '', rest, {cwd, env, extendEnv: false, stdio: 'inherit', reject: false});
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
	try {
		await mkdir(folder, {recursive: true});
		for (const {path, content} of files) {
			const file = join(folder, path);
			await mkdir(dirname(file), {recursive: true});
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
		// all or nothing: what this call wrote goes again, what was there before stays untouched
		await Promise.all(written.map(file => unlink(file).catch(() => undefined)));
		const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
		return {ok: false, why: exists ? `${(error as NodeJS.ErrnoException).path} exists already` : messageOf(error)};
	}
}

/** Falls back to the temporary folder where the state folder cannot be written; old logs beyond the newest twenty go. */
async function newLog(state: string, name: string): Promise<string> {
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

const stampOf = (log: string): string => log.slice(log.indexOf('-') + 1);
