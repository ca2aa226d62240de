import {messageOf} from '../machine/message.ts';

/** Exit codes of the program, the first that applies. */
export const exitCodes = {done: 0, open: 1, usage: 2, programFailed: 3, rebootPending: 4, interrupted: 130} as const;

/**
 * A reader that went away (`| head -1`) has what it wanted: what was begun goes on, and the exit code stays what it would have
 * been. Another error of stdout, a full disk for instance, ends the program with a sentence.
 */
export function tolerateClosedPipe(): void {
	if (process.stdout.listeners('error').includes(onOutputError)) return;
	process.stdout.on('error', onOutputError);
	process.stderr.on('error', () => {});
}

function onOutputError(error: NodeJS.ErrnoException): void {
	if (error.code === 'EPIPE') return;
	process.stderr.write(`Standard output could not be written: ${messageOf(error)}.\n`);
	process.exit(exitCodes.open);
}

/** Writes to stdout and waits until it is taken, so that a pipe gets the whole document before the program ends. */
export function say(text: string): Promise<void> {
	return new Promise(resolve => process.stdout.write(text, () => resolve()));
}

/** Writes to stderr: errors, and what is not the answer itself. */
export const complain = (text: string): Promise<void> =>
	new Promise(resolve => process.stderr.write(text, () => resolve()));

export const sayJson = (document: object): Promise<void> => say(`${JSON.stringify(document, undefined, '\t')}\n`);

/** Whether to colour: a terminal, and the user did not say NO_COLOR (no-color.org). */
export const usesColor = (): boolean =>
	process.stdout.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';

/** Whether marks must be ASCII: asked for, or a terminal that shows no others. */
export function usesAscii(asked: boolean): boolean {
	if (asked || process.env['TERM'] === 'linux' || process.env['TERM'] === 'dumb') return true;
	const locale = process.env['LC_ALL'] || process.env['LC_CTYPE'] || process.env['LANG'] || '';
	return !/utf-?8/i.test(locale) && locale !== '';
}
