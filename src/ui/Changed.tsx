import {Box} from 'ink';
import {type PreviewedCommand, previewRows} from '../../components/CommandPreview.tsx';
import {wrap} from '../../components/cells.ts';
import {factRows} from '../../components/Facts.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import {Lines, type Row} from '../../components/Line.tsx';
import {Scroll} from '../../components/Scroll.tsx';
import {useKeys} from '../../components/use-keys.ts';
import type {Since} from '../model/facts.ts';
import type {Remedy} from '../model/step.ts';
import {asciiText} from '../plain/ascii.ts';
import {changeText, dayText, staleSteps} from '../plain/since.ts';
import {nextToMend} from '../walk/mend.ts';
import type {ScreenProps} from './App.tsx';
import {usePreviews} from './previews.ts';

const none: readonly Remedy[] = [];

type Props = ScreenProps & {readonly since: Since; readonly onEnd: () => void};

/** What changed since all last fitted, before the first decision: one key mends what needs none. */
export function Changed({walk, since, onEnd, ascii, width, rows, asRoot, quit}: Props) {
	const {judged} = walk.state();
	const next = nextToMend(judged);
	const remedy = next?.remedy;
	const previews = usePreviews(
		next === undefined || next.step.verdict.status === 'done' ? none : next.step.verdict.remedies,
		asRoot
	);
	const commands = previews.get(remedy?.id ?? '') ?? [];
	useKeys((input, key) => {
		if (input === 'q') quit();
		else if (input === 'm' && remedy !== undefined) {
			onEnd();
			walk.send({kind: 'mend'});
		} else if (key.return || key.escape) onEnd();
	});
	const stale = staleSteps(
		since.changes,
		judged.map(one => one.id)
	);
	const spell = ascii ? asciiText : (text: string): string => text;
	const facts = since.changes.map(change => ({label: change.fact, value: spell(changeText(change))}));
	const order = stale.length === 0 ? [] : [{label: 'to mend', value: `in this order: ${stale.join(', ')}`}];
	const changed: readonly Row[] = [
		...wrap(`Since you were last green (${dayText(since.at, new Date())}):`, width).map(
			(text): Row => [{text, bold: true}]
		),
		...factRows([...facts, ...order], width)
	];
	const cure = remedy === undefined ? [] : cureRows(remedy.label, commands, width, Math.floor(rows / 3), ascii);
	const hasGap = changed.length + cure.length + 3 < rows;
	return (
		<Box flexDirection="column">
			<Scroll
				rows={changed}
				height={Math.max(1, rows - 2 - cure.length - (hasGap ? 1 : 0))}
				width={width}
				ascii={ascii}
			/>
			<Lines rows={hasGap ? [[], ...cure, ...(cure.length === 0 ? [] : [[]])] : cure} width={width} ascii={ascii} />
			<KeyHints
				keys={[
					...(remedy === undefined ? [] : [{key: 'm', does: 'mend it'}]),
					{key: 'Enter', does: 'go on'},
					{key: '?', does: 'help'},
					{key: 'q', does: 'quit'}
				]}
				width={width}
				ascii={ascii}
			/>
		</Box>
	);
}

/** What one key would run, as under every choice. */
function cureRows(
	label: string,
	commands: readonly PreviewedCommand[],
	width: number,
	most: number,
	ascii: boolean
): readonly Row[] {
	return [
		...wrap(label, width - 3, 2).map((text): Row => [{text: ` m ${text}`}]),
		...previewRows(commands, width, Math.max(1, most - 1), ascii)
	];
}
