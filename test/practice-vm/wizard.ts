import {closeSync, constants, mkdirSync, openSync, readdirSync, readFileSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'vitest';
import {openPty} from '../support/pty.ts';
import {emptyFolder, node, ofPractice, type Place, program} from './practice.ts';

/** Milliseconds until a screen is there that only the program makes; and one that waits for a guest or a build. */
export const soon = 30_000;
export const later = 300_000;

/** The line that says where the walk is. */
export const sign = /^ practice VM · \d+\.\d+\.\d+\S* · thrown away when you leave$/m;

export const firstQuestion = 'What shall the first one be?';

export type Wizard = ReturnType<typeof openWizard>;

/** The program on a terminal, as a user would start it. `before` is put in front of it. */
export function openWizard(
	at: Place,
	words: readonly string[],
	options: {
		readonly cwd?: string;
		readonly script?: string;
		readonly before?: readonly string[];
		readonly environment?: Readonly<Record<string, string>>;
	} = {}
) {
	const cwd = options.cwd ?? emptyFolder();
	const state = join(cwd, '.state');
	mkdirSync(state, {recursive: true});
	const [first = '', ...rest] = [...(options.before ?? []), node, options.script ?? program, ...words];
	return openPty([first, ...rest], {
		cwd,
		columns: 80,
		rows: 40,
		environment: {
			PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
			HOME: cwd,
			XDG_CACHE_HOME: at.cache,
			XDG_STATE_HOME: state,
			...options.environment
		}
	});
}

/** Waits for a screen, then presses keys on it. */
export async function press(
	wizard: Wizard,
	screen: string | RegExp,
	keys: string,
	patience: number = soon
): Promise<void> {
	await wizard.waitFor(screen, patience);
	wizard.type(keys);
}

/** The process id of the place's one guest. */
export function qemuOf(at: Place): number {
	const id = ofPractice(at.folder).find(one => readFileSync(`/proc/${one}/comm`, 'utf8').startsWith('qemu'));
	if (id === undefined) throw new Error('no guest runs');
	return id;
}

/** Has the guest's own shell, which nobody else speaks with now, do something. */
export function inGuestShell(at: Place, line: string): void {
	const folder = join(at.folder, 'guest');
	const [guest = ''] = readdirSync(folder);
	const pipe = openSync(join(folder, guest, 'shell.in'), constants.O_WRONLY | constants.O_NONBLOCK);
	writeSync(pipe, `${line}\n`);
	closeSync(pipe);
}

/** What the guest's console holds so far. */
export function consoleOf(at: Place): string {
	const folder = join(at.folder, 'guest');
	const [guest = ''] = readdirSync(folder);
	return readFileSync(join(folder, guest, 'console.log'), 'utf8');
}

const starts = / ✔ boot {2}the practice VM runs /g;

/** Waits until the walk has come back to a question in its nth guest. */
export async function inGuestNumber(wizard: Wizard, count: number, question: string): Promise<void> {
	await expect.poll(() => wizard.text().match(starts)?.length, {timeout: later}).toBe(count);
	await expect.poll(() => wizard.screen(), {timeout: soon}).toContain(question);
}

/** Waits for the sentence that says how the guest ended. */
export async function isGone(at: Place, wizard: Wizard, why: RegExp): Promise<void> {
	const sentence = new RegExp(`The practice VM is gone: ${why.source}`);
	// wherever its lines were broken
	await expect.poll(() => wizard.screen().replace(/\s+/g, ' '), {timeout: later}).toMatch(sentence);
	expect(ofPractice(at.folder)).toEqual([]);
}
