import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync
} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, afterEach, expect} from 'vitest';

export const repository = resolve(import.meta.dirname, '../..');
export const node = join(repository, 'node_modules/node/bin/node');
export const program = join(repository, 'bin/linux-rust-setup.js');

/** A practice root, where the program looks for it. */
export type Place = {
	/** What XDG_CACHE_HOME is. */
	readonly cache: string;
	/** Practice mode's own folder in it. */
	readonly folder: string;
	readonly root: string;
};

const placeAt = (cache: string): Place => {
	const folder = join(cache, 'linux-rust-setup/practice');
	return {cache, folder, root: join(folder, 'root')};
};

/** The root that is kept between runs; the program itself finds out what of it still holds. */
export const kept = placeAt(
	process.env['PRACTICE_CACHE'] ??
		join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'linux-rust-setup/practice-tests')
);

const loans = join(tmpdir(), 'practice-vm-');

/**
 * A place of a test file's own, with the kept root in it: what the tests do to it stays in a layer above, `size` of it where that
 * is said, and goes with the file. So files run side by side, and none waits for a root.
 */
export function borrowRoot(options: {readonly size?: string} = {}): Place {
	const base = mkdtempSync(`${loans}${process.pid}-`);
	const place = placeAt(join(base, 'cache'));
	const layer = join(base, 'layer');
	for (const folder of [layer, place.root]) mkdirSync(folder, {recursive: true});
	if (options.size !== undefined) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${options.size}`, 'tmpfs', layer]);
	for (const name of ['upper', 'work']) mkdirSync(join(layer, name));
	const layers = `lowerdir=${kept.root},upperdir=${join(layer, 'upper')},workdir=${join(layer, 'work')}`;
	execFileSync('mount', ['-t', 'overlay', '-o', layers, 'overlay', place.root]);
	copyFileSync(join(kept.folder, 'stamps.json'), join(place.folder, 'stamps.json'));
	afterEach(() => everyoneLeft(place));
	afterAll(() => returnLoan(base));
	return place;
}

/** A place with nothing in it; it goes with the test file. */
export function emptyPlace(): Place {
	const base = mkdtempSync(`${loans}${process.pid}-`);
	const place = placeAt(join(base, 'cache'));
	afterEach(() => everyoneLeft(place));
	afterAll(() => returnLoan(base));
	return place;
}

function returnLoan(base: string): void {
	const mounted = readFileSync('/proc/self/mounts', 'utf8')
		.split('\n')
		.map(line => line.split(' ')[1] ?? '')
		.filter(point => point.startsWith(`${base}/`));
	for (const point of mounted.reverse()) execFileSync('umount', ['--lazy', point]);
	rmSync(base, {recursive: true, force: true});
}

/** What test files that were killed left behind. */
export function sweepLoans(): void {
	for (const name of readdirSync(tmpdir())) {
		const base = join(tmpdir(), name);
		const holder = base.startsWith(loans) ? /^\d+/.exec(base.slice(loans.length))?.[0] : undefined;
		if (holder !== undefined && !existsSync(`/proc/${holder}`)) returnLoan(base);
	}
}

/** Whatever was started has ended, and no process of this place is left. */
async function everyoneLeft(place: Place): Promise<void> {
	endAll();
	await expect.poll(() => ofPractice(place.folder), {timeout: 8000}).toEqual([]);
}

/** The build folder of practice mode, which the metadata is in; as the root sees it, and as this machine does. */
export function kdirOf(place: Place): {readonly inside: string; readonly outside: string} {
	const folder = 'usr/lib/linux-rust-setup';
	const [release = ''] = readdirSync(join(place.root, folder));
	return {inside: join('/', folder, release), outside: join(place.root, folder, release)};
}

/** The module's own words, on stdout, behind the bar that marks them. */
export const numbers = /\| +\d+\.\d{3} {2}My numbers are \[72, 108, 200\]/;

export type Ended = {
	readonly code: number | null;
	readonly signal: string | null;
	readonly stdout: string;
	readonly stderr: string;
	readonly seconds: number;
};
export type Started = {
	readonly child: ChildProcess;
	/** Rejects with what was said where it does not end in time. */
	readonly ended: Promise<Ended>;
	/** Resolves when it was said; rejects with what was said instead where it ended, or did not say it in time. */
	says(text: RegExp): Promise<void>;
};

/**
 * What a machine at a third of this one's speed needs, in milliseconds: to say the next thing, which is at most the unpacking of a
 * source; and to end, which is at most a rebuild of the metadata, a guest and a module.
 */
const patience = {word: 300_000, end: 900_000};

const running = new Set<ChildProcess>();

const folders: string[] = [];

/** Ends what a test that failed left running, and removes its folders. */
function endAll(): void {
	for (const child of running) child.kill('SIGKILL');
	for (const folder of folders.splice(0)) rmSync(folder, {recursive: true, force: true});
}

export function emptyFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'practice-test-'));
	folders.push(folder);
	return folder;
}

/** A folder with modules in it, each by its name and the body of its init. */
export function folderWith(bodies: Readonly<Record<string, string>>): string {
	const cwd = emptyFolder();
	for (const [name, body] of Object.entries(bodies)) {
		mkdirSync(join(cwd, name));
		writeFileSync(join(cwd, name, 'Kbuild'), `obj-m := ${name}.o\n`);
		writeFileSync(
			join(cwd, name, `${name}.rs`),
			`// SPDX-License-Identifier: GPL-2.0\n//! Test.\nuse kernel::prelude::*;\nmodule! { type: M, name: "${name}", authors: ["x"], description: "x", license: "GPL", }\nstruct M;\nimpl kernel::Module for M { fn init(_m: &'static ThisModule) -> Result<Self> { ${body} } }\n`
		);
	}
	return cwd;
}

