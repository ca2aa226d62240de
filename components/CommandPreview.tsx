import {useIsScreenReaderEnabled} from 'ink';
import {moreLines, wrap} from './cells.ts';
import {Lines, Reading, type Row} from './Line.tsx';

export type PreviewedCommand = {readonly text: string; readonly root: boolean; readonly why: string};

type Props = {
	readonly commands: readonly PreviewedCommand[];
	readonly width: number;
	/** Rows to use at most; what is left out is counted. */
	readonly rows?: number;
	readonly ascii?: boolean;
};

/** The exact commands that Enter will run, each with its reason. */
export function CommandPreview({commands, width, rows = Number.POSITIVE_INFINITY, ascii = false}: Props) {
	if (useIsScreenReaderEnabled()) {
		return <Reading sentences={commands.flatMap(command => [`command: ${command.text}`, reason(command)])} />;
	}
	return <Lines rows={previewRows(commands, width, rows, ascii)} width={width} ascii={ascii} />;
}

/** The rows of a preview in `width` cells, `rows` at most; exported so that a screen can tell how high it gets. */
export function previewRows(
	commands: readonly PreviewedCommand[],
	width: number,
	rows: number,
	ascii: boolean
): readonly Row[] {
	const margin = width >= 60 ? 3 : width >= 20 ? 1 : 0;
	const indent = ' '.repeat(margin);
	const all = commands.flatMap((command): readonly Row[] => [
		...wrap(command.text, width - margin, 4).map(
			(line): Row => [{text: indent + line, color: command.root ? 'yellow' : undefined, bold: true}]
		),
		...wrap(reason(command), width - margin, 5).map((line): Row => [{text: indent + line, dim: true}])
	]);
	if (all.length <= rows) return all;
	const shown = Math.max(0, rows - 1);
	return [...all.slice(0, shown), [{text: indent + moreLines(all.length - shown, ascii)}]];
}

/** Root is said in a word wherever the command itself does not show it. */
function reason({text, root, why}: PreviewedCommand): string {
	return root && !text.startsWith('sudo ') ? `why, as root: ${why}` : `why: ${why}`;
}
