import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {chmod, cp, mkdir, mkdtemp, readdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join, relative} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {promisify} from 'node:util';
import xterm from '@xterm/headless';
import * as pty from 'node-pty';

/** What a job in a guest is given. */
export type JobOptions = {
	/** Who runs the script: `dev` (an ordinary user, password `dev`, may sudo) unless told otherwise. */
	readonly user?: 'dev' | 'root';
	/** Bash that root runs before the script, without a terminal. If it fails, so does the job, showing its output. */
	readonly prepare?: string;
	/** Files and folders of this machine to be found in the guest's /job: the name there → the path here. */
	readonly carry?: Readonly<Record<string, string>>;
	/** The machine that starts: one with linux-rust, or one that has never heard of it, whose disk is kept (disk.ts). */
	readonly machine?: 'rust' | 'story';
	/** The guest's memory in MiB, 2048 unless told otherwise. Its files live there too. */
	readonly memory?: number;
};

/** What a job left behind. */
export type Ended = {
	/** The script's exit code; undefined when the guest went down before the script ended (killed, or its kernel panicked). */
	readonly code: number | undefined;
	/** The text of every file the script left in /results, by its path below it. */
	readonly files: Readonly<Record<string, string>>;
	/** The guest's kernel log; of a guest that went down, what its kernel had printed on the console. */
	readonly kernelLog: string;
	/** The job's folder on this machine, kept for a day. */
	readonly folder: string;
};

/** A job in a guest, seen through its terminal. */
export type Guest = {
	/** The job's folder on this machine, /job in the guest. */
	readonly folder: string;
	/** What the terminal shows now: its rows, without what is blank at their ends. */
	readonly screen: () => string;
	/** Everything it has shown: what scrolled away (10 000 lines) and the screen. */
	readonly transcript: () => string;
	/** Types: text as it is, keys as the bytes a terminal sends for them ('\r', '\x1b[B', '\x03'). */
	readonly press: (keys: string) => void;
	/**
	 * Waits until the screen shows a text or matches a pattern, and gives the screen.
	 * Throws, with the screen, after `timeout` milliseconds (60 000) and when the job ends before.
	 */
	readonly waitFor: (expected: string | RegExp, timeout?: number) => Promise<string>;
	/** Gives the terminal another size; programs in the guest get SIGWINCH. */
	readonly resize: (columns: number, rows: number) => void;
	/** The end of the guest, however it comes. Rejects when `prepare` failed and when no guest came up. */
	readonly done: Promise<Ended>;
	/** Ends the guest at once, with every process of it. */
	readonly kill: () => Promise<void>;
};

/**
 * Boots a guest and runs a bash script in it on a terminal of the given size (80x24).
 * Its files are its own and vanish with it; what is to be kept goes to /results.
 * Throws when the lab cannot be built on this machine.
 */
export async function bootGuest(
	options: JobOptions & {readonly script: string; readonly columns?: number; readonly rows?: number}
): Promise<Guest> {
	const {columns = 80, rows = 24} = options;
	const job = await prepareJob(options.script, options);
	const terminal = new xterm.Terminal({cols: columns, rows, scrollback: 10_000, allowProposedApi: true});
	const terminalProcess = pty.spawn(bootProgram, [...job.bootArguments, 'terminal'], {
		cols: columns,
		rows,
		name: 'xterm-256color',
		env: job.environment
	});
	terminal.onData(reply => terminalProcess.write(reply));
	terminalProcess.onData(output => terminal.write(output));
	let running = true;
	let killed = false;
	const exited = new Promise<void>(resolve => {
		terminalProcess.onExit(() => {
			running = false;
			terminal.write('', resolve);
		});
	});

	const lines = (from: number, to: number): string => {
		const buffer = terminal.buffer.active;
		return Array.from({length: to - from}, (_, row) => buffer.getLine(from + row)?.translateToString(true) ?? '')
			.join('\n')
			.trimEnd();
	};
	const screen = (): string => {
		const top = terminal.buffer.active.baseY;
		return lines(top, top + terminal.rows);
	};
	const shows = (expected: string | RegExp): boolean =>
		typeof expected === 'string' ? screen().includes(expected) : screen().search(expected) >= 0;

	const done = exited.then(() => readJob(job.folder, killed));
	// Whoever waits for `done` sees its failure; a guest that nobody waits for must not end the test run.
	done.catch(() => {});

	return {
		folder: job.folder,
		screen,
		transcript: () => lines(0, terminal.buffer.active.length),
		press: keys => terminalProcess.write(keys),
		waitFor: async (expected, timeout = 60_000) => {
			const deadline = Date.now() + timeout;
			while (!shows(expected)) {
				if (!running) {
					const {kernelLog} = await done;
					if (shows(expected)) {
						break;
					}
					throw new Error(
						`The job ended and never showed ${expected}. Its last screen:\n${screen()}\n\nKernel log:\n${kernelLog}`
					);
				}
				if (Date.now() > deadline) {
					throw new Error(`The screen did not show ${expected} within ${timeout} ms. It shows:\n${screen()}`);
				}
				await sleep(20);
			}
			return screen();
		},
		resize: (newColumns, newRows) => {
			terminal.resize(newColumns, newRows);
			terminalProcess.resize(newColumns, newRows);
		},
		done,
		kill: async () => {
			killed = true;
			if (running) {
				terminalProcess.kill('SIGKILL');
			}
			await exited;
		}
	};
}

