import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {Lines, type Row} from './Line.tsx';

type Props = {
	readonly done?: number;
	/** Without it there is no bar: an unknown end is not drawn as a known one. */
	readonly total?: number;
	readonly text: string;
	readonly width: number;
	readonly ascii: boolean;
};

/** How far a long operation is: the words, and below them a bar that repeats them. */
export function ProgressLine({done = 0, total = 0, text, width, ascii}: Props) {
	const share = total > 0 ? Math.max(0, Math.min(1, done / total)) : undefined;
	if (useIsScreenReaderEnabled()) {
		const percent = share === undefined || text.includes('%') ? '' : `, ${Math.floor(share * 100)} %`;
		return (
			<Box aria-role="progressbar" aria-state={{busy: share !== 1}}>
				<Text>{text + percent}</Text>
			</Box>
		);
	}
	const indent = width >= 20 ? '   ' : '';
	const rows: Row[] = [[{text: indent + text}]];
	if (share !== undefined) {
		const cells = Math.max(1, Math.min(42, width - 2 * indent.length));
		const filled = Math.floor(share * cells);
		rows.push([
			{text: indent},
			{text: (ascii ? '#' : '█').repeat(filled), color: 'green'},
			{text: (ascii ? '-' : '░').repeat(cells - filled), dim: true}
		]);
	}
	return <Lines rows={rows} width={width} ascii={ascii} />;
}