/** Starts the program as a user would, in a folder of its own. `before` is put in front of it, `unshare -n` for instance. */
export function start(
	words: readonly string[],
	options: {
		/** Where the practice root is; the kept one if nothing is said. */
		readonly at?: Place;
		readonly cwd?: string;
		readonly before?: readonly string[];
		readonly input?: string;
		/** Milliseconds until it has to have ended. */
		readonly patience?: number;
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
		env: {...process.env, XDG_CACHE_HOME: (options.at ?? kept).cache, XDG_STATE_HOME: state}
	});
	running.add(child);
	child.on('close', () => running.delete(child));
	let stdout = '';
	let stderr = '';
	const saidSoFar = (): string => `${stdout.slice(-1000)}\n${stderr.slice(-2000)}`;
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
	const ended = new Promise<Ended>((done, fail) => {
		const late = setTimeout(
			() => fail(new Error(`did not end in time:\n${saidSoFar()}`)),
			options.patience ?? patience.end
		);
		child.on('close', (code, signal) => {
			clearTimeout(late);
			done({code, signal, stdout, stderr, seconds: (performance.now() - began) / 1000});
		});
	});
	// whoever waits for it hears of it
	ended.catch(() => {});
	return {
		child,
		ended,
		says: text =>
			Promise.race([
				new Promise<void>((done, fail) => {
					const late = setTimeout(() => fail(new Error(`did not say ${text} in time:\n${saidSoFar()}`)), patience.word);
					const resolve = (): void => {
						clearTimeout(late);
						done();
					};
					waiting.push({text, resolve});
					hear();
				}),
				ended.then(({code}) => {
					if (!text.test(stdout + stderr))
						throw new Error(`ended with ${code} without saying ${text}:\n${saidSoFar()}`);
				})
			])
	};
}

export const run = (...given: Parameters<typeof start>): Promise<Ended> => start(...given).ended;

/** A program of a test's own in a folder: a script for sh. */
export function standIn(folder: string, name: string, script: string): void {
	mkdirSync(folder, {recursive: true});
	writeFileSync(join(folder, name), `#!/bin/sh -eu\n${script}\n`);
	chmodSync(join(folder, name), 0o755);
}

/** A program of the root, in the place of the real one, which stays beside it as NAME.real. */
export function replaceIn({root}: Place, name: string, script: string): void {
	const folder = join(root, 'usr/bin');
	renameSync(join(folder, name), join(folder, `${name}.real`));
	standIn(folder, name, script);
}

/** Where practice mode keeps what is whole. */
export const stampsOf = ({folder}: Place): string => join(folder, 'stamps.json');

/** What is mounted below the place, but for the root it borrowed. */
const mountedBelow = ({cache, root}: Place): readonly string[] =>
	readFileSync('/proc/self/mounts', 'utf8')
		.split('\n')
		.map(line => line.split(' ')[1] ?? '')
		.filter(point => point.startsWith(`${cache}/`) && point !== root);

/** Nothing of practice mode is left here but files: no process, no mount. */
export async function expectNothingLeft(place: Place): Promise<void> {
	await expect.poll(() => ofPractice(place.folder).map(commandOf), {timeout: 15_000}).toEqual([]);
	expect(mountedBelow(place)).toEqual([]);
}

const commandOf = (id: number): string => {
	try {
		return readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
	} catch {
		return '';
	}
};

/** How the program ends: its code by Ctrl-C, by TERM, and none where it is killed. */
export const codeOf = {SIGINT: 130, SIGTERM: 143, SIGKILL: null} as const;

/** Process ids whose command line names the practice folder: QEMU, and whatever runs in the root. */
export function ofPractice(folder: string): readonly number[] {
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
