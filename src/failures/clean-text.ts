/**
 * Terminal sequences: CSI, OSC, charset selection, and two-byte escapes. Recordings made visible by `cat -v` spell ESC
 * as `^[`; they are understood as well, where what follows leaves no doubt.
 */
const SEQUENCES =
	/(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b[()*+][0-9A-Za-z]|\x1b[=>78cDEHMNOZ]|\^\[\[[0-9;?]*[A-Za-z]|\^\[\([0-9A-Z]/g;
/** Control characters apart from tab, line feed and carriage return. */
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/**
 * A log without terminal sequences and without control characters other than tab, line feed and carriage return.
 * No line feed is added or taken away, so line numbers stay those of the input.
 */
export function cleanText(text: string): string {
	warmUp();
	return text.replace(SEQUENCES, '').replace(CONTROLS, '');
}

/** V8 interprets a regex the first time and compiles it from the second on: 170 ms instead of 6 for a log of 5 MB. */
function warmUp(): void {
	''.replace(SEQUENCES, '').replace(CONTROLS, '');
}

/**
 * What a single line of cleaned text shows, in order: a carriage return starts the line anew, as progress displays do,
 * and each such state is a text of its own. Blank states are left out, tabs become spaces.
 */
export function statesOf(line: string): string[] {
	if (!line.includes('\r')) {
		const plain = (line.includes('\t') ? line.replaceAll('\t', ' ') : line).trimEnd();
		return plain === '' ? [] : [plain];
	}
	return line
		.split('\r')
		.map(state => state.replaceAll('\t', ' ').trimEnd())
		.filter(state => state !== '');
}

/** At most `limit` UTF-16 units of the text, without cutting a character in two. */
export function cutText(text: string, limit: number): string {
	if (text.length <= limit) return text;
	const last = text.charCodeAt(limit - 1);
	return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}
