import {Box, Text} from 'ink';
import {cut, expandTabs, wrap} from '../../components/cells.ts';
import {factRows} from '../../components/Facts.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import type {Row} from '../../components/Line.tsx';
import {type Page, Pages} from '../../components/Pages.tsx';
import {useKeys} from '../../components/use-keys.ts';
import type {RecipeFlag, RecipeQuestion} from '../model/recipe.ts';
import type {ScreenProps} from './App.tsx';

type Props = ScreenProps & {readonly question: RecipeQuestion};

/** A recipe before it runs, or a key before it is trusted: all there is to read, then yes or no. Enter says neither. */
export function Consenting({question, desk, ascii, width, rows}: Props) {
	useKeys((input, key) => {
		if (input === 'y') desk.questions.answer(true);
		else if (input === 'n' || key.escape) desk.questions.answer(false);
	});
	const isRecipe = question.kind === 'recipe';
	const pages = isRecipe ? recipePages(question, width) : [keyPage(question, width)];
	const asked = isRecipe ? recipeAsked(question.flags) : 'Trust this key, and import it?';
	const isRoomy = rows >= 10;
	return (
		<Box flexDirection="column">
			<Pages pages={pages} height={Math.max(1, rows - (isRoomy ? 4 : 3))} width={width} ascii={ascii} />
			{isRoomy && <Text> </Text>}
			<Text bold>{cut(asked, width, ascii)}</Text>
			<KeyHints
				keys={[
					{key: 'y', does: isRecipe ? 'yes, build it' : 'yes, import it'},
					{key: 'n', does: 'no, run nothing'},
					...(pages.length > 1 ? [{key: '←→', does: 'page'}] : []),
					{key: '↑↓', does: 'scroll'},
					{key: '?', does: 'help'}
				]}
				width={width}
				ascii={ascii}
			/>
		</Box>
	);
}

function recipeAsked(flags: readonly RecipeFlag[]): string {
	const red = flags.filter(flag => flag.severity === 'red').length;
	if (red === 0) return 'May it run, as you?';
	return `${red === 1 ? '1 red flag' : `${red} red flags`}. Understood, and may it run?`;
}

function recipePages(question: Extract<RecipeQuestion, {kind: 'recipe'}>, width: number): readonly Page[] {
	const {difference, files} = question;
	return [
		{title: 'What to look at', rows: flagRows(question, width)},
		...(difference === undefined
			? []
			: [{title: 'What changed since your last review', rows: differenceRows(difference, width)}]),
		...files.map(({path, text}) => ({title: path, rows: numberedRows(text, width)}))
	];
}

function flagRows({folder, facts, flags}: Extract<RecipeQuestion, {kind: 'recipe'}>, width: number): readonly Row[] {
	const plain = (text: string, style: Omit<Row[number], 'text'> = {}): readonly Row[] =>
		wrap(text, Math.max(1, width - 3)).map(line => [{text: `   ${line}`, ...style}]);
	const count = (severity: RecipeFlag['severity']): number => flags.filter(flag => flag.severity === severity).length;
	const said =
		flags.length === 0
			? 'Nothing red and nothing amber was found. That looks for known signs and proves nothing: read the files, on the next pages.'
			: `${count('red')} red, ${count('amber')} amber. The files are on the next pages.`;
	return [
		...factRows([{label: 'folder', value: folder}, ...facts], width),
		[],
		...plain(said),
		...flags.flatMap(({severity, file, line, text, why}): readonly Row[] => [
			[],
			[
				{text: `   ${severity}`, color: severity === 'red' ? 'red' : 'yellow', bold: true},
				{text: `  ${file}:${line}`, bold: true}
			],
			...plain(text),
			...plain(why, {dim: true})
		])
	];
}

/** Every line whole: what is cut off could be what matters. */
function numberedRows(text: string, width: number): readonly Row[] {
	const lines = text.replace(/\n$/, '').split('\n');
	const column = String(lines.length).length + 2;
	return lines.flatMap((line, index) =>
		wrap(expandTabs(line, 4), Math.max(1, width - column - 1)).map((part, row): Row => {
			const number = row === 0 ? String(index + 1) : '';
			return [{text: `${number.padStart(column)} `, dim: true}, {text: part}];
		})
	);
}

function differenceRows(difference: string, width: number): readonly Row[] {
	if (difference === '') return [[{text: '   Nothing that is text.'}]];
	return difference
		.replace(/\n$/, '')
		.split('\n')
		.flatMap(line => {
			const color = line.startsWith('+') ? {color: 'green'} : line.startsWith('-') ? {color: 'red'} : {};
			return wrap(expandTabs(line, 4), Math.max(1, width - 1)).map((part): Row => [{text: ` ${part}`, ...color}]);
		});
}

function keyPage({fingerprint, owner, command}: Extract<RecipeQuestion, {kind: 'key'}>, width: number): Page {
	const groups = fingerprint.match(/.{1,4}/g) ?? [];
	const plain = (text: string): readonly Row[] =>
		wrap(text, Math.max(1, width - 3)).map(line => [{text: `   ${line}`}]);
	return {
		title: 'A key is needed',
		rows: [
			...plain('The sources are signed, and the key that the recipe names for it is not in your keyring.'),
			[],
			...factRows(
				[
					{label: 'fingerprint', value: `${groups.slice(0, 5).join(' ')}  ${groups.slice(5).join(' ')}`},
					{label: 'owner', value: owner ?? 'not known here'}
				],
				width
			),
			[],
			...plain(
				'Compare the fingerprint with one from elsewhere: https://www.kernel.org/signature.html has those of kernel.org.'
			),
			[],
			...plain(command)
		]
	};
}
