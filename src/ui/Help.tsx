import {Box, Text} from 'ink';
import {Facts} from '../../components/Facts.tsx';

/** What the keys do, and where more is to be read. Any key closes it. */
export function Help({ascii, width}: {readonly ascii: boolean; readonly width: number}) {
	return (
		<Box flexDirection="column">
			<Text bold>Eight steps, from a stock machine to your module in a running kernel.</Text>
			<Text>Nothing runs before you press Enter, and every command is shown with its reason first.</Text>
			<Facts
				rows={[
					{label: 'Up, Down, j, k', value: 'move between choices; 1 to 9 jump'},
					{label: 'Enter', value: 'do what is highlighted'},
					{label: 'd', value: 'details: what was looked at, and where'},
					{label: 'b, Esc', value: 'back; from a decision: the step before'},
					{label: 'Ctrl-C', value: 'stop what runs; again: leave'},
					{label: 'q', value: 'quit; the walk goes on here next time'},
					{label: 'more', value: 'linux-rust-setup --help, docs/reasons.md, docs/failures.md'}
				]}
				width={width}
				ascii={ascii}
			/>
			<Text dimColor>Any key closes this.</Text>
		</Box>
	);
}
