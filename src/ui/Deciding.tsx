import {Box, Text} from 'ink';
import {useEffect, useMemo, useState} from 'react';
import {Checklist} from '../../components/Checklist.tsx';
import {CommandPreview, type PreviewedCommand, previewRows} from '../../components/CommandPreview.tsx';
import {wrap} from '../../components/cells.ts';
import {Facts} from '../../components/Facts.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import {Select, type SelectItem} from '../../components/Select.tsx';
import {useKeys} from '../../components/use-keys.ts';
import type {Evidence, Remedy} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {actionsOf, plannedCommands} from '../plain/plan-text.ts';
import type {ScreenProps} from './App.tsx';
import {checklistItems, decisionLayout, foldDone} from './layout.ts';

type Props = ScreenProps & {readonly step: Judged};

const later = 'later';
const again = 'again';
const goOn = 'go-on';
/** Privileged commands are never cut off by what could be folded: insmod, rmmod and dmesg with their reasons. */
const previewRowsKept = 9;

/** One decision: what is so, what can be done about it, and the exact command before Enter is pressed. */
export function Deciding({walk, ascii, width, rows, asRoot, quit, step}: Props) {
	const {judged} = walk.state();
	const {verdict} = step;
	const remedies = verdict.status === 'done' ? [] : verdict.remedies;
	const items = choicesFor(step, remedies);
	const [highlighted, setHighlighted] = useState(items[0]?.id ?? later);
	const [details, setDetails] = useState(false);
	const commands = usePreview(
		remedies.find(remedy => remedy.id === highlighted),
		asRoot
	);
	const question = verdict.status === 'done' ? `${step.question} Yes: ${verdict.summary}.` : verdict.question;
	const consequence = remedies.find(remedy => remedy.id === highlighted)?.consequence;

	useKeys(input => {
		if (input === 'q') quit();
		else if (input === 'd') setDetails(before => !before);
		else if (input === 'b') {
			const here = judged.findIndex(one => one.id === step.id);
			const before = judged[here - 1];
			if (before !== undefined) walk.send({kind: 'revisit', step: before.id});
		}
	});

	const choose = (id: string): void => {
		if (id === later) walk.send({kind: 'later', step: step.id});
		else if (id === again || id === goOn) walk.send({kind: 'again'});
		else walk.send({kind: 'chose', step: step.id, remedy: id});
	};

	const list = checklistItems(judged, step.id);
	const folded = foldDone(list);
	const questionRows = wrap(question, width);
	const preview = previewRows(commands, width, Number.POSITIVE_INFINITY, ascii).length;
	const consequenceRows = consequence === undefined || rows < 16 ? [] : wrap(consequence, width - 3);
	const layout = decisionLayout(rows, {
		checklist: heightOf(list),
		folded: heightOf(folded),
		question: questionRows.length,
		evidence: verdict.evidence.length,
		choices: items.length,
		preview: Math.min(preview, previewRowsKept) + consequenceRows.length
	});
	const gap = layout.gaps ? <Text> </Text> : undefined;
	const facts = verdict.evidence.map(one => ({label: one.label, value: details ? withSource(one) : one.value}));
	if (details) {
		return (
			<Box flexDirection="column">
				<Text bold>{`${step.id}: ${verdict.summary}`}</Text>
				<Facts rows={facts.slice(0, Math.max(1, rows - 5))} width={width} ascii={ascii} />
				{verdict.status === 'done' ? undefined : (
					<Text dimColor>{`reason ${verdict.reason}, explained in docs/reasons.md`}</Text>
				)}
				<KeyHints
					keys={[
						{key: 'd', does: 'back to the decision'},
						{key: 'q', does: 'quit'}
					]}
					width={width}
					ascii={ascii}
				/>
			</Box>
		);
	}
	return (
		<Box flexDirection="column">
			<Checklist
				items={layout.checklist === 'full' ? list : folded}
				ascii={ascii}
				width={width}
				compact={layout.checklist === 'compact'}
			/>
			{gap}
			<Text bold={verdict.status !== 'done'}>{questionRows.join('\n')}</Text>
			<Facts rows={facts.slice(0, layout.evidence)} width={width} ascii={ascii} />
			{gap}
			<Select
				items={items}
				isActive
				height={layout.select}
				width={width}
				ascii={ascii}
				onHighlight={setHighlighted}
				onSelect={choose}
			/>
			{gap}
			{consequenceRows.map(row => (
				<Text key={row} dimColor>{`   ${row}`}</Text>
			))}
			<CommandPreview
				commands={commands}
				width={width}
				rows={Math.max(1, layout.preview - consequenceRows.length)}
				ascii={ascii}
			/>
			{gap}
			<KeyHints
				keys={[
					{key: '↑↓', does: 'choose'},
					{key: 'Enter', does: 'do it'},
					{key: 'd', does: 'details'},
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

function choicesFor(step: Judged, remedies: readonly Remedy[]): readonly SelectItem[] {
	if (step.verdict.status === 'done') return [{id: goOn, label: 'Go on'}];
	return [
		...remedies.map(remedy => ({id: remedy.id, label: remedy.label})),
		{id: again, label: 'Look again'},
		{id: later, label: 'Leave it for later'}
	];
}

/** The commands of the choice under the cursor; planning them reads files at most. */
function usePreview(remedy: Remedy | undefined, asRoot: boolean): readonly PreviewedCommand[] {
	const [planned, setPlanned] = useState<{readonly remedy: Remedy; readonly commands: readonly PreviewedCommand[]}>();
	useEffect(() => {
		if (remedy === undefined) return undefined;
		let current = true;
		void actionsOf(remedy).then(actions => {
			if (!current) return;
			const commands = plannedCommands(actions ?? [], {asRoot}).map(({text, as, why}) => ({
				text,
				root: as === 'root',
				why
			}));
			setPlanned({remedy, commands});
		});
		return () => {
			current = false;
		};
	}, [remedy, asRoot]);
	return useMemo(() => (planned !== undefined && planned.remedy === remedy ? planned.commands : []), [planned, remedy]);
}

/** Rows a checklist takes: steps that are not reached share one. */
function heightOf(items: readonly {readonly mark: string; readonly text: string}[]): number {
	const waiting = items.filter(item => item.mark === 'todo' && item.text === '').length;
	return items.length - Math.max(0, waiting - 1);
}

const withSource = ({value, source}: Evidence): string => (source === undefined ? value : `${value}  (${source})`);
