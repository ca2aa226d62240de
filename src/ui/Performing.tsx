import {Box, Text} from 'ink';
import {useEffect, useState, useSyncExternalStore} from 'react';
import {KernelLog} from '../../components/KernelLog.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import {LogWindow} from '../../components/LogWindow.tsx';
import {Spinner} from '../../components/Spinner.tsx';
import {useKeys} from '../../components/use-keys.ts';
import type {KernelLine} from '../model/walk.ts';
import type {Activity} from '../walk/state.ts';
import type {ScreenProps} from './App.tsx';

type Props = ScreenProps & {readonly activity: Extract<Activity, {kind: 'performing'}>};

/** Something runs: its output in a window, or the kernel speaking. */
export function Performing(props: Props) {
	const {desk, activity} = props;
	const [phase, setPhase] = useState('');
	const [log, setLog] = useState<string>();
	const [notice, setNotice] = useState<string>();
	useEffect(() => {
		desk.onEvent = event => {
			if (event.kind === 'phase') setPhase(event.text);
			else if (event.kind === 'log') setLog(event.file);
			else if (event.kind === 'notice') setNotice(event.text);
		};
		return () => {
			desk.onEvent = undefined;
		};
	}, [desk]);
	const load = activity.actions.flatMap(action => (action.kind === 'load' ? [action.load] : []))[0];
	return load === undefined ? (
		<Output {...props} phase={phase} log={log} notice={notice} />
	) : (
		<KernelSpeaks {...props} name={`${load.name} · ${load.release}`} phase={phase} notice={notice} />
	);
}

type OutputProps = Props & {
	readonly phase: string;
	readonly log: string | undefined;
	readonly notice: string | undefined;
};

function Output({desk, ascii, width, rows, activity, phase, log, notice}: OutputProps) {
	const window = Math.max(1, Math.min(12, rows - 6));
	return (
		<Box flexDirection="column">
			<Box>
				<Text> </Text>
				<Spinner ascii={ascii} />
				<Text wrap="truncate">{` ${activity.step.id}  ${phase === '' ? activity.remedy.label : phase}`}</Text>
			</Box>
			<LogWindow tail={desk.tail} height={window} width={width} ascii={ascii} />
			{notice === undefined ? undefined : <Text>{notice}</Text>}
			{log === undefined || rows < 8 ? undefined : <Text dimColor wrap="truncate-middle">{`   log ${log}`}</Text>}
			<KeyHints keys={[{key: 'Ctrl-C', does: 'stop'}]} width={width} ascii={ascii} />
		</Box>
	);
}

type SpeaksProps = Props & {readonly name: string; readonly phase: string; readonly notice: string | undefined};

function KernelSpeaks({desk, ascii, width, rows, name, phase, notice, quit}: SpeaksProps) {
	useSyncExternalStore(desk.feed.subscribe, desk.feed.version);
	const [all, setAll] = useState(true);
	const [explained, setExplained] = useState(rows >= 20);
	const watching = phase === 'watching';
	const answer = (wish: 'unload' | 'reload' | 'leave'): void => {
		const {answerWatch} = desk;
		desk.answerWatch = undefined;
		answerWatch?.(wish);
	};
	useKeys(input => {
		if (input === 'a') setAll(before => !before);
		else if (input === 'e') setExplained(before => !before);
		else if (!watching) return;
		else if (input === 'u') answer('unload');
		else if (input === 'r') answer('reload');
		else if (input === 'q') {
			answer('leave');
			quit();
		}
	});
	const {records, notes} = numbered(desk.feed.lines().filter(line => all || line.own || line.note !== undefined));
	const height = Math.max(1, rows - 5 - (notice === undefined ? 0 : 2));
	return (
		<Box flexDirection="column">
			<Box>
				<Text> </Text>
				{watching ? <Text color="cyan">{ascii ? '>' : '▸'}</Text> : <Spinner ascii={ascii} />}
				<Text bold wrap="truncate">{` load  ${name}`}</Text>
				<Text wrap="truncate">{watching ? '  loaded' : `  ${phase}`}</Text>
			</Box>
			<KernelLog records={records} notes={explained ? notes : []} height={height} width={width} ascii={ascii} />
			{notice === undefined ? undefined : <Text color="yellow">{notice}</Text>}
			<Text> </Text>
			<KeyHints
				keys={[
					...(watching
						? [
								{key: 'u', does: 'unload'},
								{key: 'r', does: 'reload'}
							]
						: []),
					{key: 'e', does: explained ? 'hide notes' : 'explain lines'},
					{key: 'a', does: all ? 'only mine' : 'all lines'},
					...(watching ? [{key: 'q', does: 'leave it loaded and quit'}] : [])
				]}
				width={width}
				ascii={ascii}
			/>
		</Box>
	);
}

/** Numbers the notes in the order they first come up, each meaning once. */
export function numbered(lines: readonly KernelLine[]): {
	readonly records: readonly {
		readonly time: string;
		readonly text: string;
		readonly own: boolean;
		readonly note?: number;
	}[];
	readonly notes: readonly {readonly number: number; readonly text: string}[];
} {
	const numbers = new Map<string, number>();
	const records = lines.map(({seconds, text, own, note}) => {
		const base = {time: seconds.toFixed(3), text, own};
		if (note === undefined) return base;
		const number = numbers.get(note.text) ?? numbers.size + 1;
		numbers.set(note.text, number);
		return {...base, note: number};
	});
	return {records, notes: [...numbers].map(([text, number]) => ({number, text}))};
}
