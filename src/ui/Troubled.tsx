import {Box, Text} from 'ink';
import {useState} from 'react';
import {wrap} from '../../components/cells.ts';
import {FailurePanel, type FailureWords, failureRows} from '../../components/FailurePanel.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import {Lines} from '../../components/Line.tsx';
import {LogWindow} from '../../components/LogWindow.tsx';
import {Scroll} from '../../components/Scroll.tsx';
import {Select} from '../../components/Select.tsx';
import {useKeys} from '../../components/use-keys.ts';
import type {Activity} from '../walk/state.ts';
import type {ScreenProps} from './App.tsx';
import {failureWords} from './failure-words.ts';

type Props = ScreenProps & {readonly activity: Extract<Activity, {kind: 'troubled'}>};

const choices = [
	{id: 'again', label: 'Look again and go on from there'},
	{id: 'back', label: 'Back to the decision'}
] as const;

/** Something did not go well: the cause first, then what cures it, then the way on. */
export function Troubled(props: Props) {
	const {walk, desk, ascii, width, rows, quit, activity} = props;
	const [shows, setShows] = useState<'cause' | 'details' | 'log'>('cause');
	const words = failureWords(activity.step.id, activity.outcome);
	const hasLog = desk.tail.total > 0;
	useKeys((input, key) => {
		if (input === 'l' && hasLog) setShows(now => (now === 'log' ? 'cause' : 'log'));
		else if (input === 'd' && words !== undefined) setShows(now => (now === 'details' ? 'cause' : 'details'));
		else if (input === 'b' || key.escape) {
			if (shows === 'cause') walk.send({kind: 'back'});
			else setShows('cause');
		} else if (input === 'q') quit();
	});
	// choices, keys, and a row between where there is one to spare
	const room = Math.max(1, rows - 2 - (shows === 'cause' ? choices.length : 0));
	const isRoomy = rows >= 16;
	return (
		<Box flexDirection="column">
			{shows === 'log' && <LogWindow tail={desk.tail} height={room} width={width} ascii={ascii} />}
			{shows === 'details' && words !== undefined && (
				<Scroll rows={failureRows(words, width, ascii)} height={room} width={width} ascii={ascii} />
			)}
			<Box flexDirection="column" display={shows === 'cause' ? 'flex' : 'none'}>
				<Cause {...props} words={words} height={room - (isRoomy ? 2 : 0)} />
				{isRoomy && <Text> </Text>}
				<Select
					items={choices}
					isActive={shows === 'cause'}
					width={width}
					ascii={ascii}
					onHighlight={() => {}}
					onSelect={id => walk.send({kind: id === 'again' ? 'again' : 'back'})}
				/>
				{isRoomy && <Text> </Text>}
			</Box>
			<KeyHints
				keys={[
					...(shows === 'cause' ? [{key: 'Enter', does: 'do it'}] : []),
					...(words === undefined ? [] : [{key: 'd', does: shows === 'details' ? 'less' : 'details'}]),
					...(hasLog ? [{key: 'l', does: shows === 'log' ? 'the cause' : 'last lines of the log'}] : []),
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

type CauseProps = Props & {readonly words: FailureWords | undefined; readonly height: number};

function Cause({activity, words, height, width, ascii}: CauseProps) {
	if (words !== undefined) return <FailurePanel {...words} height={height} width={width} ascii={ascii} />;
	const note = activity.outcome.kind === 'cancelled' ? activity.outcome.note : undefined;
	const text = `Stopped: ${activity.remedy.label}. ${note ?? 'What was done so far is kept.'}`;
	const rows = wrap(text, width).map(line => [{text: line}]);
	return <Lines rows={rows.slice(0, Math.max(1, height))} width={width} ascii={ascii} />;
}
