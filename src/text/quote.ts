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

/** The one rendering of a command, for preview, script, JSON and log: environment first, `sudo` where root is needed, every word quoted. */
export function renderCommand(command: Command, options: {readonly asRoot?: boolean} = {}): string {
	const environment = Object.entries(command.env ?? {}).map(([name, value]) => `${name}=${quoteWord(value)}`);
	const words = command.argv.map(quoteWord);
	const sudo = command.as === 'root' && !options.asRoot ? ['sudo'] : [];
	return [...environment, ...sudo, ...words].join(' ');
}
