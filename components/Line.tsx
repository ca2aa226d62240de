import {Box, Text} from 'ink';
import {createElement} from 'react';
import {cellWidth, cut, moreLines, wrap} from './cells.ts';
import {useWidth} from './use-width.ts';

/** A run of text in one style. Colour and weight repeat what the text says, they never say it alone. */
export type Part = {
	readonly text: string;
	readonly color?: string | undefined;
	readonly dim?: boolean;
	readonly bold?: boolean;
};

/** One row of the screen. */
export type Row = readonly Part[];

type Props = {readonly parts: Row; readonly width: number; readonly ascii?: boolean};

/** Exactly one row of at most `width` cells; what does not fit is cut with a sign. */
export function Line({parts, width, ascii = false}: Props) {
	const fitted = cutRow(parts, width, ascii);
	// Ink gives text without content no height, and a row has to stay a row.
	const texts = fitted.length === 0 ? [' '] : fitted.map(part => createElement(Text, style(part), part.text));
	return createElement(Text, {wrap: 'truncate'}, ...texts);
}

/** Rows below each other, in a box of `width`. */
export function Lines({rows, width, ascii = false}: {rows: readonly Row[]; width: number; ascii?: boolean}) {
	const lines = rows.map(parts => createElement(Line, {parts, width, ascii}));
	return createElement(
		Box,
		{flexDirection: 'column', flexShrink: 0, width: '100%', maxWidth: Math.max(1, width)},
		...lines
	);
}

/** The same facts for a screen reader: one sentence a line, nothing cut, nothing drawn, no word broken by the edge. */
export function Reading({sentences}: {readonly sentences: readonly string[]}) {
	const width = useWidth(undefined);
	const texts = sentences.map(sentence => createElement(Text, null, wrap(sentence, width).join('\n')));
	return createElement(Box, {flexDirection: 'column'}, ...texts);
}

/** At most `height` of the rows; where some have no room, the last row counts them, behind `indent`. */
export function firstRows(rows: readonly Row[], height: number, indent: string, ascii: boolean): readonly Row[] {
	if (rows.length <= height) return rows;
	const shown = Math.max(0, height - 1);
	return [...rows.slice(0, shown), [{text: indent + moreLines(rows.length - shown, ascii), dim: true}]];
}

/** What a row says, without its style. */
export const rowText = (row: Row): string => row.map(({text}) => text).join('');

/** `parts` in at most `width` cells. Line breaks and tabs would tear the row: they become spaces. */
export function cutRow(parts: Row, width: number, ascii = false): Row {
	const fitted: Part[] = [];
	const room = Math.max(1, width);
	const whole = parts.map(part => ({...part, text: part.text.replaceAll(/[\r\n\t]/g, ' ')}));
	let left = room;
	for (const [index, part] of whole.entries()) {
		if (part.text === '') continue;
		const rest = whole.slice(index + 1).map(({text}) => text);
		const width = cellWidth(part.text);
		// The sign of a cut stands in the last cells of the row, whichever part they fall into.
		if (width + cellWidth(rest.join('')) <= left) {
			fitted.push(part);
			left -= width;
		} else if (width <= left - (ascii ? 3 : 1)) {
			fitted.push(part);
			left -= width;
		} else {
			fitted.push({...part, text: cut(part.text + rest.join(''), left, ascii)});
			break;
		}
	}
	return fitted;
}

function style({color, dim, bold}: Part): {color?: string; dimColor?: boolean; bold?: boolean} {
	return {...(color && {color}), ...(dim && {dimColor: dim}), ...(bold && {bold})};
}
