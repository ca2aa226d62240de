import {execFileSync, spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {onTestFinished} from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const programPath = join(root, 'bin/linux-rust-setup.js');

/** Builds the program if a source is newer than it, as `npm start` does. */
export function buildProgram(): void {
	execFileSync(process.execPath, ['--input-type=module', '-e', "(await import('./scripts/ensure.js')).ensureBuilt()"], {
		cwd: root,
		stdio: 'inherit'
	});
}

export type Ran = {readonly code: number | null; readonly stdout: string; readonly stderr: string};

export type Place = {
	/** The current folder of the program, empty at first. */
	readonly cwd: string;
	/** `$XDG_STATE_HOME`. */
	readonly state: string;
	run(args: readonly string[], options?: RunOptions): Promise<Ran>;
};

export type RunOptions = {
	readonly input?: string | Uint8Array;
	/** Closes the reading end of stdout before the program writes to it. */
	readonly closed?: true;
	readonly environment?: Readonly<Record<string, string>>;
	readonly node?: string;
};

/** A folder of its own for a test, with the built program to run in it: no terminal, no memory, no settings of the user. */
export function makePlace(): Place {
	const folder = mkdtempSync(join(tmpdir(), 'program-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	const [cwd, state] = [join(folder, 'here'), join(folder, 'state')];
	mkdirSync(cwd);
	return {
		cwd,
		state,
		run: (args, options = {}) => run(cwd, state, args, options)
	};
}

function run(cwd: string, state: string, args: readonly string[], options: RunOptions): Promise<Ran> {
	return new Promise((resolve, reject) => {
		const child = spawn(options.node ?? process.execPath, [programPath, ...args], {
			cwd,
			stdio: ['pipe', 'pipe', 'pipe'],
			env: {PATH: '/usr/bin:/bin', HOME: '/home/me', LANG: 'C.UTF-8', XDG_STATE_HOME: state, ...options.environment}
		});
		const output = {stdout: '', stderr: ''};
		if (options.closed) child.stdout.destroy();
		else child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
		child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
		// a program that has ended reads no more
		child.stdin.on('error', () => {});
		child.stdin.end(options.input ?? '');
		child.on('error', reject);
		child.on('close', code => resolve({code, ...output}));
	});
}
