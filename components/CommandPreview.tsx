import {useIsScreenReaderEnabled} from 'ink';
import {wrap} from './cells.ts';
import {firstRows, Lines, Reading, type Row} from './Line.tsx';

export type PreviewedCommand = {
	readonly text: string;
	readonly root: boolean;
	readonly why: string;
	/** Nothing runs it: it is shown for the user to run. */
	readonly byYou?: boolean;
};

type Props = {
	readonly commands: readonly PreviewedCommand[];
	readonly width: number;
	/** Rows to use at most. Where there are too few, the reasons go first; commands that are left out are counted. */
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
	const margin = marginOf(width);
	const indent = ' '.repeat(margin);
	const all = commands.flatMap((command): readonly Row[] => [
		...commandRows([command], width),
		...wrap(reason(command), width - margin, 5).map((line): Row => [{text: indent + line, dim: true}])
	]);
	return all.length <= rows ? all : firstRows(commandRows(commands, width), rows, indent, ascii);
}

/** The commands without their reasons, which is the least that is shown of them. */
export function commandRows(commands: readonly PreviewedCommand[], width: number): readonly Row[] {
	const margin = marginOf(width);
	return commands.flatMap(({text, root}) =>
		wrap(text, width - margin, 4).map(
			(line): Row => [{text: ' '.repeat(margin) + line, color: root ? 'yellow' : undefined, bold: true}]
		)
	);
}

const marginOf = (width: number): number => (width >= 60 ? 3 : width >= 20 ? 1 : 0);

/** Root is said in a word wherever the command itself does not show it. */
function reason({text, root, why, byYou = false}: PreviewedCommand): string {
	const asRoot = root && !text.startsWith('sudo ') ? ', as root' : '';
	return `${byYou ? `for you to run${asRoot}` : `why${asRoot}`}: ${why}`;
}
