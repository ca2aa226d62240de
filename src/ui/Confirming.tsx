import {Box} from 'ink';
import {previewRows} from '../../components/CommandPreview.tsx';
import {wrap} from '../../components/cells.ts';
import {FilesPreview} from '../../components/FilesPreview.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import type {Row} from '../../components/Line.tsx';
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
			? [{key: 'Enter', does: 'done, look again'}]
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

type Write = Extract<Props['activity']['actions'][number], {kind: 'write'}>;

function Files({write, rows, width, ascii}: Props & {readonly write: Write}) {
	return (
		<FilesPreview
			folder={write.folder}
			files={write.files.map(file => ({...file, exists: false}))}
			height={Math.max(1, rows - 2)}
			width={width}
			isActive
			ascii={ascii}
		/>
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
				...plain('This is for you to do, in a terminal of your own; nothing runs from here.'),
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
