import {messageOf} from '../machine/message.ts';
import {mayBeTerminal, writeNow} from '../machine/standard-streams.ts';

/** Exit codes of the program, the first that applies. */
export const exitCodes = {done: 0, open: 1, usage: 2, programFailed: 3, rebootPending: 4, interrupted: 130} as const;

/** Set where the streams are in use, which may still hold what comes before: each file of the bundle has a module of its own to remember it in. */
const streaming = Symbol.for('linux-rust-setup writes to streams');

/**
 * A reader that went away (`| head -1`) has what it wanted: what was begun goes on, and the exit code stays what it would have
 * been. Another error of stdout, a full disk for instance, ends the program with a sentence.
 */
export function tolerateClosedPipe(): void {
	Reflect.set(globalThis, streaming, true);
	if (process.stdout.listeners('error').includes(onOutputError)) return;
	process.stdout.on('error', onOutputError);
	process.stderr.on('error', () => {});
}

function onOutputError(error: NodeJS.ErrnoException): void {
	if (error.code === 'EPIPE') return;
	process.stderr.write(`Standard output could not be written: ${messageOf(error)}.\n`);
	process.exit(exitCodes.open);
}

/** Writes to stdout and returns when it is taken, so that a pipe gets the whole document before the program ends. */
export const say = (text: string): Promise<void> => put(1, text);

/** Writes to stderr: errors, and what is not the answer itself. */
export const complain = (text: string): Promise<void> => put(2, text);

async function put(descriptor: 1 | 2, text: string): Promise<void> {
	if (Reflect.has(globalThis, streaming)) return putLater(descriptor, text);
	const outcome = writeNow(descriptor, text);
	if (outcome.left !== undefined) return putLater(descriptor, outcome.left);
	if (outcome.problem !== undefined && descriptor === 1) onOutputError(outcome.problem);
}

function putLater(descriptor: 1 | 2, content: string | Uint8Array): Promise<void> {
	tolerateClosedPipe();
	const stream = descriptor === 1 ? process.stdout : process.stderr;
	return new Promise(resolve => stream.write(content, () => resolve()));
}

export const sayJson = (document: object): Promise<void> => say(`${JSON.stringify(document, undefined, '\t')}\n`);

/** Whether stdout is a terminal. */
export const isOnTerminal = (): boolean => mayBeTerminal(1) && process.stdout.isTTY === true;

/** Whether to colour: a terminal, and the user did not say NO_COLOR (no-color.org). */
export const usesColor = (): boolean => isOnTerminal() && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';

/** Whether there is a screen to draw on, and the user wants one. */
export const hasScreen = (options: {
	readonly plain: boolean;
	readonly json: boolean;
	readonly quiet: boolean;
}): boolean =>
	process.stdin.isTTY === true &&
	process.stdout.isTTY === true &&
	process.env['TERM'] !== 'dumb' &&
	!(options.plain || options.json || options.quiet);

/** Whether marks must be ASCII: asked for, or a terminal that shows no others. */
export function usesAscii(asked: boolean): boolean {
	if (asked || process.env['TERM'] === 'linux' || process.env['TERM'] === 'dumb') return true;
	const locale = process.env['LC_ALL'] || process.env['LC_CTYPE'] || process.env['LANG'] || '';
	return !/utf-?8/i.test(locale) && locale !== '';
}
