import {Box, Text} from 'ink';
import {wrap} from '../../components/cells.ts';
import {KeyHints} from '../../components/KeyHints.tsx';
import {TextField} from '../../components/TextField.tsx';
import {type Activity, unanswered} from '../walk/state.ts';
import type {ScreenProps} from './App.tsx';

type Props = ScreenProps & {readonly activity: Extract<Activity, {kind: 'asking'}>};

/** A text that only the user knows: the module's name, a folder. The same validator checks its flag. */
export function Asking({walk, desk, ascii, width, rows, activity}: Props) {
	const {remedy, answers, problem} = activity;
	const question = unanswered(remedy, answers);
	if (question === undefined) return undefined;
	const draft = `${remedy.id} ${question.id}`;
	const isRoomy = rows >= 10;
	return (
		<Box flexDirection="column">
			{rows >= 6 && (
				<Text bold wrap="truncate">
					{remedy.label}
				</Text>
			)}
			{remedy.consequence !== undefined && isRoomy && (
				<Text dimColor>{wrap(remedy.consequence, width).join('\n')}</Text>
			)}
			{isRoomy && <Text> </Text>}
			<TextField
				key={question.id}
				label={question.label}
				value={desk.drafts.get(draft) ?? question.initial ?? ''}
				validate={question.validate}
				onSubmit={value => {
					desk.drafts.set(draft, value);
					walk.send({kind: 'answered', question: question.id, value});
				}}
				onCancel={() => walk.send({kind: 'back'})}
				isActive
				width={width}
				ascii={ascii}
			/>
			{problem !== undefined && <Text color="red">{wrap(problem, width).join('\n')}</Text>}
			{isRoomy && <Text> </Text>}
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
