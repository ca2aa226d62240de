import type {Command} from '../model/command.ts';
import {safeText} from './safe-text.ts';

/**
 * A word as a shell reads it back unchanged. One with characters that a terminal would obey or a reader could not see is
 * written as `$'…'`, which bash, zsh, ksh and POSIX.1-2024 know and older shells (dash) do not, so that showing it is safe too.
 */
export function quoteWord(word: string): string {
	if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
	const characters = Array.from(word);
	if (!characters.some(isHidden)) return `'${word.replaceAll("'", "'\\''")}'`;
	const inner = characters.map(character => {
		if (character === '\\' || character === "'") return `\\${character}`;
		if (!isHidden(character)) return character;
		return Array.from(new TextEncoder().encode(character), byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
	});
	return `$'${inner.join('')}'`;
}

const isHidden = (character: string): boolean =>
	character === '\n' || character === '\t' || safeText(character) !== character;

const isScript = (word: string): boolean =>
	word.includes('\n') && Array.from(word).every(character => /[\n\t]/.test(character) || !isHidden(character));

const quoteScript = (word: string, lines: 'left-out' | 'kept'): string =>
	lines === 'left-out' ? "'…'" : `'${word.replaceAll("'", "'\\''")}'`;

/**
 * The one rendering of a command, for preview, script, JSON and log: environment first, `sudo` where root is needed, every word quoted.
 * `lines`: what becomes of a word of several lines, which is a script: `left-out` for a reader (`'…'`), `kept` between quotes for a
 * file that a shell reads; spelt out in one line where this is not said.
 */
export function renderCommand(
	command: Command,
	options: {readonly asRoot?: boolean; readonly lines?: 'left-out' | 'kept'} = {}
): string {
	const {lines} = options;
	const environment = Object.entries(command.env ?? {}).map(([name, value]) => `${name}=${quoteWord(value)}`);
	const words = command.argv.map(word =>
		lines !== undefined && isScript(word) ? quoteScript(word, lines) : quoteWord(word)
	);
	const sudo = command.as === 'root' && !options.asRoot ? ['sudo'] : [];
	return [...environment, ...sudo, ...words].join(' ');
}
