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
	readonly cures: readonly {readonly label: string; readonly command?: string}[];
	/** Where the whole log is. */
	readonly log?: string;
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
	{title, cause, facts, cures, log}: FailureWords,
	width: number,
	ascii: boolean
): readonly Row[] {
	return [
		[{text: ' '}, {text: markText('failed', ascii), color: markColor('failed')}, {text: ` ${title}`, bold: true}],
		[],
		...wrap(cause, width).map((line): Row => [{text: line}]),
		...factRows(facts, width),
		...cureRows(cures, width),
		...logRows(log, width)
	];
}

function failureSentences({title, cause, facts, cures, log}: FailureWords): readonly string[] {
	return [
		`failed: ${title}`,
		cause,
		...facts.map(({label, value}) => (label === '' ? value : `${label}: ${value}`)),
		...cures.map(({label, command}) => `remedy: ${label}${command === undefined ? '' : `: ${command}`}`),
		...(log === undefined ? [] : [`log: ${log}`])
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

function logRows(log: string | undefined, width: number): readonly Row[] {
	if (log === undefined) return [];
	const margin = width >= 20 ? 3 : 0;
	return [
		[],
		...wrap(`log ${log}`, width - margin, 4).map((line): Row => [{text: ' '.repeat(margin) + line, dim: true}])
	];
}
