import {Box, Text} from 'ink';
import {Checklist} from '../../components/Checklist.tsx';
import {wrap} from '../../components/cells.ts';
import {KeyHints} from '../../components/KeyHints.tsx';
import {Lines, type Row} from '../../components/Line.tsx';
import {Select} from '../../components/Select.tsx';
import {useKeys} from '../../components/use-keys.ts';
import type {Judged} from '../model/walk.ts';
import type {ScreenProps} from './App.tsx';
import {checklistItems, foldDone} from './layout.ts';

/** The end of the walk, or of what the user wants of it today. */
export function Finished({walk, ascii, width, rows, quit}: ScreenProps) {
	const {judged} = walk.state();
	const open = judged.filter(one => one.verdict.status !== 'done');
	const items = checklistItems(judged, undefined);
	const behind = open[0] ?? judged.at(-1);
	useKeys((input, key) => {
		if (input === 'q') quit();
		else if ((input === 'b' || key.escape) && behind !== undefined) walk.send({kind: 'revisit', step: behind.id});
	});
	const gap = rows >= 16 && <Text> </Text>;
	const compact = rows < 14;
	// besides the list in one row: two choices and the keys
	const room = Math.max(1, compact ? rows - 1 - (rows < 8 ? 0 : 1) - 3 : rows);
	return (
		<Box flexDirection="column">
			{rows >= 8 && (
				<Checklist
					items={!compact && rows < 20 ? foldDone(items) : items}
					ascii={ascii}
					width={width}
					compact={compact}
				/>
			)}
			{gap}
			<Lines rows={sentences(open, width).slice(0, room)} width={width} ascii={ascii} />
			{gap}
			<Select
				items={[
					{id: 'quit', label: 'Quit'},
					{id: 'again', label: 'Look again'}
				]}
				isActive
				width={width}
				ascii={ascii}
				onHighlight={() => {}}
				onSelect={id => (id === 'quit' ? quit() : walk.send({kind: 'again'}))}
			/>
			{gap}
			<KeyHints
				keys={[
					{key: '↑↓', does: 'choose'},
					{key: 'Enter', does: 'do it'},
					{key: 'b', does: 'back'},
					{key: '?', does: 'help'},
					{key: 'q', does: 'quit'}
				]}
				width={width}
				ascii={ascii}
			/>
		</Box>
	);
}

function sentences(open: readonly Judged[], width: number): readonly Row[] {
	if (open.length > 0)
		return wrap(`Left for later: ${open.map(one => one.id).join(', ')}.`, width).map(line => [{text: line}]);
	return [
		[{text: 'Your module spoke in a running kernel.', bold: true}],
		...wrap('Change its source and start this program again, or write the next one:', width).map(
			(line): Row => [{text: line}]
		),
		[{text: '   linux-rust-setup new NAME', bold: true}]
	];
}
