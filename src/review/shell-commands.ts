import type {Cursor} from './shell-cursor.ts';
import type {Assignment, Command, Redirection, Word} from './shell-syntax.ts';
import {piece, readArithmetic, readBody, readWord} from './shell-words.ts';

const blank = /(?:[ \t]|\\\n)+/y;
const assignmentHead = /([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]\s]{0,64}\])?(\+?)=/y;
const redirectionHead = /\d{0,4}(?:&>>|&>|<<<|<<-|<<|<>|<&|>>|>&|>\||<(?!\()|>(?!\())/y;

/** Words that the grammar takes away from the beginning of a command. */
const keywords = new Set(['if', 'then', 'else', 'elif', 'fi', 'while', 'until', 'do', 'done', 'time', '!', 'coproc']);
const declarations = new Set(['declare', 'local', 'export', 'readonly', 'typeset']);

type Frame = {readonly opened: '(' | '{' | 'case'; readonly name: string | undefined; patterns: boolean};
type Draft = {
	words: Word[];
	assignments: Assignment[];
	redirections: Redirection[];
	piped: boolean;
	background: boolean;
	inFunction: string | undefined;
	line: number;
};
type HereDocument = {
	readonly stop: string;
	readonly tabs: boolean;
	readonly literal: boolean;
	readonly into: {target: Word};
};

/** Commands up to `stop`, which is taken: `)` of a substitution, `}` of `${ …; }`, or the end of the text. */
export function readCommands(cursor: Cursor, stop: ')' | '}' | undefined): Command[] {
	const commands: Command[] = [];
	const frames: Frame[] = [];
	const waiting: HereDocument[] = [];
	let named: string | undefined;
	let draft: Draft | undefined;
	let piped = false;
	const openNow = {'(': 0, '{': 0, case: 0};
	const open = (opened: Frame['opened']): void => {
		frames.push({opened, name: named ?? frames.at(-1)?.name, patterns: opened === 'case'});
		openNow[opened]++;
		named = undefined;
	};
	/** Closes the innermost of its kind, and what was left open within. */
	const close = (opened: Frame['opened']): void => {
		while (openNow[opened] > 0) {
			const frame = frames.pop();
			if (frame === undefined) return;
			openNow[frame.opened]--;
			if (frame.opened === opened) return;
		}
	};
	const current = (): Draft =>
		(draft ??= {
			words: [],
			assignments: [],
			redirections: [],
			piped,
			background: false,
			inFunction: frames.at(-1)?.name,
			line: cursor.lineHere()
		});
	const end = (background = false): void => {
		if (draft !== undefined) {
			draft.background = background;
			commands.push(draft);
			draft = undefined;
		}
		piped = false;
	};
	const atStart = (): boolean => draft === undefined || (draft.words.length === 0 && draft.assignments.length === 0);

	for (;;) {
		cursor.take(blank);
		const character = cursor.text[cursor.position];
		if (character === undefined) break;
		const next = cursor.text[cursor.position + 1];
		const frame = frames.at(-1);
		if (character === '#') {
			const to = cursor.text.indexOf('\n', cursor.position);
			cursor.position = to === -1 ? cursor.text.length : to;
			continue;
		}
		if (character === '\n') {
			// a pipe goes on in the next line
			const goesOn: boolean = piped && draft === undefined;
			end();
			piped = goesOn;
			cursor.position++;
			readHereDocuments(cursor, waiting.splice(0));
			continue;
		}
		if (character === ';') {
			end();
			const double = next === ';' || next === '&';
			cursor.position += double ? (cursor.text.startsWith(';;&', cursor.position) ? 3 : 2) : 1;
			if (double && frame?.opened === 'case') frame.patterns = true;
			continue;
		}
		if (frame?.patterns) {
			if (character === ')') {
				cursor.position++;
				frame.patterns = false;
				continue;
			}
			const word = readWord(cursor);
			if (word === undefined) cursor.position++;
			else if (word.raw === 'esac') close('case');
			continue;
		}
		if (character === '&' && next !== '>') {
			end(next !== '&');
			cursor.position += next === '&' ? 2 : 1;
			continue;
		}
		if (character === '|') {
			end();
			if (next === '|') cursor.position += 2;
			else {
				cursor.position += next === '&' ? 2 : 1;
				piped = true;
			}
			continue;
		}
		if (character === '(') {
			if (
				draft?.words.length === 1 &&
				draft.assignments.length === 0 &&
				/^\([ \t]*\)/.test(cursor.text.slice(cursor.position, cursor.position + 8))
			) {
				named = draft.words[0]?.raw ?? '';
				draft = undefined;
				cursor.position = cursor.text.indexOf(')', cursor.position) + 1;
			} else if (next === '(' && atStart()) {
				cursor.position += 2;
				const inner = readArithmetic(cursor);
				current().words.push({parts: [{kind: 'arithmetic', inner: inner.parts}], line: cursor.lineHere(), raw: '(('});
			} else {
				end();
				cursor.position++;
				open('(');
			}
			continue;
		}
		if (character === ')') {
			end();
			cursor.position++;
			if (stop === ')' && openNow['('] === 0) return commands;
			close('(');
			continue;
		}
		const redirection = readRedirection(cursor, waiting);
		if (redirection !== undefined) {
			current().redirections.push(redirection);
			continue;
		}
		const beginning = atStart();
		if (draft === undefined || draft.words.length === 0 || declarations.has(draft.words[0]?.raw ?? '')) {
			const assignment = readAssignment(cursor);
			if (assignment !== undefined) {
				current().assignments.push(assignment);
				continue;
			}
		}
		const word = readWord(cursor);
		if (word === undefined) {
			// a character that begins nothing
			cursor.position++;
			continue;
		}
		if (!beginning) current().words.push(word);
		else if (word.raw === '{') {
			end();
			open('{');
		} else if (word.raw === '}') {
			end();
			if (stop === '}' && openNow['{'] === 0) return commands;
			close('{');
		} else if (word.raw === 'function') {
			cursor.take(blank);
			const name = readWord(cursor);
			cursor.take(/[ \t]*\([ \t]*\)/y);
			named = name?.raw;
		} else if (word.raw === 'case') {
			cursor.take(blank);
			const subject = readWord(cursor);
			cursor.take(/\s*in\b/y);
			if (subject !== undefined) commands.push({...current(), words: [word, subject], piped: false});
			draft = undefined;
			open('case');
		} else if (word.raw === 'esac') {
			end();
			close('case');
		} else if (word.raw === 'for' || word.raw === 'select') {
			readLoop(cursor, current());
			end();
		} else if (word.raw === '[[') {
			current().words.push(word);
			readTest(cursor, current());
		} else if (!keywords.has(word.raw)) current().words.push(word);
	}
	end();
	return commands;
}

/** The rest of `[[ … ]]`, where operators are words of the test. */
function readTest(cursor: Cursor, draft: Draft): void {
	for (;;) {
		cursor.take(/(?:\s|\\\n)+/y);
		if (cursor.position >= cursor.text.length) return;
		const word = readWord(cursor);
		if (word === undefined) cursor.position++;
		else {
			draft.words.push(word);
			if (word.raw === ']]') return;
		}
	}
}

/** `for NAME in WORDS`: the words are values of the variable. */
function readLoop(cursor: Cursor, draft: Draft): void {
	cursor.take(blank);
	if (cursor.text.startsWith('((', cursor.position)) {
		cursor.position += 2;
		readArithmetic(cursor);
		return;
	}
	const name = readWord(cursor);
	if (name === undefined) return;
	cursor.take(/\s*in(?=\s)/y);
	const words: Word[] = [];
	for (;;) {
		cursor.take(blank);
		const word = readWord(cursor);
		if (word === undefined) break;
		words.push(word);
	}
	draft.assignments.push({name: name.raw, append: false, words, as: 'loop', line: name.line});
}

/** A redirection, if one begins here; the here-document that it begins waits for the end of the line. */
function readRedirection(cursor: Cursor, waiting: HereDocument[]): Redirection | undefined {
	const head = cursor.take(redirectionHead);
	if (head === undefined) return undefined;
	const operator = head[0].replace(/^\d+/, '');
	cursor.take(blank);
	const at = cursor.lineHere();
	const word = readWord(cursor) ?? {parts: [], line: at, raw: ''};
	if (operator !== '<<' && operator !== '<<-') return {operator, target: word};
	const into = {operator: '<<', target: {parts: [], line: at, raw: ''} as Word};
	waiting.push({
		stop: word.parts.map(part => (part.kind === 'text' ? part.text : '')).join('') || word.raw,
		tabs: operator === '<<-',
		literal: /['"\\]/.test(word.raw),
		into
	});
	return into;
}

/** The bodies of the here-documents that the line just read has begun. */
function readHereDocuments(cursor: Cursor, documents: readonly HereDocument[]): void {
	for (const {stop, tabs, literal, into} of documents) {
		const at = cursor.lineHere();
		const from = cursor.position;
		let to = cursor.text.length;
		while (cursor.position < cursor.text.length) {
			const newline = cursor.text.indexOf('\n', cursor.position);
			const lineEnd = newline === -1 ? cursor.text.length : newline;
			const content = cursor.text.slice(cursor.position, lineEnd);
			const start = cursor.position;
			cursor.position = Math.min(lineEnd + 1, cursor.text.length);
			if ((tabs ? content.replace(/^\t+/, '') : content) === stop) {
				to = start;
				break;
			}
		}
		const body = cursor.text.slice(from, to);
		into.target = literal
			? {parts: [piece(body, 'single', true)], line: at, raw: body}
			: readBody(cursor.within(body, at, cursor.level + 1));
	}
}

function readAssignment(cursor: Cursor): Assignment | undefined {
	const head = cursor.take(assignmentHead);
	if (head === undefined) return undefined;
	const [, name = '', plus] = head;
	const at = cursor.lineHere();
	if (cursor.text[cursor.position] === '(') {
		cursor.position++;
		return {name, append: plus === '+', words: readElements(cursor), as: 'array', line: at};
	}
	const value = readWord(cursor);
	return {name, append: plus === '+', words: value === undefined ? [] : [value], as: 'word', line: at};
}

/** The elements of an array, without their keys. */
function readElements(cursor: Cursor): Word[] {
	const words: Word[] = [];
	for (;;) {
		cursor.take(/(?:\s|\\\n)+/y);
		const character = cursor.text[cursor.position];
		if (character === undefined) return words;
		if (character === ')') {
			cursor.position++;
			return words;
		}
		if (character === '#') {
			const to = cursor.text.indexOf('\n', cursor.position);
			cursor.position = to === -1 ? cursor.text.length : to;
			continue;
		}
		cursor.take(/\[[^\]\s]{1,64}\]=/y);
		const word = readWord(cursor);
		if (word === undefined) cursor.position++;
		else words.push(word);
	}
}
