import {isWatched} from './command-rules.ts';
import {programName, programsOf} from './programs.ts';
import type {Part, Word} from './shell-syntax.ts';

/** Programs whose output, taken as a name or a command, hides what is run. */
const spellers = new Set(
	'printf echo rev tr sed awk gawk cut head tail tac cat base64 base32 xxd od strings fold paste grep python python3 perl ruby node gzip zcat gunzip xz openssl dd jq curl wget'.split(
		' '
	)
);

/** Programs that say where another one is. */
const finders = new Set(['which', 'command', 'type', 'whereis', 'hash', 'realpath', 'readlink']);

/** Whether the output of one of these parts’ commands is text made up or fetched, or where a watched program is. */
export const isMadeUp = (parts: readonly Part[]): boolean =>
	parts.some(
		part =>
			part.kind === 'substitution' &&
			part.commands.some(command => {
				const programs = programsOf(command);
				return (
					programs.some(one => spellers.has(one)) ||
					(finders.has(programs[0] ?? '') && command.words.slice(1).some(word => isWatched(programName(word.raw))))
				);
			})
	);

/** What builds are told to use, and what a function was given. */
const usual =
	/^\$(?:[0-9@*]|(?:HOST|TARGET|BUILD)?(?:CC|CPP|CXX|LD|AR|AS|NM|STRIP|RANLIB|OBJCOPY|RUSTC|CARGO|PYTHON|MAKE|EDITOR|SHELL))$/;

/** Whether a command’s name is nothing but a variable that the text gives no value. */
export const isUnknown = (word: Word, fields: readonly string[]): boolean =>
	word.parts.every(part => part.kind === 'variable' || (part.kind === 'text' && part.text === '')) &&
	/^\$[A-Za-z_]\w*$/.test(fields[0] ?? '') &&
	!usual.test(fields[0] ?? '');

/**
 * How the spelling of a word hides what it is, as flags.
 * @param place a command’s name is judged more strictly: arguments are quoted in the middle by honest people too
 * @param fields what the word stands for
 */
export function spellingOf(word: Word, place: 'command' | 'argument', fields: readonly string[]): readonly string[] {
	const flags = new Set<string>();
	const name = programName(fields[0] ?? '');
	for (const {pieces, text} of runsOf(word.parts)) {
		const {joints, escapes} = jointsOf(pieces);
		if (pieces.some(piece => piece.spelled)) flags.add('spell.escapes');
		const isOneWord = /^[\w.:+@/=-]{2,80}$/.test(text);
		if (place === 'command' ? joints > escapes : isOneWord && joints - escapes >= 2 && /[A-Za-z]/.test(text))
			flags.add('spell.quotes');
		if (place === 'argument' && isOneWord && doubled(pieces)) flags.add('spell.quotes');
		if (escapes > 0 && (place === 'command' || isWatched(text))) flags.add('spell.escapes');
	}
	if (place === 'argument') return [...flags];

	const variables = word.parts.filter(part => part.kind === 'variable');
	const hasPath = word.parts.some(part => part.kind === 'text' && part.text.includes('/'));
	const written = word.parts.filter(part => part.kind !== 'text' || part.text !== '');
	if (!hasPath && variables.length >= 2 && variables.length === written.length) flags.add('spell.variables');
	if (variables.some(part => part.prefix === '!' || /^(?::\s*-?\d|:\s*\$|\^|,|\/)/.test(part.operation?.raw ?? '')))
		flags.add('spell.variables');
	// the pieces alone too: a variable that nothing sets is empty
	const letters = word.parts.map(part => (part.kind === 'text' ? part.text : '')).join('');
	if (!hasPath && variables.length > 0 && written.length > 1 && (isWatched(name) || isWatched(letters)))
		flags.add('spell.variables');
	const bare = word.parts.map(part => (part.kind === 'text' && part.quote === 'none' ? part.text : '')).join('');
	if (fields.length > 1 && /\{.*,.*\}/.test(bare)) flags.add('spell.pattern');
	if (/[*?]|\[[^\]]+\]/.test(bare) && /[*?[]/.test(name) && !/^\[+$/.test(bare) && variables.length === 0)
		flags.add('spell.pattern');
	if (isMadeUp(word.parts)) flags.add('spell.output');
	if (/[^\x00-\x7f]/.test(name)) flags.add('spell.lookalike');
	return [...flags];
}

type Piece = {readonly text: string; readonly quote: Extract<Part, {kind: 'text'}>['quote']; readonly spelled: boolean};

/** The stretches of a word between its expansions, each as pieces that were written in one kind of quotes. */
function runsOf(parts: readonly Part[]): readonly {readonly pieces: readonly Piece[]; readonly text: string}[] {
	const runs: {pieces: Piece[]; text: string}[] = [];
	let run: {pieces: Piece[]; text: string} | undefined;
	for (const part of parts) {
		if (part.kind !== 'text') {
			run = undefined;
			continue;
		}
		if (run === undefined) {
			run = {pieces: [], text: ''};
			runs.push(run);
		}
		run.text += part.text;
		const last = run.pieces.at(-1);
		if (last !== undefined && !part.begins && last.quote === part.quote)
			run.pieces[run.pieces.length - 1] = {...last, text: last.text + part.text, spelled: last.spelled || part.spelled};
		else run.pieces.push({text: part.text, quote: part.quote, spelled: part.spelled});
	}
	return runs;
}

const isLetter = (character: string | undefined): boolean => character !== undefined && /[A-Za-z0-9]/.test(character);

/** How often pieces meet between two letters, and how many of these are letters behind a backslash. */
function jointsOf(pieces: readonly Piece[]): {readonly joints: number; readonly escapes: number} {
	let [joints, escapes, before] = [0, 0, ''];
	let escaped = false;
	for (const [index, piece] of pieces.entries()) {
		if (piece.text === '') continue;
		if (index > 0 && isLetter(before.at(-1)) && isLetter(piece.text[0])) {
			joints++;
			if (piece.quote === 'escape' || escaped) escapes++;
		}
		escaped = piece.quote === 'escape';
		before = piece.text;
	}
	return {joints, escapes};
}

/** Quotes that end and begin again between two letters, `'a''b'` or `a""b`. */
function doubled(pieces: readonly Piece[]): boolean {
	return pieces.some((piece, index) => {
		const next = pieces[index + 1];
		if (next === undefined || piece.quote === 'escape' || next.quote === 'escape') return false;
		if (piece.quote !== 'none' && next.quote !== 'none') return isLetter(piece.text.at(-1)) && isLetter(next.text[0]);
		const after = pieces[index + 2];
		return next.text === '' && next.quote !== 'none' && isLetter(piece.text.at(-1)) && isLetter(after?.text[0]);
	});
}
