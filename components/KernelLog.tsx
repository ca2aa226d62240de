import {useIsScreenReaderEnabled} from 'ink';
import {cellWidth, cut, moreLines, pad, wrap} from './cells.ts';
import {Lines, Reading, type Row} from './Line.tsx';

/** A line of the kernel log. `own` ones come from the user's module; `note` is the number of the note that explains it. */
export type KernelRecord = {
	readonly time: string;
	readonly text: string;
	readonly own: boolean;
	readonly note?: number;
};

export type KernelNote = {readonly number: number; readonly text: string};

type Props = {
	readonly records: readonly KernelRecord[];
	readonly notes: readonly KernelNote[];
	/** Rows to use at most, notes included. The newest records stay. */
	readonly height: number;
	readonly width: number;
	readonly ascii: boolean;
};

/** The kernel log with the user's own lines barred and what is normal explained below. */
export function KernelLog({records, notes, height, width, ascii}: Props) {
	if (useIsScreenReaderEnabled()) {
		const heard = records.slice(-Math.max(1, height)).map(({time, text, own, note}) => {
			const behind = note === undefined ? '' : ` (note ${note})`;
			return `${own ? 'yours' : 'kernel'} at ${time}: ${text}${behind}`;
		});
		return <Reading sentences={[...heard, ...notes.map(({number, text}) => `note ${number}: ${text}`)]} />;
	}
	const noteLines = noteRows(notes, Math.floor(height / 2), width, ascii);
	const room = Math.max(0, height - noteLines.length);
	const shown = room === 0 ? [] : records.slice(-room);
	const column = Math.max(0, ...records.map(({time}) => cellWidth(time))) + (width >= 60 ? 4 : 1);
	const recordLines = shown.map(record => recordRow(record, column, width, ascii));
	return <Lines rows={[...recordLines, ...noteLines]} width={width} ascii={ascii} />;
}

function recordRow({time, text, own, note}: KernelRecord, column: number, width: number, ascii: boolean): Row {
	const bar = own ? (ascii ? '|' : '▌') : ' ';
	const start = `${' '.repeat(Math.max(0, column - cellWidth(time)))}${time}  `;
	const style = own ? {} : {dim: true};
	const row: Row = [{text: ' '}, {text: bar, color: 'cyan'}, {text: start, ...style}];
	if (note === undefined) return [...row, {text, ...style}];
	const number = `  ${note}`;
	// Numbers stand below each other near the text; a text that needs more room pushes its number to the edge.
	const used = 2 + cellWidth(start) + number.length;
	const edge = used + cellWidth(text) <= Math.min(width, 80) ? Math.min(width, 80) : width;
	const room = Math.max(0, edge - used);
	return [...row, {text: pad(cut(text, room, ascii), room), ...style}, {text: number}];
}

/** The notes under an empty row, in at most `rows` rows; what is left out is counted. */
function noteRows(notes: readonly KernelNote[], rows: number, width: number, ascii: boolean): readonly Row[] {
	if (notes.length === 0 || rows < 2) return [];
	const indent = width >= 60 ? '   ' : ' ';
	const lines = notes.flatMap(({number, text}) => wrap(`${number} ${text}`, width - indent.length, 2));
	const room = rows - 1;
	const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), moreLines(lines.length - room + 1, ascii)];
	return [[], ...shown.map((line): Row => [{text: indent + line}])];
}
