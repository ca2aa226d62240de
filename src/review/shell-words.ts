import type {Cursor} from './shell-cursor.ts';
import type {Command, Part, Quote, Word} from './shell-syntax.ts';

/** How deep `$(…)`, `${…}` and their like are followed. */
const deepest = 40;
/** How often in a text `$((` may turn out not to be arithmetic, each time read twice. */
const secondReadings = 20;

const plainRun = /[^ \t\n\r\v\f;&|()<>\\'"$`]+/y;
const doubleRun = /[^"\\$`]+/y;
const bodyRun = /[^\\$`]+/y;
const operandRun = /[^}\\'"$`]+/y;
const variableName = /[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-]/y;
const simpleName = /[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]/y;

const ansiLetters: Readonly<Record<string, string>> = {
	a: '\x07',
	b: '\b',
	e: '\x1b',
	E: '\x1b',
	f: '\f',
	n: '\n',
	r: '\r',
	t: '\t',
	v: '\v'
};

/** A piece of text as it was written. */
export const piece = (text: string, quote: Quote, begins = false): Part => ({
	kind: 'text',
	text,
	quote,
	begins,
	spelled: false
});

/** One word, or undefined where none begins. */
export function readWord(cursor: Cursor): Word | undefined {
	const from = cursor.position;
	const at = cursor.lineHere();
	const parts: Part[] = [];
	let groups = 0;
	for (;;) {
		const character = cursor.text[cursor.position];
		if (character === undefined || /[ \t\n\r\v\f;&]/.test(character)) break;
		const next = cursor.text[cursor.position + 1];
		if (character === '(' || character === ')' || character === '|') {
			// within @(…), *(…) and their like these are part of the word
			const opens =
				character === '(' && cursor.position > from && '?*+@!'.includes(cursor.text[cursor.position - 1] ?? ' ');
			if (!opens && groups === 0) break;
			if (character === '(') groups++;
			if (character === ')') groups--;
			parts.push(piece(character, 'none'));
			cursor.position++;
		} else if (character === '<' || character === '>') {
			if (next !== '(' || cursor.level >= deepest) break;
			cursor.position += 2;
			parts.push({kind: 'substitution', commands: nested(cursor, ')'), as: 'file', quoted: false});
		} else if (!readQuotedOrExpanded(cursor, parts)) {
			const run = cursor.take(plainRun);
			if (run === undefined) break;
			parts.push(piece(run[0], 'none'));
		}
	}
	return cursor.position === from ? undefined : {parts, line: at, raw: cursor.text.slice(from, cursor.position)};
}

/** A quoted piece or an expansion outside of double quotes, if one begins here. */
function readQuotedOrExpanded(cursor: Cursor, parts: Part[]): boolean {
	const character = cursor.text[cursor.position];
	if (character === '\\') {
		const escaped = cursor.text[cursor.position + 1];
		cursor.position += 2;
		if (escaped !== undefined && escaped !== '\n') parts.push(piece(escaped, 'escape', true));
		return true;
	}
	if (character === "'") {
		const close = cursor.text.indexOf("'", cursor.position + 1);
		const to = close === -1 ? cursor.text.length : close;
		parts.push(piece(cursor.text.slice(cursor.position + 1, to), 'single', true));
		cursor.position = to + 1;
		return true;
	}
	if (character === '"') {
		cursor.position++;
		readDouble(cursor, parts, '"');
		return true;
	}
	if (character === '$' || character === '`') {
		readExpansion(cursor, parts, false);
		return true;
	}
	return false;
}

/** A here-document's body, whose expansions bash performs. */
export function readBody(cursor: Cursor): Word {
	const line = cursor.lineHere();
	const parts: Part[] = [];
	readDouble(cursor, parts, undefined);
	return {parts, line, raw: cursor.text};
}

/** The inside of double quotes up to their end, or a here-document's body up to the end of the text. */
function readDouble(cursor: Cursor, parts: Part[], until: '"' | undefined): void {
	if (until !== undefined) parts.push(piece('', 'double', true));
	for (;;) {
		const run = cursor.take(until === undefined ? bodyRun : doubleRun);
		if (run !== undefined) parts.push(piece(run[0], 'double'));
		const character = cursor.text[cursor.position];
		if (character === undefined) break;
		if (character === until) {
			cursor.position++;
			break;
		}
		if (character === '\\') {
			const escaped = cursor.text[cursor.position + 1] ?? '';
			cursor.position += 2;
			if (escaped !== '\n') parts.push(piece('$`"\\'.includes(escaped) ? escaped : `\\${escaped}`, 'double'));
		} else if (character === '$' || character === '`') readExpansion(cursor, parts, true);
	}
}

/** What begins with `$` or a backtick. */
function readExpansion(cursor: Cursor, parts: Part[], quoted: boolean): void {
	const literal = (): void => {
		parts.push(piece(cursor.text[cursor.position] ?? '', quoted ? 'double' : 'none'));
		cursor.position++;
	};
	if (cursor.level >= deepest) {
		const at = cursor.lineHere();
		if (/^(?:`|\$[({])/.test(cursor.text.slice(cursor.position, cursor.position + 2)) && cursor.tooDeep.at(-1) !== at)
			cursor.tooDeep.push(at);
		literal();
		return;
	}
	if (cursor.text[cursor.position] === '`') {
		readBackticks(cursor, parts, quoted);
		return;
	}
	const next = cursor.text[cursor.position + 1];
	if (next === '(') {
		if (cursor.text[cursor.position + 2] === '(') {
			const from = cursor.position;
			cursor.position += 3;
			cursor.level++;
			const {parts: inner, whole} = readArithmetic(cursor);
			cursor.level--;
			if (whole || cursor.readAgain >= secondReadings) {
				parts.push({kind: 'arithmetic', inner});
				return;
			}
			cursor.readAgain++;
			cursor.position = from;
		}
		cursor.position += 2;
		parts.push({kind: 'substitution', commands: nested(cursor, ')'), as: 'output', quoted});
	} else if (next === '{') readParameter(cursor, parts, quoted);
	else if (next === "'" && !quoted) {
		cursor.position += 2;
		parts.push(readAnsi(cursor));
	} else if (next === '"' && !quoted) {
		cursor.position += 2;
		readDouble(cursor, parts, '"');
	} else {
		simpleName.lastIndex = cursor.position + 1;
		const name = simpleName.exec(cursor.text)?.[0];
		if (name === undefined) {
			literal();
			return;
		}
		cursor.position += 1 + name.length;
		parts.push({kind: 'variable', name, index: undefined, prefix: undefined, operation: undefined, quoted});
	}
}

function nested(cursor: Cursor, stop: ')' | '}'): readonly Command[] {
	cursor.level++;
	const commands = cursor.readCommands(stop);
	cursor.level--;
	return commands;
}

/** `` `…` ``: within it, a backslash protects a backtick, a dollar sign and itself. */
function readBackticks(cursor: Cursor, parts: Part[], quoted: boolean): void {
	const at = cursor.lineHere();
	let to = cursor.position + 1;
	while (to < cursor.text.length && cursor.text[to] !== '`') to += cursor.text[to] === '\\' ? 2 : 1;
	const inner = cursor.text.slice(cursor.position + 1, to).replace(/\\([`$\\])/g, '$1');
	cursor.position = Math.min(to + 1, cursor.text.length);
	// each cursor.level is a copy of the text, so few of them are followed
	const commands = cursor.within(inner, at, cursor.level + 8).readCommands(undefined);
	parts.push({kind: 'substitution', commands, as: 'output', quoted});
}

/** `${…}` */
function readParameter(cursor: Cursor, parts: Part[], quoted: boolean): void {
	cursor.position += 2;
	cursor.level++;
	if (/[\s|]/.test(cursor.text[cursor.position] ?? '')) {
		// ${ commands; } and ${| commands; }, new in bash 5.3
		cursor.position++;
		parts.push({kind: 'substitution', commands: nested(cursor, '}'), as: 'output', quoted});
		cursor.level--;
		return;
	}
	const prefix = cursor.take(/[#!](?=[A-Za-z_0-9@*])/y)?.[0] as '#' | '!' | undefined;
	const name = cursor.take(variableName)?.[0] ?? '';
	const index = cursor.take(/\[([^\]\n]{0,256})\]/y)?.[1];
	const at = cursor.lineHere();
	const from = cursor.position;
	const operand: Part[] = [];
	for (;;) {
		const character = cursor.text[cursor.position];
		if (character === undefined || character === '}') break;
		if (quoted && character === "'") {
			operand.push(piece("'", 'double'));
			cursor.position++;
		} else if (!readQuotedOrExpanded(cursor, operand)) {
			const run = cursor.take(operandRun);
			if (run !== undefined) operand.push(piece(run[0], quoted ? 'double' : 'none'));
		}
	}
	const operation =
		operand.length === 0 ? undefined : {parts: operand, line: at, raw: cursor.text.slice(from, cursor.position)};
	cursor.position++;
	cursor.level--;
	parts.push({kind: 'variable', name, index, prefix, operation, quoted});
}

/** Arithmetic up to its `))`; not `whole` where it ends otherwise, as `$( (a); (b) )` written without blanks does. */
export function readArithmetic(cursor: Cursor): {parts: readonly Part[]; whole: boolean} {
	const parts: Part[] = [];
	let open = 0;
	while (cursor.position < cursor.text.length) {
		const character = cursor.text[cursor.position];
		if (character === '(') open++;
		if (character === ')') {
			if (open === 0) {
				const whole = cursor.text[cursor.position + 1] === ')';
				if (whole) cursor.position += 2;
				return {parts, whole};
			}
			open--;
		}
		if (!readQuotedOrExpanded(cursor, parts)) cursor.position++;
	}
	return {parts, whole: true};
}

/** `$'…'`, from behind its first quote. */
function readAnsi(cursor: Cursor): Part {
	let result = '';
	let spelled = false;
	while (cursor.position < cursor.text.length && cursor.text[cursor.position] !== "'") {
		const run = cursor.take(/[^'\\]+/y);
		if (run !== undefined) {
			result += run[0];
			continue;
		}
		const found = cursor.take(
			/\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c.|([\s\S]))/y
		);
		if (found === undefined) {
			cursor.position++;
			continue;
		}
		const [, hex, short, long, octal, other] = found;
		const digits = hex ?? short ?? long;
		const code =
			digits !== undefined
				? Number.parseInt(digits, 16)
				: octal !== undefined
					? Number.parseInt(octal, 8) & 255
					: undefined;
		if (code !== undefined && code <= 0x10ffff) {
			const character = String.fromCodePoint(code);
			result += character;
			if (/[A-Za-z0-9/.:|-]/.test(character)) spelled = true;
		} else if (other !== undefined) result += ansiLetters[other] ?? other;
	}
	cursor.position++;
	return {kind: 'text', text: result, quote: 'ansi', begins: true, spelled};
}
