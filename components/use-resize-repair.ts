import {type DOMElement, measureElement, useStdin, useStdout} from 'ink';
import {createContext, type RefObject, useLayoutEffect, useRef} from 'react';
import {cellWidth, wrap} from './cells.ts';

/** The row of the live region in which a field shows the terminal's cursor, while one does. */
export const CursorRow = createContext<{current: number | undefined}>({current: undefined});

/**
 * Keeps the frame in `element` whole when the terminal gets smaller, where Ink 8 leaves pieces of it behind:
 * - Narrower: terminals wrap rows that are too long, and Ink erases only as many rows as it once drew. The rows that wrapping
 *   has added are erased here. (A terminal that does not wrap, such as the Linux console, loses as many rows above the frame.)
 * - Lower: Ink draws once more before React knows the new size. The height is given to the layout here, at most `rows`.
 * Both happen before Ink hears of the new size. Gives back where a field notes the row of the cursor.
 */
export function useResizeRepair(element: RefObject<DOMElement | null>, rows: number): {current: number | undefined} {
	const {stdin} = useStdin();
	const {stdout} = useStdout();
	const cursorRow = useRef<number | undefined>(undefined);
	useLayoutEffect(() => {
		const beforeInk = () => {
			if (!element.current || isHandedOver(stdin)) return;
			const size = sizeOf(stdout);
			element.current.yogaNode?.setMaxHeight(frameHeight(Math.min(rows, size.rows)));
			const repair = repairSequence(rowWidths(topOf(element.current)), size.columns, cursorRow.current);
			if (repair !== '') stdout.write(repair);
		};
		stdout.prependListener('resize', beforeInk);
		return () => {
			stdout.off('resize', beforeInk);
		};
	}, [stdin, stdout, element, rows]);
	return cursorRow;
}

/** Rows of a frame in a terminal of `rows`: one less, because the cursor rests below it. */
export function frameHeight(rows: number): number {
	return Math.max(0, rows - 1);
}

/**
 * What to write so that Ink, which erases one row for each of `widths`, erases all of what they have become in `columns`.
 * With the terminal's cursor in row `cursorRow` Ink goes up to what it believes to be the top and erases downwards: rows that
 * have been added above the cursor count. Without, the cursor is below the frame and Ink erases upwards row by row.
 */
export function repairSequence(widths: readonly number[], columns: number, cursorRow: number | undefined): string {
	const added = widths.slice(0, cursorRow).map(width => Math.max(0, Math.ceil(width / columns) - 1));
	const extra = added.reduce((sum, rows) => sum + rows, 0);
	if (extra === 0) return '';
	return cursorRow === undefined ? '\u001b[2K\u001b[A'.repeat(extra) : `\u001b[${extra}A`;
}

function rowWidths(root: DOMElement): readonly number[] {
	const {height, width} = measureElement(root);
	const widths = new Array<number>(height).fill(0);
	for (const {x, y, lines} of textsIn(root)) {
		for (const [index, line] of lines.entries()) {
			const row = y + index;
			if (row < height) widths[row] = Math.min(width, Math.max(widths[row] ?? 0, x + cellWidth(line.trimEnd())));
		}
	}
	return widths;
}

/** While a program such as sudo has the terminal (`suspendTerminal`), raw mode is off and what is on the screen is not ours. */
function isHandedOver(stdin: NodeJS.ReadableStream & {readonly isRaw?: boolean}): boolean {
	return stdin.isRaw === false;
}

/** Ink types its output as any stream; one without a size is not resized either. */
function sizeOf(stdout: NodeJS.WritableStream & {readonly columns?: number; readonly rows?: number}) {
	return {columns: stdout.columns || Number.POSITIVE_INFINITY, rows: stdout.rows || Number.POSITIVE_INFINITY};
}

type PlacedText = {readonly x: number; readonly y: number; readonly lines: readonly string[]};

function textsIn(element: DOMElement): readonly PlacedText[] {
	if (element.internal_static || element.style.display === 'none') return [];
	if (element.nodeName !== 'ink-text') {
		return element.childNodes.flatMap(child => (child.nodeName === '#text' ? [] : textsIn(child)));
	}
	const {x, y, width} = measureElement(element);
	const text = textOf(element);
	const isCut = element.style.textWrap?.startsWith('truncate') ?? false;
	return [{x, y, lines: isCut ? text.split('\n') : wrap(text, width)}];
}

function textOf(element: DOMElement): string {
	return element.childNodes.map(child => (child.nodeName === '#text' ? child.nodeValue : textOf(child))).join('');
}

function topOf(element: DOMElement): DOMElement {
	return element.parentNode ? topOf(element.parentNode) : element;
}
