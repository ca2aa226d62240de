/**
 * Bash, read as text and never run: the commands of a script with their words taken apart, so that what a command is called is
 * known however it is spelled. The grammar is that of bash(1) as far as it decides where words and commands begin and end. What
 * bash itself would reject is read as well as can be: a review must not end because a recipe is broken.
 */

/** How a piece of a word was written. `ansi` is `$'…'`, `escape` one character behind a backslash. */
export type Quote = 'none' | 'single' | 'double' | 'ansi' | 'escape';

export type Part =
	/**
	 * `begins`: the first of a piece in quotes. `spelled`: an escape of `$'…'` stands for a letter or digit that could have been
	 * written itself.
	 */
	| {
			readonly kind: 'text';
			readonly text: string;
			readonly quote: Quote;
			readonly begins: boolean;
			readonly spelled: boolean;
	  }
	| {
			readonly kind: 'variable';
			readonly name: string;
			/** Between the brackets: a number, a key, `@` or `*`. */
			readonly index: string | undefined;
			/** `${#name}` or `${!name}`. */
			readonly prefix: '#' | '!' | undefined;
			/** What follows the name within the braces, with its expansions: `:-default`, `%.*`. */
			readonly operation: Word | undefined;
			readonly quoted: boolean;
	  }
	/** `$(…)` and backticks, whose output takes their place, and `<(…)`, which stands for a file. */
	| {
			readonly kind: 'substitution';
			readonly commands: readonly Command[];
			readonly as: 'output' | 'file';
			readonly quoted: boolean;
	  }
	| {readonly kind: 'arithmetic'; readonly inner: readonly Part[]};

export type Word = {
	readonly parts: readonly Part[];
	/** 1-based. */
	readonly line: number;
	/** As it was written. */
	readonly raw: string;
};

export type Assignment = {
	readonly name: string;
	/** `NAME+=…` */
	readonly append: boolean;
	readonly words: readonly Word[];
	/** One word at most, the elements of an array, or the words a `for` loop goes through. */
	readonly as: 'word' | 'array' | 'loop';
	readonly line: number;
};

export type Redirection = {
	/** `>`, `>>`, `<`, `<<<`, `<<`… */
	readonly operator: string;
	/** The file; for `<<<` the text, for `<<` the body of the here-document. */
	readonly target: Word;
};

export type Command = {
	readonly words: readonly Word[];
	readonly assignments: readonly Assignment[];
	readonly redirections: readonly Redirection[];
	/** Its standard input is what another command printed. */
	readonly piped: boolean;
	/** Ended by `&`: it goes on while the script goes on. */
	background: boolean;
	/** The function whose body it stands in. */
	readonly inFunction: string | undefined;
	readonly line: number;
};

export type Script = {
	readonly commands: readonly Command[];
	/** Lines where substitutions are nested deeper than people write them; what is inside was not read. */
	readonly tooDeep: readonly number[];
};

/** How deep `$(…)`, `${…}` and their like are followed. */
const deepest = 40;
/** How often in a text `$((` may turn out not to be arithmetic, each time read twice. */
const secondReadings = 20;

