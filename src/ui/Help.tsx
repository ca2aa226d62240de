import {wrap} from '../../components/cells.ts';
import {factRows} from '../../components/Facts.tsx';
import type {Row} from '../../components/Line.tsx';
import {Scroll} from '../../components/Scroll.tsx';

const keys = [
	{label: 'Up, Down, j, k', value: 'move between choices; 1 to 9 jump'},
	{label: 'Enter', value: 'do what is highlighted'},
	{label: 'd', value: 'details: what was looked at, and where'},
	{label: 'b, Esc', value: 'back; from a decision: the step before'},
	{label: 'Ctrl-C', value: 'stop what runs; again: leave'},
	{label: 'q', value: 'quit; the walk goes on here next time'},
	{label: 'more', value: 'linux-rust-setup --help, docs/reasons.md'}
];

/** What the keys do, and where more is to be read. Any key but those that scroll closes it. */
export function Help({ascii, width, rows}: {readonly ascii: boolean; readonly width: number; readonly rows: number}) {
	const plain = (text: string): readonly Row[] => wrap(text, width).map(line => [{text: line}]);
	return (
		<Scroll
			rows={[
				...plain('Eight steps, from a stock machine to your module in a running kernel.'),
				...plain('Nothing runs before you press Enter, and every command is shown with its reason first.'),
				[],
				...factRows(keys, width),
				[],
				[{text: 'Any other key closes this.', dim: true}]
			]}
			height={Math.max(1, rows - 1)}
			width={width}
			ascii={ascii}
		/>
	);
}
