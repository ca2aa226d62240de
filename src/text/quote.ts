import type {Command} from '../model/command.ts';

/** A word as a POSIX shell reads it back unchanged. Control characters use `$'…'`, so that showing the word is safe too. */
export function quoteWord(word: string): string {
	if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
	if (/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/.test(word)) {
		const inner = Array.from(word, character => {
			if (character === '\\' || character === "'") return `\\${character}`;
			if (!/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/.test(character))
				return character;
			return Array.from(new TextEncoder().encode(character), byte => `\\x${byte.toString(16).padStart(2, '0')}`).join(
				''
			);
		});
		return `$'${inner.join('')}'`;
	}
	return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The one rendering of a command, for preview, script, JSON and log: environment first, `sudo` where root is needed, every word quoted. */
export function renderCommand(command: Command, options: {readonly asRoot?: boolean} = {}): string {
	const environment = Object.entries(command.env ?? {}).map(([name, value]) => `${name}=${quoteWord(value)}`);
	const words = command.argv.map(quoteWord);
	const sudo = command.as === 'root' && !options.asRoot ? ['sudo'] : [];
	return [...environment, ...sudo, ...words].join(' ');
}
