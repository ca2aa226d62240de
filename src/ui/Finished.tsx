import {Box, Text} from 'ink';
import {Checklist} from '../../components/Checklist.tsx';
import {wrap} from '../../components/cells.ts';
import {KeyHints} from '../../components/KeyHints.tsx';
import {Lines, type Row} from '../../components/Line.tsx';
import {Select} from '../../components/Select.tsx';
import {useKeys} from '../../components/use-keys.ts';
import type {Judged} from '../model/walk.ts';
import type {Practising, ScreenProps} from './App.tsx';
import {leave} from './decision.ts';
import {checklistItems, foldDone} from './layout.ts';
import {practiceCommand} from './practice-command.ts';

/** The end of the walk, or of what the user wants of it today. */
export function Finished({walk, ascii, width, rows, quit, practice}: ScreenProps) {
	const {judged} = walk.state();
	const open = judged.filter(one => one.verdict.status !== 'done');
	const items = checklistItems(judged, undefined);
	const behind = open[0] ?? judged.at(-1);
	useKeys((input, key) => {
		if (input === 'q') quit();
		else if ((input === 'b' || key.escape) && behind !== undefined) walk.send({kind: 'revisit', step: behind.id});
	});
	const isTrial = practice?.tried !== undefined || practice?.installed !== undefined;
	const leaving = practice?.leave === undefined ? [] : [{id: leave, label: 'Back to this machine'}];
	const choices = [
		// who only tried a module or a kernel goes on where they came from
		...(isTrial ? leaving : []),
		{id: 'quit', label: 'Quit'},
		{id: 'again', label: 'Look again'},
		...(isTrial ? [] : leaving)
	];
	const gap = rows >= 16 && <Text> </Text>;
	const compact = rows < 14;
	// besides the list in one row: the choices and the keys
	const room = Math.max(1, compact ? rows - 2 - (rows < 8 ? 0 : 1) - choices.length : rows);
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
			<Lines rows={sentences(judged, practice, width).slice(0, room)} width={width} ascii={ascii} />
			{gap}
			<Select
				items={choices}
				isActive
				width={width}
				ascii={ascii}
				onHighlight={() => {}}
				onSelect={id => {
					if (id === 'quit') quit();
					else if (id === leave) practice?.leave?.();
					else walk.send({kind: 'again'});
				}}
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

function sentences(judged: readonly Judged[], practice: Practising | undefined, width: number): readonly Row[] {
	const open = judged.filter(one => one.verdict.status !== 'done');
	const plain = (text: string): readonly Row[] => wrap(text, width).map(line => [{text: line}]);
	if (open.length > 0) return plain(`Left for later: ${open.map(one => one.id).join(', ')}.`);
	const spoke: Row = [{text: 'Your module spoke in a running kernel.', bold: true}];
	if (practice?.tried !== undefined)
		return [spoke, ...plain('That was a copy of it, in the practice VM. This machine has not met it yet.')];
	if (practice !== undefined)
		return [
			spoke,
			...plain(
				`It was ${practice.installed === undefined ? 'the kernel of the practice VM' : `${practice.installed}, in the practice VM`}; this machine’s own was not touched.`
			),
			...plain('Change its source and practise again:'),
			[{text: `   ${practiceCommand(practice.installed)}`, bold: true}]
		];
	return [
		spoke,
		...plain('Change its source and start this program again, or write the next one:'),
		[{text: '   linux-rust-setup new NAME', bold: true}]
	];
}
