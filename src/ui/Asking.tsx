import {Box, Text} from 'ink';
import {KeyHints} from '../../components/KeyHints.tsx';
import {TextField} from '../../components/TextField.tsx';
import {type Activity, unanswered} from '../walk/state.ts';
import type {ScreenProps} from './App.tsx';

type Props = ScreenProps & {readonly activity: Extract<Activity, {kind: 'asking'}>};

/** A text that only the user knows: the module's name, a folder. The same validator checks its flag. */
export function Asking({walk, ascii, width, activity}: Props) {
	const {remedy, answers, problem} = activity;
	const question = unanswered(remedy, answers);
	if (question === undefined) return undefined;
	return (
		<Box flexDirection="column">
			<Text bold>{remedy.label}</Text>
			{remedy.consequence === undefined ? undefined : <Text dimColor>{remedy.consequence}</Text>}
			<Text> </Text>
			<TextField
				key={`${question.id}-${problem ?? ''}`}
				label={question.label}
				value={question.initial ?? ''}
				validate={question.validate}
				onSubmit={value => walk.send({kind: 'answered', question: question.id, value})}
				onCancel={() => walk.send({kind: 'back'})}
				isActive
				width={width}
				ascii={ascii}
			/>
			{problem === undefined ? undefined : <Text color="red">{problem}</Text>}
			<Text> </Text>
			<KeyHints
				keys={[
					{key: 'Enter', does: 'go on'},
					{key: 'Esc', does: 'back'},
					{key: 'Ctrl-C', does: 'quit'}
				]}
				width={width}
				ascii={ascii}
			/>
		</Box>
	);
}
