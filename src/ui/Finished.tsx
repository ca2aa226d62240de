import {Box, Text} from 'ink';
import {Checklist} from '../../components/Checklist.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import {Select} from '../../components/Select.tsx';
import {useKeys} from '../../components/use-keys.ts';
import type {ScreenProps} from './App.tsx';
import {checklistItems, foldDone} from './layout.ts';

/** The end of the walk, or of what the user wants of it today. */
export function Finished({walk, ascii, width, rows, quit}: ScreenProps) {
	const {judged} = walk.state();
	const open = judged.filter(one => one.verdict.status !== 'done');
	const items = checklistItems(judged, undefined);
	useKeys(input => {
		if (input === 'q') quit();
	});
	return (
		<Box flexDirection="column">
			<Checklist items={rows < 16 ? foldDone(items) : items} ascii={ascii} width={width} compact={rows < 10} />
			<Text> </Text>
			{open.length === 0 ? (
				<>
					<Text bold>Your module spoke in a running kernel.</Text>
					<Text>Change its source and start this program again, or write the next one: linux-rust-setup new NAME</Text>
				</>
			) : (
				<Text>{`Left for later: ${open.map(one => one.id).join(', ')}. Start this program again to go on.`}</Text>
			)}
			<Text> </Text>
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
			<KeyHints
				keys={[
					{key: 'Enter', does: 'do it'},
					{key: '?', does: 'help'},
					{key: 'q', does: 'quit'}
				]}
				width={width}
				ascii={ascii}
			/>
		</Box>
	);
}
