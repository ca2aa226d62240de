import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {useState} from 'react';
import {Checklist} from '../../components/Checklist.tsx';
import {CommandPreview, commandRows, type PreviewedCommand, previewRows} from '../../components/CommandPreview.tsx';
import {cut, wrap} from '../../components/cells.ts';
import {factRows} from '../../components/Facts.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import {firstRows, Lines} from '../../components/Line.tsx';
import {Select} from '../../components/Select.tsx';
import {useKeys} from '../../components/use-keys.ts';
import type {Remedy} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import type {ScreenProps} from './App.tsx';
import {Details} from './Details.tsx';
import {again, choicesFor, consequenceOf, later, leave, questionOf} from './decision.ts';
import {useFoundOut} from './found-out.ts';
import {checklistItems, decisionLayout, foldDone} from './layout.ts';
import {usePreviews} from './previews.ts';

type Props = ScreenProps & {readonly step: Judged};

const none: readonly Remedy[] = [];

/** One decision: what is so, what can be done about it, and the exact command before Enter is pressed. */
export function Deciding(props: Props) {
	const {walk, ascii, width, asRoot, quit, practice, step} = props;
	const {judged} = walk.state();
	const {verdict} = step;
	const remedies = verdict.status === 'done' ? none : verdict.remedies;
	const items = choicesFor(step, practice?.leave !== undefined);
	const [highlighted, setHighlighted] = useState(items[0]?.id ?? later);
	const [showsDetails, setShowsDetails] = useState(false);
	const previews = usePreviews(remedies, asRoot);
	const foundOut = useFoundOut(remedies);
	const remedy = remedies.find(one => one.id === highlighted);
	const commands = previews.get(highlighted) ?? [];
	const before = judged[judged.findIndex(one => one.id === step.id) - 1];

	useKeys((input, key) => {
		if (input === 'q') quit();
		else if (input === 'd') setShowsDetails(shown => !shown);
		else if (input === 'b' || key.escape) {
			if (showsDetails) setShowsDetails(false);
			else if (before !== undefined) walk.send({kind: 'revisit', step: before.id});
		}
	});
	const choose = (id: string): void => {
		if (id === later) walk.send({kind: 'later', step: step.id});
		else if (id === again) walk.send({kind: 'again'});
		else if (id === leave) practice?.leave?.();
		else walk.send({kind: 'chose', step: step.id, remedy: id});
	};

	const consequence = remedy === undefined ? undefined : consequenceOf(remedy, foundOut(remedy));
	const Surroundings = useIsScreenReaderEnabled() ? Read : Around;
	return (
		<>
			{showsDetails && <Details {...props} commands={commands} remedy={remedy} consequence={consequence} />}
			{/* stays, so that the choice that was highlighted is still highlighted afterwards */}
			<Box flexDirection="column" display={showsDetails ? 'none' : 'flex'}>
				<Surroundings {...props} commands={commands} consequence={consequence} choices={items.length}>
					{height => (
						<Select
							items={items}
							isActive={!showsDetails}
							height={height}
							width={width}
							ascii={ascii}
							onHighlight={setHighlighted}
							onSelect={choose}
						/>
					)}
				</Surroundings>
				<KeyHints
					keys={[
						{key: '↑↓', does: 'choose'},
						{key: 'Enter', does: 'do it'},
						{key: 'd', does: 'details'},
						...(before === undefined ? [] : [{key: 'b', does: 'back'}]),
						{key: '?', does: 'help'},
						{key: 'q', does: 'quit'}
					]}
					width={width}
					ascii={ascii}
				/>
			</Box>
		</>
	);
}

type AroundProps = Props & {
	readonly commands: readonly PreviewedCommand[];
	readonly consequence: string | undefined;
	readonly choices: number;
	readonly children: (height: number) => React.ReactNode;
};

/** What stands above and below the choices, in the rows there are. */
function Around({walk, ascii, width, rows, step, commands, consequence, choices, children}: AroundProps) {
	const {verdict} = step;
	const question = wrap(questionOf(step), width);
	const list = checklistItems(walk.state().judged, step.id);
	const folded = foldDone(list);
	const facts = factRows(verdict.evidence, width);
	const costs = consequence === undefined ? [] : wrap(consequence, width - 3);
	const layout = decisionLayout(rows, {
		folded: heightOf(folded),
		full: heightOf(list),
		question: question.length,
		evidence: facts.length,
		choices,
		commands: commandRows(commands, width).length,
		preview: previewRows(commands, width, Number.POSITIVE_INFINITY, ascii).length,
		consequence: costs.length
	});
	const gap = (number: number) => layout.gaps >= number && <Text> </Text>;
	const asked =
		layout.question < question.length
			? [...question.slice(0, layout.question - 1), cut(`${question[layout.question - 1]} …`, width, ascii)]
			: question;
	return (
		<>
			{layout.walk > 0 && (
				<Checklist
					items={layout.walk >= heightOf(list) || layout.walk < heightOf(folded) ? list : folded}
					ascii={ascii}
					width={width}
					compact={layout.walk < heightOf(folded)}
				/>
			)}
			{gap(2)}
			<Text bold={verdict.status !== 'done'}>{asked.join('\n')}</Text>
			<Lines
				// with a row or two, a count of what is missing would take the place of what is there
				rows={layout.evidence < 3 ? facts.slice(0, layout.evidence) : firstRows(facts, layout.evidence, '   ', ascii)}
				width={width}
				ascii={ascii}
			/>
			{gap(1)}
			{children(layout.choices)}
			{layout.preview + layout.consequence > 0 && gap(3)}
			{layout.consequence > 0 && (
				<Lines rows={costs.map(row => [{text: `   ${row}`, dim: true}])} width={width} ascii={ascii} />
			)}
			{layout.preview > 0 && <CommandPreview commands={commands} width={width} rows={layout.preview} ascii={ascii} />}
			{gap(4)}
		</>
	);
}

/** For a screen reader the state of things has been read already (receipts.ts): what is left changes with the choice. */
function Read({width, rows, commands, consequence, choices, children}: AroundProps) {
	return (
		<>
			{children(choices)}
			{consequence !== undefined && <Text>{consequence}</Text>}
			<CommandPreview commands={commands} width={width} rows={rows} />
		</>
	);
}

/** Rows a checklist takes: steps that are not reached share one. */
function heightOf(items: readonly {readonly mark: string; readonly text: string}[]): number {
	const waiting = items.filter(item => item.mark === 'todo' && item.text === '').length;
	return items.length - Math.max(0, waiting - 1);
}
