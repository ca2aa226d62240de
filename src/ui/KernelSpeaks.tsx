import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {useState, useSyncExternalStore} from 'react';
import {KernelLog} from '../../components/KernelLog.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import {Spinner} from '../../components/Spinner.tsx';
import {useKeys} from '../../components/use-keys.ts';
import type {LoadAction} from '../model/step.ts';
import type {ScreenProps} from './App.tsx';
import {numbered} from './notes.ts';

type Props = ScreenProps & {
	readonly load: LoadAction;
	readonly phase: string;
	readonly notice: string | undefined;
};

/** A module is loaded and speaks; the user's own lines carry a bar. A screen reader hears each line once, above this. */
export function KernelSpeaks({desk, ascii, width, rows, load, phase, notice, quit, practice}: Props) {
	useSyncExternalStore(desk.feed.subscribe, desk.feed.version);
	const isRead = useIsScreenReaderEnabled();
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
	const height = Math.max(1, rows - 4 - (notice === undefined ? 0 : 1));
	const lookKeys = [
		{key: 'e', does: explained ? 'hide notes' : 'explain lines'},
		{key: 'a', does: all ? 'only mine' : 'all lines'}
	];
	return (
		<Box flexDirection="column">
			<Text wrap="truncate">
				{' '}
				{watching ? <Text color="cyan">{ascii ? '>' : '▸'}</Text> : <Spinner ascii={ascii} />}
				{` load  ${watching ? `${load.name} is loaded` : phase}, ${load.release}`}
			</Text>
			{!isRead && (
				<KernelLog records={records} notes={explained ? notes : []} height={height} width={width} ascii={ascii} />
			)}
			{notice !== undefined && (
				<Text color="yellow" wrap="truncate">
					{notice}
				</Text>
			)}
			{rows >= 8 && <Text> </Text>}
			<KeyHints
				keys={[
					...(watching
						? [
								{key: 'u', does: 'unload'},
								{key: 'r', does: 'reload'}
							]
						: []),
					...(isRead ? [] : lookKeys),
					{key: '?', does: 'help'},
					...(watching
						? [{key: 'q', does: practice === undefined ? 'leave it loaded and quit' : 'quit'}]
						: [{key: 'Ctrl-C', does: 'stop'}])
				]}
				width={width}
				ascii={ascii}
			/>
		</Box>
	);
}
