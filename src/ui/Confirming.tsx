import {Box} from 'ink';
import {previewRows} from '../../components/CommandPreview.tsx';
import {wrap} from '../../components/cells.ts';
import {FilesPreview} from '../../components/FilesPreview.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import {Lines, type Row} from '../../components/Line.tsx';
import {Scroll} from '../../components/Scroll.tsx';
import {useKeys} from '../../components/use-keys.ts';
import {instructionOf} from '../plain/plan-text.ts';
import type {Activity} from '../walk/state.ts';
import type {ScreenProps} from './App.tsx';
import {previewOf} from './decision.ts';

type Props = ScreenProps & {readonly activity: Extract<Activity, {kind: 'confirming'}>};

/** Files before they are written; instructions for what only the user can do. */
export function Confirming(props: Props) {
	const {walk, ascii, width, quit, activity} = props;
	useKeys((input, key) => {
		if (key.return) walk.send({kind: 'confirmed'});
		else if (input === 'b' || key.escape) walk.send({kind: 'back'});
		else if (input === 'q') quit();
	});
	const write = activity.actions.find(action => action.kind === 'write');
	const keys =
		write === undefined
			? [{key: 'Enter', does: isReboot(activity) ? 'reboot now' : 'done, look again'}]
			: [
					{key: 'Enter', does: 'write them'},
					{key: '←→', does: 'file'},
					{key: '↑↓', does: 'scroll'}
				];
	return (
		<Box flexDirection="column">
			{write === undefined ? <Instructions {...props} /> : <Files {...props} write={write} />}
			<KeyHints
				keys={[...keys, {key: 'b', does: 'back'}, {key: '?', does: 'help'}, {key: 'q', does: 'quit'}]}
				width={width}
				ascii={ascii}
			/>
		</Box>
	);
}

const isReboot = ({actions}: Props['activity']): boolean => actions.some(action => action.kind === 'reboot');

type Write = Extract<Props['activity']['actions'][number], {kind: 'write'}>;

/** The files, and below them what runs when they are written: `git init`, where the folder lies in no repository. */
function Files({write, activity, asRoot, rows, width, ascii}: Props & {readonly write: Write}) {
	const commands = previewOf(activity.actions, asRoot);
	const room = Math.max(0, Math.floor((rows - 2) / 3));
	const preview = commands.length === 0 ? [] : previewRows(commands, width, room, ascii);
	const gap = preview.length > 0 && rows >= 16 ? 1 : 0;
	return (
		<Box flexDirection="column">
			<FilesPreview
				folder={write.folder}
				files={write.files.map(file => ({...file, exists: false}))}
				height={Math.max(1, rows - 2 - preview.length - gap)}
				width={width}
				isActive
				ascii={ascii}
			/>
			<Lines rows={gap > 0 ? [[], ...preview] : preview} width={width} ascii={ascii} />
		</Box>
	);
}

function Instructions({activity, asRoot, rows, width, ascii}: Props) {
	const {remedy, actions} = activity;
	const plain = (text: string): readonly Row[] => wrap(text, width).map(line => [{text: line}]);
	const instruction = instructionOf(actions);
	return (
		<Scroll
			rows={[
				...wrap(remedy.label, width).map((line): Row => [{text: line, bold: true}]),
				...plain(
					isReboot(activity)
						? 'Enter starts this machine anew, at once. Save what is open in other programs first.'
						: 'This is for you to do, in a terminal of your own; nothing runs from here.'
				),
				[],
				...previewRows(previewOf(actions, asRoot), width, Number.POSITIVE_INFINITY, ascii),
				...(instruction === undefined ? [] : [[], ...plain(instruction)]),
				...(rows < 12 ? [] : [[]])
			]}
			height={Math.max(1, rows - 2)}
			width={width}
			ascii={ascii}
		/>
	);
}
