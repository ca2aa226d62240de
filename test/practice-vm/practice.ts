import {type ChildProcess, spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';

const repository = resolve(import.meta.dirname, '../..');
const node = join(repository, 'node_modules/node/bin/node');
const program = join(repository, 'bin/linux-rust-setup.js');

/** The practice root of these tests is kept between runs; the program itself finds out what of it still holds. */
export const cache =
	process.env['PRACTICE_CACHE'] ??
	join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'linux-rust-setup-tests');
export const practiceFolder = join(cache, 'linux-rust-setup/practice');
export const root = join(practiceFolder, 'root');

export type Ended = {
	readonly code: number | null;
	readonly signal: string | null;
	readonly stdout: string;
	readonly stderr: string;
	readonly seconds: number;
};
export type Started = {readonly child: ChildProcess; readonly ended: Promise<Ended>; says(text: RegExp): Promise<void>};

const running = new Set<ChildProcess>();

const folders: string[] = [];

/** Ends what a test that failed left running, and removes its folders. */
export function endAll(): void {
	for (const child of running) child.kill('SIGKILL');
	for (const folder of folders.splice(0)) rmSync(folder, {recursive: true, force: true});
}

export function emptyFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'practice-test-'));
	folders.push(folder);
	return folder;
}

/** Starts the program as a user would, in a folder of its own. `before` is put in front of it, `unshare -n` for instance. */
export function start(
	words: readonly string[],
	options: {
		readonly cwd?: string;
		readonly cache?: string;
		readonly before?: readonly string[];
		readonly input?: string;
	} = {}
): Started {
	const cwd = options.cwd ?? emptyFolder();
	const state = join(cwd, '.state');
	mkdirSync(state, {recursive: true});
	const [first = '', ...rest] = [...(options.before ?? []), node, program, ...words];
	const began = performance.now();
	const child = spawn(first, rest, {
		cwd,
		stdio: ['pipe', 'pipe', 'pipe'],
		env: {...process.env, XDG_CACHE_HOME: options.cache ?? cache, XDG_STATE_HOME: state}
	});
	running.add(child);
	child.on('close', () => running.delete(child));
	let stdout = '';
	let stderr = '';
	const waiting: {text: RegExp; resolve(): void}[] = [];
	const hear = (): void => {
		for (const one of waiting) if (one.text.test(stdout + stderr)) one.resolve();
	};
	child.stdout.setEncoding('utf8').on('data', text => {
		stdout += text;
		hear();
	});
	child.stderr.setEncoding('utf8').on('data', text => {
		stderr += text;
		hear();
	});
	child.stdin.on('error', () => {});
	if (options.input === undefined) child.stdin.end();
	else child.stdin.end(options.input);
	const ended = new Promise<Ended>(done =>
		child.on('close', (code, signal) =>
			done({code, signal, stdout, stderr, seconds: (performance.now() - began) / 1000})
		)
	);
	return {
		child,
		ended,
		says: text =>
			Promise.race([
				new Promise<void>(done => {
					waiting.push({text, resolve: done});
					hear();
				}),
				ended.then(result => {
					if (!text.test(result.stdout + result.stderr))
						throw new Error(`ended with ${result.code} without saying ${text}:\n${result.stderr.slice(-2000)}`);
				})
			])
	};
}

export const run = (...given: Parameters<typeof start>): Promise<Ended> => start(...given).ended;

/** Process ids whose command line names the practice folder: QEMU, and whatever runs in the root. */
export function ofPractice(folder: string = practiceFolder): readonly number[] {
	return readdirSync('/proc')
		.filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
		.filter(name => {
			try {
				return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder);
			} catch {
				return false;
			}
		})
		.map(Number);
}
