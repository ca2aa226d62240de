import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {useState} from 'react';
import {previewRows} from '../../components/CommandPreview.tsx';
import {wrap} from '../../components/cells.ts';
import {factRows} from '../../components/Facts.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import {firstRows, Lines, Reading, type Row} from '../../components/Line.tsx';
import {Scroll} from '../../components/Scroll.tsx';
import {Select} from '../../components/Select.tsx';
import {useKeys} from '../../components/use-keys.ts';
import type {Consent} from '../model/walk.ts';
import {renderCommand} from '../text/quote.ts';
import type {ScreenProps} from './App.tsx';

type Props = ScreenProps & {readonly title: string; readonly consent: Consent};

const choices = [
	{id: 'go', label: 'Go on'},
	{id: 'no', label: 'Not now'}
] as const;

/** What a large undertaking takes, before anything of it is begun. */
export function Agreeing({desk, ascii, width, rows, asRoot, quit, title, consent}: Props) {
	const isRead = useIsScreenReaderEnabled();
	const [showsAll, setShowsAll] = useState(false);
	const answer = (agrees: boolean): void => desk.questions.answer(agrees);
	useKeys((input, key) => {
		if (input === 'd') setShowsAll(shown => !shown);
		else if (input === 'b' || key.escape) {
			if (showsAll) setShowsAll(false);
			else answer(false);
		} else if (input === 'q') {
			answer(false);
			quit();
		}
	});
	const isRoomy = rows >= 16;
	const all = consentRows(title, consent, {asRoot, width, ascii, isRoomy});
	const height = Math.max(1, rows - 2 - choices.length - (isRoomy ? 2 : 0));
	return (
		<Box flexDirection="column">
			{showsAll && <Scroll rows={all} height={Math.max(1, rows - 2)} width={width} ascii={ascii} />}
			<Box flexDirection="column" display={showsAll ? 'none' : 'flex'}>
				{isRead ? (
					<Reading sentences={consentSentences(title, consent, asRoot)} />
				) : (
					<Lines rows={firstRows(all, height, '   ', ascii)} width={width} ascii={ascii} />
				)}
				{isRoomy && <Text> </Text>}
				<Select
					items={choices}
					isActive={!showsAll}
					width={width}
					ascii={ascii}
					onHighlight={() => {}}
					onSelect={id => answer(id === 'go')}
				/>
				{isRoomy && <Text> </Text>}
			</Box>
			<KeyHints
				keys={[
					...(showsAll ? [{key: '↑↓', does: 'scroll'}] : [{key: 'Enter', does: 'do it'}]),
					{key: 'd', does: showsAll ? 'back to the question' : 'details'},
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

function consentSentences(title: string, {text, facts, commands}: Consent, asRoot: boolean): readonly string[] {
	return [
		title,
		text,
		...facts.map(({label, value}) => `${label}: ${value}`),
		...commands.flatMap(command => [`command: ${renderCommand(command, {asRoot})}`, `why: ${command.why}`])
	];
}

/** On few rows what it costs stands before what it is. */
function consentRows(
	title: string,
	{text, facts, commands}: Consent,
	look: {readonly asRoot: boolean; readonly width: number; readonly ascii: boolean; readonly isRoomy: boolean}
): readonly Row[] {
	const {asRoot, width, ascii, isRoomy} = look;
	const shown = commands.map(command => ({
		text: renderCommand(command, {asRoot}),
		root: command.as === 'root',
		why: command.why
	}));
	const preview = previewRows(shown, width, Number.POSITIVE_INFINITY, ascii);
	const said = wrap(text, width).map((line): Row => [{text: line}]);
	const costs = factRows(facts, width);
	if (!isRoomy) return [[{text: title, bold: true}], ...preview, ...costs, ...said];
	return [[{text: title, bold: true}], [], ...said, ...costs, ...(preview.length === 0 ? [] : [[], ...preview])];
}
