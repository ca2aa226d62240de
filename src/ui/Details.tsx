import {Box} from 'ink';
import {type PreviewedCommand, previewRows} from '../../components/CommandPreview.tsx';
import {wrap} from '../../components/cells.ts';
import {factRows} from '../../components/Facts.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import type {Row} from '../../components/Line.tsx';
import {Scroll} from '../../components/Scroll.tsx';
import type {Evidence, Remedy} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import type {ScreenProps} from './App.tsx';

type Props = ScreenProps & {
	readonly step: Judged;
	readonly remedy: Remedy | undefined;
	readonly commands: readonly PreviewedCommand[];
	readonly consequence: string | undefined;
};

/** All that is known about a decision: what was looked at and where, and the highlighted choice with all its commands. */
export function Details({step, remedy, commands, consequence, ascii, width, rows}: Props) {
	const {verdict} = step;
	const plain = (text: string): readonly Row[] => wrap(text, width).map(line => [{text: line}]);
	const head: Row = [{text: `${step.id}: ${verdict.summary}`, bold: true}];
	const facts = verdict.evidence.map(one => ({...one, value: withSource(one)}));
	const open: readonly Row[] = verdict.status === 'done' ? [] : [...plain(verdict.question), []];
	const code: readonly Row[] =
		verdict.status === 'done' ? [] : plain(`reason ${verdict.reason}, explained in docs/reasons.md`);
	const chosen = remedy === undefined ? [] : aboutChoice(remedy, commands, consequence, width, ascii);
	return (
		<Box flexDirection="column">
			<Scroll
				rows={[head, [], ...open, ...factRows(facts, width), [], ...code, ...chosen]}
				height={Math.max(1, rows - 2)}
				width={width}
				ascii={ascii}
			/>
			<KeyHints
				keys={[
					{key: '↑↓', does: 'scroll'},
					{key: 'd', does: 'back to the decision'},
					{key: '?', does: 'help'},
					{key: 'q', does: 'quit'}
				]}
				width={width}
				ascii={ascii}
			/>
		</Box>
	);
}

function aboutChoice(
	remedy: Remedy,
	commands: readonly PreviewedCommand[],
	consequence: string | undefined,
	width: number,
	ascii: boolean
): readonly Row[] {
	const facts = [
		...(consequence === undefined ? [] : [{label: 'costs', value: consequence}]),
		...(remedy.undo === undefined ? [] : [{label: 'undo', value: remedy.undo}]),
		...(remedy.answer === undefined ? [] : [{label: 'as a flag', value: remedy.answer}])
	];
	return [
		[],
		[{text: remedy.label, bold: true}],
		...factRows(facts, width),
		...previewRows(commands, width, Number.POSITIVE_INFINITY, ascii)
	];
}

const withSource = ({value, source}: Evidence): string => (source === undefined ? value : `${value}  (${source})`);
