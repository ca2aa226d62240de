import {useIsScreenReaderEnabled} from 'ink';
import {cellWidth, wrap} from './cells.ts';
import {type ChecklistItem, stepRow} from './checklist-rows.ts';
import {Lines, Reading} from './Line.tsx';
import {markWord} from './marks.ts';

type Props = ChecklistItem & {
	readonly ascii: boolean;
	readonly width: number;
	/** Cells of the id column, so that receipts stand in line with each other. */
	readonly column?: number;
	/** Commands that ran, kept whole: they are meant to be copied. */
	readonly commands?: readonly string[];
};

/** What a finished step leaves in the scrollback: one row, and below it the commands that did it. */
export function Receipt({id, mark, text, ascii, width, column = cellWidth(id), commands = []}: Props) {
	if (useIsScreenReaderEnabled()) {
		const sentences = commands.map(command => `${id}: ran: ${command}`);
		return <Reading sentences={[`${id}: ${markWord(mark)}: ${text}`, ...sentences]} />;
	}
	const ran = commands.flatMap(command =>
		wrap(`$ ${command}`, width - 5, 2).map(line => [{text: `     ${line}`, dim: true}])
	);
	return <Lines rows={[stepRow({id, mark, text}, column, ascii), ...ran]} width={width} ascii={ascii} />;
}
