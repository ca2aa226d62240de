import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {useSyncExternalStore} from 'react';
import {Elapsed} from '../../components/Elapsed.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import {LogWindow} from '../../components/LogWindow.tsx';
import {ProgressLine} from '../../components/ProgressLine.tsx';
import {Spinner} from '../../components/Spinner.tsx';
import type {Activity} from '../walk/state.ts';
import {Agreeing} from './Agreeing.tsx';
import type {ScreenProps} from './App.tsx';
import {Consenting} from './Consenting.tsx';
import {KernelSpeaks} from './KernelSpeaks.tsx';
import type {Heard} from './news.ts';

type Props = ScreenProps & {readonly activity: Extract<Activity, {kind: 'performing'}>};

/** Something runs: its output in a window, or the kernel speaking. */
export function Performing(props: Props) {
	const {desk, activity} = props;
	const heard = useSyncExternalStore(desk.news.subscribe, desk.news.current);
	const question = useSyncExternalStore(desk.questions.subscribe, desk.questions.current);
	const load = activity.actions.flatMap(action => (action.kind === 'load' ? [action.load] : []))[0];
	if (question?.kind === 'practice') return <Agreeing {...props} title={activity.remedy.label} consent={question} />;
	if (question !== undefined) return <Consenting {...props} question={question} />;
	return load === undefined ? (
		<Output {...props} {...heard} />
	) : (
		<KernelSpeaks {...props} load={load} phase={heard.phase} notice={heard.notice} />
	);
}

/** The window moves too fast to be listened to: a screen reader hears what runs and where its log is, once. */
function Output({desk, ascii, width, rows, activity, phase, log, notice, progress}: Props & Heard) {
	const isRead = useIsScreenReaderEnabled();
	const bar = progress !== undefined && rows >= 8 && !isRead ? progress : undefined;
	const window = Math.max(1, Math.min(12, rows - 6 - (bar === undefined ? 0 : 2)));
	return (
		<Box flexDirection="column">
			<Box>
				<Text wrap="truncate">
					{' '}
					<Spinner ascii={ascii} />
					{` ${activity.step.id}  ${phase === '' ? activity.remedy.label : phase}`}
				</Text>
				<Elapsed isShown={!isRead} />
			</Box>
			{bar !== undefined && <ProgressLine {...bar} width={width} ascii={ascii} />}
			{!isRead && <LogWindow tail={desk.tail} height={window} width={width} ascii={ascii} />}
			{notice !== undefined && rows >= 8 && <Text wrap="truncate">{notice}</Text>}
			{log !== undefined && rows >= 8 && <Text dimColor wrap="truncate-middle">{`   log ${log}`}</Text>}
			<KeyHints keys={[{key: 'Ctrl-C', does: 'stop'}]} width={width} ascii={ascii} />
		</Box>
	);
}