/**
 * Boots a guest, runs a bash script in it without a terminal, and gives its exit code and its output (both streams, as they
 * came). Throws when the lab cannot be built here, when no guest came up, when `prepare` failed, and when the script takes
 * longer than `timeout` milliseconds (120 000); the guest is gone then.
 */
export async function runInGuest(
	script: string,
	{timeout = 120_000, ...options}: JobOptions & {readonly timeout?: number} = {}
): Promise<Ended & {readonly output: string}> {
	const job = await prepareJob(script, options);
	const child = spawn(bootProgram, [...job.bootArguments, 'batch'], {
		stdio: 'ignore',
		env: job.environment,
		timeout,
		killSignal: 'SIGKILL'
	});
	const [, signal] = await once(child, 'exit');
	const output = await readIfThere(join(job.folder, 'output.log'));
	if (signal !== null) {
		throw new Error(`The guest was ended by ${signal} (time limit: ${timeout} ms). Its output until then:\n${output}`);
	}
	return {...(await readJob(job.folder, false)), output};
}

/** Builds the lab if it is not there yet, and gives its machine's folder. Throws when this machine cannot have it. */
export async function machineFolder(machine: 'rust' | 'story' = 'rust'): Promise<string> {
	const words = machine === 'story' ? ['story'] : [];
	const {stdout} = await promisify(execFile)(join(import.meta.dirname, 'build.sh'), words);
	return stdout.trim();
}

const bootProgram = join(import.meta.dirname, 'boot.sh');

type Job = {
	readonly folder: string;
	readonly bootArguments: readonly string[];
	readonly environment: Record<string, string | undefined>;
};

async function prepareJob(
	script: string,
	{user = 'dev', prepare, carry = {}, memory = 2048, machine: which = 'rust'}: JobOptions
): Promise<Job> {
	const machine = await machineFolder(which);
	const folder = await mkdtemp(join(dirname(machine), 'jobs', 'job-'));
	// The guest's users are not the owner.
	await chmod(folder, 0o755);
	await writeFile(join(folder, 'script'), script);
	if (prepare !== undefined) {
		await writeFile(join(folder, 'prepare'), prepare);
	}
	if (which === 'story') await writeFile(join(folder, 'keeps-disk'), '');
	for (const [name, path] of Object.entries(carry)) {
		await mkdir(dirname(join(folder, name)), {recursive: true});
		await cp(path, join(folder, name), {recursive: true});
	}
	return {folder, bootArguments: [machine, folder, user], environment: {...process.env, LAB_MEMORY: String(memory)}};
}

/** What boot.sh and the guest left in the job's folder. Of a guest that was killed, nothing need be there. */
async function readJob(folder: string, killed: boolean): Promise<Ended> {
	const code = await readIfThere(join(folder, 'code'));
	const printed = await readIfThere(join(folder, 'console.log'));
	if (!killed && !existsSync(join(folder, 'booted'))) {
		throw new Error(`No guest came up. What was said on the way:\n${printed}`);
	}
	if (code.trim() === 'prepare') {
		throw new Error(
			`The guest could not be prepared. Output of the preparation:\n${await readIfThere(join(folder, 'output.log'))}`
		);
	}
	return {
		code: code === '' ? undefined : Number(code),
		files: await readTexts(join(folder, 'results')),
		kernelLog: (await readIfThere(join(folder, 'kernel.log'))) || printed,
		folder
	};
}

async function readTexts(folder: string): Promise<Record<string, string>> {
	const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch(() => []);
	const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
	return Object.fromEntries(
		await Promise.all(paths.map(async path => [relative(folder, path), await readFile(path, 'utf8')] as const))
	);
}

/** The text of a file, or nothing where there is none: a guest that went down leaves only some of them. */
async function readIfThere(path: string): Promise<string> {
	return readFile(path, 'utf8').catch(() => '');
}
