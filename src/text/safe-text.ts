import {stripVTControlCharacters} from 'node:util';

/**
 * Characters a terminal would obey or a reader could not see: C0 (but tab and newline), DEL, C1, zero-width characters, bidi
 * controls (Trojan Source, CVE-2021-42574), line separators and the byte-order mark.
 */
const dangerous =
	/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const visible = (character: string): string => {
	const code = character.codePointAt(0) ?? 0;
	return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
};

/** Text from outside, fit for a terminal: escape sequences removed, other dangerous characters written out (`\x1b`). Keeps tabs and newlines. */
export function safeText(text: string): string {
	const stripped = text.includes('\u001b') || text.includes('\u009b') ? stripVTControlCharacters(text) : text;
	return stripped.replace(dangerous, visible);
}

/** As `safeText`, on one line: newlines and tabs become single spaces; cut at `limit` characters with an ellipsis. */
export function safeLine(text: string, limit = 2000): string {
	const line = safeText(text.slice(0, limit * 2)).replace(/[\n\t]+/g, ' ');
	return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** The longest escape sequence that is waited for across two chunks. */
const longestSequence = 256;

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
			held = '';
			const start = text.lastIndexOf('\u001b');
			if (start >= 0 && text.length - start < longestSequence && !sequenceEnded(text.slice(start))) {
				held = text.slice(start);
				return clean(text.slice(0, start));
			}
			return clean(text);
		},
		end() {
			const text = held + decoder.decode();
			held = '';
			return clean(text);
		}
	};
}

/** Whether an escape sequence that starts `text` has its end in it (CSI: a final byte; OSC: BEL or ST; else: one more byte). */
function sequenceEnded(text: string): boolean {
	if (text.length < 2) return false;
	if (text[1] === '[') return /^\u001b\[[0-?]*[ -/]*[@-~]/.test(text);
	if (text[1] === ']') return /\u0007|\u001b\\/.test(text.slice(2));
	return true;
}