const blank = /(?:[ \t]|\\\n)+/y;
const plainRun = /[^ \t\n\r\v\f;&|()<>\\'"$`]+/y;
const doubleRun = /[^"\\$`]+/y;
const bodyRun = /[^\\$`]+/y;
const operandRun = /[^}\\'"$`]+/y;
const assignmentHead = /([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]\s]{0,64}\])?(\+?)=/y;
const redirectionHead = /\d{0,4}(?:&>>|&>|<<<|<<-|<<|<>|<&|>>|>&|>\||<(?!\()|>(?!\())/y;
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

/** Reads a script. Never throws, and takes time in proportion to the text. `firstLine` is the number of its first line. */
export function parseShell(text: string, firstLine = 1): Script {
	const seen: Seen = {tooDeep: []};
	return {commands: createReader(text, firstLine, 0, seen).commands(), ...seen};
}

/** What is gathered for a whole script, however deep it stands. */
type Seen = {readonly tooDeep: number[]};

const piece = (text: string, quote: Quote, begins = false): Part => ({
	kind: 'text',
	text,
	quote,
	begins,
	spelled: false
});

function createReader(
	text: string,
	firstLine: number,
	depth: number,
	seen: Seen
): {commands(): Command[]; body(): Word} {
	const {tooDeep} = seen;
	const newlines = Array.from(text.matchAll(/\n/g), found => found.index);
	let position = 0;
	let passed = 0;
	let level = depth;
	let readAgain = 0;
	let waiting: HereDocument[] = [];

	/** The line of the current position, which goes back only where `$((` is read again. */
	function lineHere(): number {
		while ((newlines[passed] ?? Number.POSITIVE_INFINITY) < position) passed++;
		while (passed > 0 && (newlines[passed - 1] ?? 0) >= position) passed--;
		return firstLine + passed;
	}

	function take(pattern: RegExp): RegExpExecArray | undefined {
		pattern.lastIndex = position;
		const found = pattern.exec(text);
		if (found === null) return undefined;
		position += found[0].length;
		return found;
	}

	/** Commands up to `stop`, which is taken: `)` of a substitution, `}` of `${ …; }`, or the end of the text. */
	function readCommands(stop: ')' | '}' | undefined): Command[] {
		const commands: Command[] = [];
		const frames: Frame[] = [];
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
				line: lineHere()
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
			take(blank);
			const character = text[position];
			if (character === undefined) break;
			const next = text[position + 1];
			const frame = frames.at(-1);
			if (character === '#') {
				const to = text.indexOf('\n', position);
				position = to === -1 ? text.length : to;
				continue;
			}
			if (character === '\n') {
				// a pipe goes on in the next line
				const goesOn: boolean = piped && draft === undefined;
				end();
				piped = goesOn;
				position++;
				readHereDocuments();
				continue;
			}
			if (character === ';') {
				end();
				const double = next === ';' || next === '&';
				position += double ? (text.startsWith(';;&', position) ? 3 : 2) : 1;
				if (double && frame?.opened === 'case') frame.patterns = true;
				continue;
			}
			if (frame?.patterns) {
				if (character === ')') {
					position++;
					frame.patterns = false;
					continue;
				}
				const word = readWord();
				if (word === undefined) position++;
				else if (word.raw === 'esac') close('case');
				continue;
			}
			if (character === '&' && next !== '>') {
				end(next !== '&');
				position += next === '&' ? 2 : 1;
				continue;
			}
			if (character === '|') {
				end();
				if (next === '|') position += 2;
				else {
					position += next === '&' ? 2 : 1;
					piped = true;
				}
				continue;
			}
			if (character === '(') {
				if (
					draft?.words.length === 1 &&
					draft.assignments.length === 0 &&
					/^\([ \t]*\)/.test(text.slice(position, position + 8))
				) {
					named = draft.words[0]?.raw ?? '';
					draft = undefined;
					position = text.indexOf(')', position) + 1;
				} else if (next === '(' && atStart()) {
					position += 2;
					const inner = readArithmetic();
					current().words.push({parts: [{kind: 'arithmetic', inner: inner.parts}], line: lineHere(), raw: '(('});
				} else {
					end();
					position++;
					open('(');
				}
				continue;
			}
			if (character === ')') {
				end();
				position++;
				if (stop === ')' && openNow['('] === 0) return commands;
				close('(');
				continue;
			}
			const redirection = readRedirection();
			if (redirection !== undefined) {
				current().redirections.push(redirection);
				continue;
			}
			const beginning = atStart();
			if (draft === undefined || draft.words.length === 0 || declarations.has(draft.words[0]?.raw ?? '')) {
				const assignment = readAssignment();
				if (assignment !== undefined) {
					current().assignments.push(assignment);
					continue;
				}
			}
			const word = readWord();
			if (word === undefined) {
				// a character that begins nothing
				position++;
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
				take(blank);
				const name = readWord();
				take(/[ \t]*\([ \t]*\)/y);
				named = name?.raw;
			} else if (word.raw === 'case') {
				take(blank);
				const subject = readWord();
				take(/\s*in\b/y);
				if (subject !== undefined) commands.push({...current(), words: [word, subject], piped: false});
				draft = undefined;
				open('case');
			} else if (word.raw === 'esac') {
				end();
				close('case');
			} else if (word.raw === 'for' || word.raw === 'select') {
				readLoop(current());
				end();
			} else if (word.raw === '[[') {
				current().words.push(word);
				readTest(current());
			} else if (!keywords.has(word.raw)) current().words.push(word);
		}
		end();
		return commands;
	}

	/** The rest of `[[ … ]]`, where operators are words of the test. */
	function readTest(draft: Draft): void {
		for (;;) {
			take(/(?:\s|\\\n)+/y);
			if (position >= text.length) return;
			const word = readWord();
			if (word === undefined) position++;
			else {
				draft.words.push(word);
				if (word.raw === ']]') return;
			}
		}
	}

	/** `for NAME in WORDS`: the words are values of the variable. */
	function readLoop(draft: Draft): void {
		take(blank);
		if (text.startsWith('((', position)) {
			position += 2;
			readArithmetic();
			return;
		}
		const name = readWord();
		if (name === undefined) return;
		take(/\s*in(?=\s)/y);
		const words: Word[] = [];
		for (;;) {
			take(blank);
			const word = readWord();
			if (word === undefined) break;
			words.push(word);
		}
		draft.assignments.push({name: name.raw, append: false, words, as: 'loop', line: name.line});
	}

	function readRedirection(): Redirection | undefined {
		const head = take(redirectionHead);
		if (head === undefined) return undefined;
		const operator = head[0].replace(/^\d+/, '');
		take(blank);
		const at = lineHere();
		const word = readWord() ?? {parts: [], line: at, raw: ''};
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
	function readHereDocuments(): void {
		const documents = waiting;
		waiting = [];
		for (const {stop, tabs, literal, into} of documents) {
			const at = lineHere();
			const from = position;
			let to = text.length;
			while (position < text.length) {
				const newline = text.indexOf('\n', position);
				const lineEnd = newline === -1 ? text.length : newline;
				const content = text.slice(position, lineEnd);
				const start = position;
				position = Math.min(lineEnd + 1, text.length);
				if ((tabs ? content.replace(/^\t+/, '') : content) === stop) {
					to = start;
					break;
				}
			}
			const body = text.slice(from, to);
			into.target = literal
				? {parts: [piece(body, 'single', true)], line: at, raw: body}
				: createReader(body, at, level + 1, seen).body();
		}
	}

	function readAssignment(): Assignment | undefined {
		const head = take(assignmentHead);
		if (head === undefined) return undefined;
		const [, name = '', plus] = head;
		const at = lineHere();
		if (text[position] === '(') {
			position++;
			return {name, append: plus === '+', words: readElements(), as: 'array', line: at};
		}
		const value = readWord();
		return {name, append: plus === '+', words: value === undefined ? [] : [value], as: 'word', line: at};
	}

	/** The elements of an array, without their keys. */
	function readElements(): Word[] {
		const words: Word[] = [];
		for (;;) {
			take(/(?:\s|\\\n)+/y);
			const character = text[position];
			if (character === undefined) return words;
			if (character === ')') {
				position++;
				return words;
			}
			if (character === '#') {
				const to = text.indexOf('\n', position);
				position = to === -1 ? text.length : to;
				continue;
			}
			take(/\[[^\]\s]{1,64}\]=/y);
			const word = readWord();
			if (word === undefined) position++;
			else words.push(word);
		}
	}

	/** One word, or undefined where none begins. */
	function readWord(): Word | undefined {
		const from = position;
		const at = lineHere();
		const parts: Part[] = [];
		let groups = 0;
		for (;;) {
			const character = text[position];
			if (character === undefined || /[ \t\n\r\v\f;&]/.test(character)) break;
			const next = text[position + 1];
			if (character === '(' || character === ')' || character === '|') {
				// within @(…), *(…) and their like these are part of the word
				const opens = character === '(' && position > from && '?*+@!'.includes(text[position - 1] ?? ' ');
				if (!opens && groups === 0) break;
				if (character === '(') groups++;
				if (character === ')') groups--;
				parts.push(piece(character, 'none'));
				position++;
			} else if (character === '<' || character === '>') {
				if (next !== '(' || level >= deepest) break;
				position += 2;
				parts.push({kind: 'substitution', commands: nested(')'), as: 'file', quoted: false});
			} else if (!readQuotedOrExpanded(parts)) {
				const run = take(plainRun);
				if (run === undefined) break;
				parts.push(piece(run[0], 'none'));
			}
		}
		return position === from ? undefined : {parts, line: at, raw: text.slice(from, position)};
	}

	/** A quoted piece or an expansion outside of double quotes, if one begins here. */
	function readQuotedOrExpanded(parts: Part[]): boolean {
		const character = text[position];
		if (character === '\\') {
			const escaped = text[position + 1];
			position += 2;
			if (escaped !== undefined && escaped !== '\n') parts.push(piece(escaped, 'escape', true));
			return true;
		}
		if (character === "'") {
			const close = text.indexOf("'", position + 1);
			const to = close === -1 ? text.length : close;
			parts.push(piece(text.slice(position + 1, to), 'single', true));
			position = to + 1;
			return true;
		}
		if (character === '"') {
			position++;
			readDouble(parts, '"');
			return true;
		}
		if (character === '$' || character === '`') {
			readExpansion(parts, false);
			return true;
		}
		return false;
	}

	/** The inside of double quotes up to their end, or a here-document's body up to the end of the text. */
	function readDouble(parts: Part[], until: '"' | undefined): void {
		if (until !== undefined) parts.push(piece('', 'double', true));
		for (;;) {
			const run = take(until === undefined ? bodyRun : doubleRun);
			if (run !== undefined) parts.push(piece(run[0], 'double'));
			const character = text[position];
			if (character === undefined) break;
			if (character === until) {
				position++;
				break;
			}
			if (character === '\\') {
				const escaped = text[position + 1] ?? '';
				position += 2;
				if (escaped !== '\n') parts.push(piece('$`"\\'.includes(escaped) ? escaped : `\\${escaped}`, 'double'));
			} else if (character === '$' || character === '`') readExpansion(parts, true);
		}
	}

	/** What begins with `$` or a backtick. */
	function readExpansion(parts: Part[], quoted: boolean): void {
		const literal = (): void => {
			parts.push(piece(text[position] ?? '', quoted ? 'double' : 'none'));
			position++;
		};
		if (level >= deepest) {
			const at = lineHere();
			if (/^(?:`|\$[({])/.test(text.slice(position, position + 2)) && tooDeep.at(-1) !== at) tooDeep.push(at);
			literal();
			return;
		}
		if (text[position] === '`') {
			readBackticks(parts, quoted);
			return;
		}
		const next = text[position + 1];
		if (next === '(') {
			if (text[position + 2] === '(') {
				const from = position;
				position += 3;
				level++;
				const {parts: inner, whole} = readArithmetic();
				level--;
				if (whole || readAgain >= secondReadings) {
					parts.push({kind: 'arithmetic', inner});
					return;
				}
				readAgain++;
				position = from;
			}
			position += 2;
			parts.push({kind: 'substitution', commands: nested(')'), as: 'output', quoted});
		} else if (next === '{') readParameter(parts, quoted);
		else if (next === "'" && !quoted) {
			position += 2;
			parts.push(readAnsi());
		} else if (next === '"' && !quoted) {
			position += 2;
			readDouble(parts, '"');
		} else {
			simpleName.lastIndex = position + 1;
			const name = simpleName.exec(text)?.[0];
			if (name === undefined) {
				literal();
				return;
			}
			position += 1 + name.length;
			parts.push({kind: 'variable', name, index: undefined, prefix: undefined, operation: undefined, quoted});
		}
	}

	function nested(stop: ')' | '}'): readonly Command[] {
		level++;
		const outerWaiting = waiting;
		waiting = [];
		const commands = readCommands(stop);
		waiting = outerWaiting;
		level--;
		return commands;
	}

	/** `` `…` ``: within it, a backslash protects a backtick, a dollar sign and itself. */
	function readBackticks(parts: Part[], quoted: boolean): void {
		const at = lineHere();
		let to = position + 1;
		while (to < text.length && text[to] !== '`') to += text[to] === '\\' ? 2 : 1;
		const inner = text.slice(position + 1, to).replace(/\\([`$\\])/g, '$1');
		position = Math.min(to + 1, text.length);
		// each level is a copy of the text, so few of them are followed
		const commands = createReader(inner, at, level + 8, seen).commands();
		parts.push({kind: 'substitution', commands, as: 'output', quoted});
	}

	/** `${…}` */
	function readParameter(parts: Part[], quoted: boolean): void {
		position += 2;
		level++;
		if (/[\s|]/.test(text[position] ?? '')) {
			// ${ commands; } and ${| commands; }, new in bash 5.3
			position++;
			parts.push({kind: 'substitution', commands: nested('}'), as: 'output', quoted});
			level--;
			return;
		}
		const prefix = take(/[#!](?=[A-Za-z_0-9@*])/y)?.[0] as '#' | '!' | undefined;
		const name = take(variableName)?.[0] ?? '';
		const index = take(/\[([^\]\n]{0,256})\]/y)?.[1];
		const at = lineHere();
		const from = position;
		const operand: Part[] = [];
		for (;;) {
			const character = text[position];
			if (character === undefined || character === '}') break;
			if (quoted && character === "'") {
				operand.push(piece("'", 'double'));
				position++;
			} else if (!readQuotedOrExpanded(operand)) {
				const run = take(operandRun);
				if (run !== undefined) operand.push(piece(run[0], quoted ? 'double' : 'none'));
			}
		}
		const operation = operand.length === 0 ? undefined : {parts: operand, line: at, raw: text.slice(from, position)};
		position++;
		level--;
		parts.push({kind: 'variable', name, index, prefix, operation, quoted});
	}

	/** Arithmetic up to its `))`; not `whole` where it ends otherwise, as `$( (a); (b) )` written without blanks does. */
	function readArithmetic(): {parts: readonly Part[]; whole: boolean} {
		const parts: Part[] = [];
		let open = 0;
		while (position < text.length) {
			const character = text[position];
			if (character === '(') open++;
			if (character === ')') {
				if (open === 0) {
					const whole = text[position + 1] === ')';
					if (whole) position += 2;
					return {parts, whole};
				}
				open--;
			}
			if (!readQuotedOrExpanded(parts)) position++;
		}
		return {parts, whole: true};
	}

	/** `$'…'`, from behind its first quote. */
	function readAnsi(): Part {
		let result = '';
		let spelled = false;
		while (position < text.length && text[position] !== "'") {
			const run = take(/[^'\\]+/y);
			if (run !== undefined) {
				result += run[0];
				continue;
			}
			const found = take(/\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c.|([\s\S]))/y);
			if (found === undefined) {
				position++;
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
		position++;
		return {kind: 'text', text: result, quote: 'ansi', begins: true, spelled};
	}

	return {
		commands: () => readCommands(undefined),
		body() {
			const parts: Part[] = [];
			readDouble(parts, undefined);
			return {parts, line: firstLine, raw: text};
		}
	};
}
