import {isPlain} from './plain-text.ts';

/**
 * Terminal cells: how wide text is, and how it is cut and wrapped. Ink measures with string-width; the same rules in short
 * are here, because columns and hanging indents have to be known before Ink lays out. A test compares the two.
 */

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
const invisible =
	/^[\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Surrogate}]+$/u;
const emoji = /\p{Emoji_Presentation}|\ufe0f|\u20e3/u;

// Unicode East Asian Width W and F in blocks (EastAsianWidth.txt 16.0); emoji are told apart by their own property.
const wideBlocks: readonly (readonly [number, number])[] = [
	[0x1100, 0x115f],
	[0x2329, 0x232a],
	[0x2630, 0x2637],
	[0x268a, 0x268f],
	[0x2e80, 0x303e],
	[0x3041, 0x3247],
	[0x3250, 0xa4c6],
	[0xa960, 0xa97c],
	[0xac00, 0xd7a3],
	[0xf900, 0xfaff],
	[0xfe10, 0xfe19],
	[0xfe30, 0xfe6b],
	[0xff01, 0xff60],
	[0xffe0, 0xffe6],
	[0x16fe0, 0x18cff],
	[0x1aff0, 0x1b2fb],
	[0x1d300, 0x1d376],
	[0x1f200, 0x1f265],
	[0x20000, 0x3fffd]
];

/** What a reader sees as single characters. */
export function graphemes(text: string): readonly string[] {
	if (isPlain(text)) return text.split('');
	return Array.from(segmenter.segment(text), ({segment}) => segment);
}

/** Cells that `text` takes on a terminal: 0, 1 or 2 per grapheme. */
export function cellWidth(text: string): number {
	if (isPlain(text)) return text.length;
	let width = 0;
	for (const {segment} of segmenter.segment(text)) width += graphemeWidth(segment);
	return width;
}

/** `text` in at most `width` cells; where something had to go, the last ones say so (`…`, `...` in ASCII). */
export function cut(text: string, width: number, ascii = false): string {
	if (cellWidth(text) <= width) return text;
	const sign = (ascii ? '...' : '…').slice(0, Math.max(0, width));
	return take(text, width - sign.length) + sign;
}

/** `text` with spaces behind it up to `width` cells. */
export function pad(text: string, width: number): string {
	return text + ' '.repeat(Math.max(0, width - cellWidth(text)));
}

/**
 * Lines of at most `width` cells, broken at spaces; a word longer than a line is split. Lines after the first start with
 * `hang` spaces. Nothing but the space at each break is left out.
 */
export function wrap(text: string, width: number, hang = 0): readonly string[] {
	return text.split('\n').flatMap(line => wrapLine(line, Math.max(1, width), hang));
}

/** Stands for `count` lines that have no room. */
export function moreLines(count: number, ascii = false): string {
	return `${ascii ? '...' : '…'}and ${count} more ${count === 1 ? 'line' : 'lines'}`;
}

/** Tabs become spaces up to the next multiple of `stop` cells. */
export function expandTabs(text: string, stop = 8): string {
	if (!text.includes('\t')) return text;
	let expanded = '';
	for (const [index, field] of text.split('\t').entries()) {
		if (index > 0) expanded += ' '.repeat(stop - (cellWidth(expanded) % stop));
		expanded += field;
	}
	return expanded;
}

function graphemeWidth(grapheme: string): number {
	if (invisible.test(grapheme)) return 0;
	if (emoji.test(grapheme)) return 2;
	const point = grapheme.codePointAt(0) ?? 0;
	return wideBlocks.some(([first, last]) => point >= first && point <= last) ? 2 : 1;
}

function take(text: string, width: number): string {
	let taken = '';
	let used = 0;
	for (const grapheme of graphemes(text)) {
		used += graphemeWidth(grapheme);
		if (used > width) break;
		taken += grapheme;
	}
	return taken;
}

function wrapLine(text: string, width: number, hang: number): readonly string[] {
	// Two cells at least stay for the text, so that a wide character fits.
	const indent = hang + 2 <= width ? ' '.repeat(hang) : '';
	const lines: string[] = [];
	let line: string | undefined;
	for (const word of text.split(' ')) {
		if (line !== undefined && cellWidth(line) + 1 + cellWidth(word) <= width) {
			line += ` ${word}`;
			continue;
		}
		if (line !== undefined) lines.push(line);
		line = lines.length === 0 ? '' : indent;
		let rest = word;
		while (cellWidth(line) + cellWidth(rest) > width) {
			// A wide character in a single column goes through whole: losing it would be worse than the cut it gets.
			const head: string = take(rest, width - cellWidth(line)) || (graphemes(rest)[0] ?? '');
			rest = rest.slice(head.length);
			lines.push(line + head);
			line = indent;
			if (rest === '') break;
		}
		if (rest === '' && word !== '') line = undefined;
		else line += rest;
	}
	if (line !== undefined) lines.push(line);
	return lines;
}
