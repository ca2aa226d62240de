import {Box, Text} from 'ink';
import {CommandPreview} from '../../components/CommandPreview.tsx';
import {FilesPreview} from '../../components/FilesPreview.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import {useKeys} from '../../components/use-keys.ts';
import {instructionOf, plannedCommands} from '../plain/plan-text.ts';
import type {Activity} from '../walk/state.ts';
import type {ScreenProps} from './App.tsx';

type Props = ScreenProps & {readonly activity: Extract<Activity, {kind: 'confirming'}>};

/** Files before they are written; instructions for what only the user can do. */
export function Confirming({walk, ascii, width, rows, asRoot, quit, activity}: Props) {
	const {remedy, actions} = activity;
	useKeys((input, key) => {
		if (key.return) walk.send({kind: 'confirmed'});
		else if (input === 'b' || key.escape) walk.send({kind: 'back'});
		else if (input === 'q') quit();
	});
	const write = actions.find(action => action.kind === 'write');
	if (write !== undefined) {
		return (
			<Box flexDirection="column">
				<FilesPreview
					folder={write.folder}
					files={write.files.map(file => ({...file, exists: false}))}
					height={Math.max(3, rows - 3)}
					width={width}
					isActive
					ascii={ascii}
				/>
				<KeyHints
					keys={[
						{key: 'Enter', does: 'write them'},
						{key: '←→', does: 'file'},
						{key: '↑↓', does: 'scroll'},
						{key: 'b', does: 'back'},
						{key: 'q', does: 'quit'}
					]}
					width={width}
					ascii={ascii}
				/>
			</Box>
		);
	}
	const commands = plannedCommands(actions, {asRoot}).map(({text, as, why}) => ({text, root: as === 'root', why}));
	const instruction = instructionOf(actions);
	return (
		<Box flexDirection="column">
			<Text bold>{remedy.label}</Text>
			<Text>This is for you to do, in a terminal of your own; nothing runs from here.</Text>
			<Text> </Text>
			<CommandPreview commands={commands} width={width} rows={Math.max(2, rows - 8)} ascii={ascii} />
			{instruction === undefined ? undefined : <Text>{instruction}</Text>}
			<Text> </Text>
			<KeyHints
				keys={[
					{key: 'Enter', does: 'done, look again'},
					{key: 'b', does: 'back'},
					{key: 'q', does: 'quit'}
				]}
				width={width}
				ascii={ascii}
			/>
		</Box>
	);
}
