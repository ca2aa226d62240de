import {Box, useIsScreenReaderEnabled} from 'ink';
import {wrap} from './cells.ts';
import {type Fact, Facts} from './Facts.tsx';
import {Lines, Reading, type Row} from './Line.tsx';
import {markColor, markText} from './marks.ts';
import {useWidth} from './use-width.ts';

type Props = {
	/** What stopped: `build: make stopped after 4 s`. */
	readonly title: string;
	/** Why, in one sentence. */
	readonly cause: string;
	readonly facts: readonly Fact[];
	readonly cures: readonly {readonly label: string; readonly command?: string}[];
	/** Where the whole log is. */
	readonly log?: string;
	/** Cells to use; the whole terminal unless told. */
	readonly width?: number;
	readonly ascii?: boolean;
};

/** What failed, why, what was found, and what cures it: cause before cure. */
export function FailurePanel({title, cause, facts, cures, log, width, ascii = false}: Props) {
	const cells = useWidth(width);
	if (useIsScreenReaderEnabled()) {
		return (
			<Box flexDirection="column">
				<Reading sentences={[`failed: ${title}`, cause]} />
				<Facts rows={facts} />
				<Reading
					sentences={[
						...cures.map(({label, command}) => `remedy: ${label}${command === undefined ? '' : `: ${command}`}`),
						...(log === undefined ? [] : [`log: ${log}`])
					]}
				/>
			</Box>
		);
	}
	const head: readonly Row[] = [
		[{text: ' '}, {text: markText('failed', ascii), color: markColor('failed')}, {text: ` ${title}`, bold: true}],
		[],
		...wrap(cause, cells).map((line): Row => [{text: line}])
	];
	return (
		<Box flexDirection="column" flexShrink={0} width="100%" maxWidth={cells}>
			<Lines rows={head} width={cells} ascii={ascii} />
			<Facts rows={facts} width={cells} ascii={ascii} />
			<Lines rows={[...cureRows(cures, cells), ...logRows(log, cells)]} width={cells} ascii={ascii} />
		</Box>
	);
}

function cureRows(cures: Props['cures'], width: number): readonly Row[] {
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
