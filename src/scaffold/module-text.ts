import {foldToAscii} from './ascii.ts';

/**
 * Text as it can stand between the quotes of a string in `module!`, for every kernel. No escapes: up to 6.19 the macro
 * panics on a backslash (rust/macros/helpers.rs, "Escape sequences in string literals not yet handled"), so `"` becomes
 * `'` and `\` becomes `/`. Control, invisible and bidi characters fall away; white space becomes single spaces.
 * `ascii`: byte strings, and the array behind `authors`, take nothing else (rust/macros/module.rs, "Expected ASCII string").
 */
export function moduleText(text: string, characters: 'unicode' | 'ascii'): string {
	const folded = characters === 'ascii' ? foldToAscii(oneLine(text)) : oneLine(text);
	return folded.replaceAll('"', "'").replaceAll('\\', '/').replace(/ +/g, ' ').trim();
}

/** Text as it can stand in a `//` comment: one line, nothing invisible. */
export function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ').replace(/\p{C}/gu, '').replace(/ +/g, ' ').trim();
}
