import {readCommands} from './shell-commands.ts';
import {createCursor} from './shell-cursor.ts';
import type {Script} from './shell-syntax.ts';

/**
 * Bash, read as text and never run: the commands of a script with their words taken apart, so that what a command is called is
 * known however it is spelled. The grammar is that of bash(1) as far as it decides where words and commands begin and end. What
 * bash itself would reject is read as well as can be: a review must not end because a recipe is broken.
 */

/** Reads a script. Never throws, and takes time in proportion to the text. `firstLine` is the number of its first line. */
export function parseShell(text: string, firstLine = 1): Script {
	const tooDeep: number[] = [];
	return {commands: createCursor(text, firstLine, 0, {tooDeep, readCommands}).readCommands(undefined), tooDeep};
}
