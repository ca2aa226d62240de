import {useIsScreenReaderEnabled} from 'ink';
import {wrap} from './cells.ts';
import {type Fact, factRows} from './Facts.tsx';
import {firstRows, Lines, Reading, type Row} from './Line.tsx';
import {markColor, markText} from './marks.ts';
import {useWidth} from './use-width.ts';

/** What failed, why, what was found, and what cures it: cause before cure. */
export type FailureWords = {
	/** What stopped: `build: make stopped after 4 s`. */
	readonly title: string;
	/** Why, in one sentence. */
	readonly cause: string;
	readonly facts: readonly Fact[];
	/** The place in a source file, and its lines as the compiler shows them. */
	readonly code?: {readonly place: string; readonly lines: readonly string[]};
	readonly cures: readonly {readonly label: string; readonly command?: string}[];
	/** Where the whole log is. */
	readonly log?: string;
	/** Where more about this failure is to be read. */
	readonly page?: string;
};

type Props = FailureWords & {
	/** Rows to use at most; what is left out is counted. */
	readonly height?: number;
	/** Cells to use; the whole terminal unless told. */
	readonly width?: number;
	readonly ascii?: boolean;
};

/** A failure on the screen. */
export function FailurePanel({height = Number.POSITIVE_INFINITY, width, ascii = false, ...words}: Props) {
	const cells = useWidth(width);
	if (useIsScreenReaderEnabled()) return <Reading sentences={failureSentences(words)} />;
	const all = failureRows(words, cells, ascii);
	// with a row or two, a count of what is missing would take the place of what happened
	const rows = height < 3 ? all.slice(0, Math.max(1, height)) : firstRows(all, height, '   ', ascii);
	return <Lines rows={rows} width={cells} ascii={ascii} />;
}

/** The rows of a failure in `width` cells; exported so that a screen can scroll them. */
export function failureRows(
	{title, cause, facts, code, cures, log, page}: FailureWords,
	width: number,
	ascii: boolean
): readonly Row[] {
	return [
		[{text: ' '}, {text: markText('failed', ascii), color: markColor('failed')}, {text: ` ${title}`, bold: true}],
		[],
		...wrap(cause, width).map((line): Row => [{text: line}]),
		...factRows(facts, width),
		...codeRows(code, width),
		...cureRows(cures, width),
		...whereRows({log, more: page}, width)
	];
}

/** Its marks point from one line to another: nothing of it is wrapped. */
function codeRows(code: FailureWords['code'], width: number): readonly Row[] {
	if (code === undefined) return [];
	const indent = ' '.repeat(width >= 20 ? 3 : 0);
	return [
		...wrap(code.place, width - indent.length).map((line): Row => [{text: indent + line, dim: true}]),
		...code.lines.map((line): Row => [{text: indent + line}])
	];
}

function failureSentences({title, cause, facts, code, cures, log, page}: FailureWords): readonly string[] {
	return [
		`failed: ${title}`,
		cause,
		...facts.map(({label, value}) => (label === '' ? value : `${label}: ${value}`)),
		...(code === undefined ? [] : [`code: ${code.place}`, ...code.lines]),
		...cures.map(({label, command}) => `remedy: ${label}${command === undefined ? '' : `: ${command}`}`),
		...(log === undefined ? [] : [`log: ${log}`]),
		...(page === undefined ? [] : [`more: ${page}`])
	];
}

function cureRows(cures: FailureWords['cures'], width: number): readonly Row[] {
	if (cures.length === 0) return [];
	const margin = width >= 20 ? 3 : 0;
	const indented = (text: string, by: number): readonly string[] =>
		wrap(text, width - by, 2).map(line => ' '.repeat(by) + line);
	const rows = cures.flatMap(({label, command}): readonly Row[] => [
		...indented(label, margin).map((line): Row => [{text: line}]),
		...(command === undefined ? [] : indented(command, 2 * margin).map((line): Row => [{text: line, bold: true}]))
	]);
	return [[], ...rows];
}

function whereRows(where: Readonly<Record<string, string | undefined>>, width: number): readonly Row[] {
	const margin = width >= 20 ? 3 : 0;
	const rows = Object.entries(where).flatMap(([label, value]): readonly Row[] =>
		value === undefined
			? []
			: wrap(`${label} ${value}`, width - margin, 4).map((line): Row => [{text: ' '.repeat(margin) + line, dim: true}])
	);
	return rows.length === 0 ? [] : [[], ...rows];
}
