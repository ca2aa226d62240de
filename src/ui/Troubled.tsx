import {Box, Text} from 'ink';
import {useState} from 'react';
import {FailurePanel} from '../../components/FailurePanel.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import {LogWindow} from '../../components/LogWindow.tsx';
import {Select} from '../../components/Select.tsx';
import {useKeys} from '../../components/use-keys.ts';
import type {Outcome} from '../model/walk.ts';
import {safeLine} from '../text/safe-text.ts';
import type {Activity} from '../walk/state.ts';
import type {ScreenProps} from './App.tsx';

type Props = ScreenProps & {readonly activity: Extract<Activity, {kind: 'troubled'}>};

/** Something did not go well: the cause first, then what cures it, then the way on. */
export function Troubled({walk, desk, ascii, width, rows, quit, activity}: Props) {
	const [showsLog, setShowsLog] = useState(false);
	const {outcome, remedy} = activity;
	useKeys(input => {
		if (input === 'l') setShowsLog(before => !before);
		else if (input === 'b') walk.send({kind: 'back'});
		else if (input === 'q') quit();
	});
	const choose = (id: string): void => walk.send(id === 'again' ? {kind: 'again'} : {kind: 'back'});
	const panel = panelFor(outcome);
	return (
		<Box flexDirection="column">
			<Box flexDirection="column" maxHeight={Math.max(2, rows - 5)} overflow="hidden">
				{showsLog ? (
					<LogWindow tail={desk.tail} height={Math.max(1, rows - 5)} width={width} ascii={ascii} />
				) : panel === undefined ? (
					<Text>{`Stopped: ${remedy.label}. What was done so far is kept.`}</Text>
				) : (
					<FailurePanel {...panel} width={width} ascii={ascii} />
				)}
			</Box>
			<Select
				items={[
					{id: 'again', label: 'Look again and go on from there'},
					{id: 'back', label: 'Back to the decision'}
				]}
				isActive
				width={width}
				ascii={ascii}
				onHighlight={() => {}}
				onSelect={choose}
			/>
			<KeyHints
				keys={[
					{key: 'Enter', does: 'do it'},
					{key: 'l', does: showsLog ? 'the cause' : 'last lines of the log'},
					{key: 'b', does: 'back'},
					{key: 'q', does: 'quit'}
				]}
				width={width}
				ascii={ascii}
			/>
		</Box>
	);
}

function panelFor(outcome: Exclude<Outcome, {kind: 'ok'}>): Parameters<typeof FailurePanel>[0] | undefined {
	if (outcome.kind === 'cancelled') return undefined;
	if (outcome.kind === 'refused') {
		return {
			title: 'nothing was run',
			cause: `${safeLine(outcome.why, 2000)}.`,
			facts: [],
			cures: outcome.command === undefined ? [] : [{label: 'Run it yourself', command: outcome.command}]
		};
	}
	const {trouble} = outcome;
	const {cause: first} = trouble;
	const log = trouble.log === undefined ? {} : {log: `${trouble.log} (${trouble.lines} lines)`};
	if (first !== undefined) {
		return {
			title: trouble.title,
			cause: safeLine(first.cause, 2000),
			facts: [{label: `line ${first.line}`, value: safeLine(first.text, 300)}],
			cures: first.remedies.map(({label, command}) => ({
				label: safeLine(label),
				...(command === undefined ? {} : {command: safeLine(command)})
			})),
			...log
		};
	}
	const lines =
		trouble.unexplained === undefined
			? trouble.tail.slice(-4).map(text => ({label: '', value: text}))
			: [{label: `line ${trouble.unexplained.line}`, value: trouble.unexplained.text}];
	return {
		title: trouble.title,
		cause: 'This failure is not known to this program. What the log says:',
		facts: lines,
		cures: [],
		...log
	};
}
