import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {type ChecklistItem, checklistRows, compactRow} from './checklist-rows.ts';
import {Lines} from './Line.tsx';
import {markWord} from './marks.ts';

type Props = {
	readonly items: readonly ChecklistItem[];
	readonly ascii: boolean;
	readonly width: number;
	/** One row for small terminals. */
	readonly compact?: boolean;
};

/** The steps of the walk and how far each is. */
export function Checklist({items, ascii, width, compact = false}: Props) {
	if (useIsScreenReaderEnabled()) {
		return (
			<Box aria-role="list" flexDirection="column">
				{items.map(({id, mark, text}) => (
					<Box key={id} aria-role="listitem">
						<Text>{`${id}: ${markWord(mark)}${text === '' ? '' : `: ${text}`}`}</Text>
					</Box>
				))}
			</Box>
		);
	}
	return (
		<Lines rows={compact ? [compactRow(items, ascii)] : checklistRows(items, ascii)} width={width} ascii={ascii} />
	);
}
