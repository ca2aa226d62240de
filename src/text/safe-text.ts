/**
 * Characters a terminal would obey or a reader could not see: C0 (but tab and newline), DEL, C1, zero-width characters, bidi
 * controls (Trojan Source, CVE-2021-42574), line separators, the byte-order mark, tag characters and lone surrogates.
 */
const dangerous =
	/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu;

/**
 * Escape sequences (ECMA-48, 5.3 to 5.6): control sequences, control strings (titles, hyperlinks), and the short ones. A
 * control string that holds a control character, or more than 1024 others, is none: it would swallow the lines behind it.
 */
const sequence =
	/(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,4}[@-~]|(?:\u001b[PX\]^_]|[\u0090\u0098\u009d-\u009f])[^\u0000-\u001f\u007f-\u009f]{0,1024}(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]{1,4}[0-~]|\u001b[0-OQ-WYZ\\`-~]/g;

/** The same at the end of a text, with its own end still to come. */
const unfinished =
	/(?:(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,4}|(?:\u001b[PX\]^_]|[\u0090\u0098\u009d-\u009f])[^\u0000-\u001f\u007f-\u009f]{0,1024}\u001b?|\u001b[ -/]{0,4})$/;

const visible = (character: string): string => {
	const code = character.codePointAt(0) ?? 0;
	return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
};

/** Text from outside, fit for a terminal: escape sequences removed, other dangerous characters written out (`\x1b`). Keeps tabs and newlines. */
export function safeText(text: string): string {
	return text.replace(sequence, '').replace(dangerous, visible);
}

/** How much of a line is looked at beyond its limit, in characters: a line of many megabytes must not cost a second. */
const lookedAt = 65_536;

/** As `safeText`, on one line: newlines and tabs become single spaces; cut at `limit` characters with an ellipsis. */
export function safeLine(text: string, limit = 2000): string {
	const head = text.slice(0, limit + lookedAt);
	const line = safeText(head).replace(/[\n\t]+/g, ' ');
	if (line.length <= limit && head.length === text.length) return line;
	// not between the two halves of a character
	return `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/**
 * A stateful `safeText` for a program's output: takes raw bytes as they come, gives safe text. `\r` is kept, because progress
 * lines need it and a tail that shows lines resolves it. A character or escape sequence cut in two by a chunk boundary is
 * put together again.
 */
export function createSafeStream(): {push(bytes: Uint8Array): string; end(): string} {
	const decoder = new TextDecoder('utf-8');
	let held = '';
	const clean = (text: string): string =>
		text
			.split('\r')
			.map(part => safeText(part))
			.join('\r');
	return {
		push(bytes) {
			const text = held + decoder.decode(bytes, {stream: true});
			const end = unfinished.exec(text)?.index ?? text.length;
			held = text.slice(end);
			return clean(text.slice(0, end));
		},
		end() {
			const text = held + decoder.decode();
			held = '';
			return clean(text);
		}
	};
}
