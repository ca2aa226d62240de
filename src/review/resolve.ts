import type {Assignment, Command, Part, Word} from './shell-syntax.ts';

/**
 * What words stand for, as far as the text says: variables that the script itself sets are filled in, braces expanded. What
 * only a run could tell stays visible: `$name` for a variable, `$()` for the output of commands.
 */
export type Resolver = {
	/** The fields a word becomes: none for an empty expansion, several for braces, arrays and unquoted variables. */
	fields(word: Word): readonly string[];
	/** The word as one text. */
	text(word: Word): string;
	/** Whether so much was put together that the rest was left as it is written. */
	exhausted(): boolean;
	/** The names of everything that is set, as far as `values` has it. */
	readonly names: readonly string[];
	/** Every value that the script gives the array or variable of this name, in order: not where it is local, nor in a loop. */
	values(name: string): readonly {readonly text: string; readonly line: number}[];
};

/** A field is cut here; lines this long are a flag of their own. */
const longestField = 4096;
const mostFields = 256;
const deepest = 12;
/** How many characters all variables of a script together may put in; what would come later stays `$name`. */
const mostFilledIn = 2_000_000;

/** Ends a field: within arrays, and at blanks of an unquoted variable. */
const fieldEnd = '\u0000';
/** Stand for `{`, `,` and `}` outside of quotes, which braces are made of. */
const braces = {'{': '\ue000', ',': '\ue001', '}': '\ue002'} as const;
const unquotedBrace = /[{,}]/g;
const privateBrace = /[\ue000-\ue002]/g;

/** A resolver for the assignments of a script, given with every command in the order of the text. */
export function createResolver(commands: readonly Command[]): Resolver {
	const assignments = new Map<string, Assignment[]>();
	const settings = new Map<string, Assignment[]>();
	for (const command of commands) {
		const local = command.inFunction !== undefined && command.words[0]?.raw !== 'export' && command.words.length > 0;
		for (const one of command.assignments) {
			gather(assignments, one);
			if (!local && one.as !== 'loop') gather(settings, one);
		}
	}
	/** Values worked out before, and `undefined` while they are: a variable that refers to itself has none. */
	const known = new Map<Assignment, readonly string[] | undefined>();
	let filledIn = 0;

	/** The index of the assignment that holds at a line: the last one before it, else the first one after it. */
	function holdingAt(list: readonly Assignment[], line: number): number {
		let [low, high] = [0, list.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((list[middle]?.line ?? 0) <= line) low = middle + 1;
			else high = middle;
		}
		return Math.max(low - 1, 0);
	}

	function elementsOf(name: string, line: number, depth: number): readonly string[] | undefined {
		const list = assignments.get(name);
		if (list === undefined || depth > deepest) return undefined;
		let from = holdingAt(list, line);
		const to = from;
		const last = list[to];
		if (last === undefined || known.has(last)) return last && known.get(last);
		known.set(last, undefined);
		while (from > 0 && to - from < mostFields && list[from]?.append) from--;
		const elements: string[] = [];
		for (const one of list.slice(from, to + 1)) {
			const own = one.words.flatMap(word => (one.as === 'word' ? [join(word, depth + 1)] : expand(word, depth + 1)));
			if (one.as !== 'word' || !one.append) elements.push(...own.slice(0, mostFields));
			else elements.push((elements.pop() ?? '') + (own[0] ?? ''));
		}
		const result = elements.slice(0, mostFields);
		known.set(last, result);
		return result;
	}

	function variable(part: Extract<Part, {kind: 'variable'}>, line: number, depth: number): string {
		const written = `$${part.name}`;
		if (depth > deepest || filledIn > mostFilledIn) return written;
		const name = part.prefix === '!' ? (elementsOf(part.name, line, depth + 1)?.[0] ?? '') : part.name;
		const elements = elementsOf(name, line, depth + 1);
		const operation = part.operation === undefined ? '' : join(part.operation, depth + 1);
		if (part.prefix === '#') return written;
		if (elements === undefined) {
			// ${name:-default} of a name that nothing sets
			const otherwise = /^:?[-=]([\s\S]*)$/.exec(operation)?.[1];
			return otherwise ?? written;
		}
		const whole = part.index === '@' || part.index === '*';
		const index = part.index === undefined ? 0 : Number(part.index);
		const chosen = whole ? elements : elements.slice(index, index + 1);
		const result = chosen
			.map(value => operate(value, operation))
			.map(value => (part.quoted || whole ? value : value.replace(/[ \t\n]+/g, fieldEnd)))
			.join(fieldEnd);
		filledIn += result.length + 1;
		return result.slice(0, longestField * 4);
	}

	function piece(part: Part, line: number, depth: number): string {
		switch (part.kind) {
			case 'text':
				return part.quote === 'none'
					? part.text.replace(unquotedBrace, brace => braces[brace as keyof typeof braces])
					: part.text.replaceAll(fieldEnd, '');
			case 'variable':
				return variable(part, line, depth);
			case 'substitution':
				return part.as === 'file' ? '/dev/fd/$()' : '$()';
			case 'arithmetic':
				return '$(())';
		}
	}

	const joined = (word: Word, depth: number): string => {
		const [only] = word.parts;
		return word.parts.length === 1 && only !== undefined
			? piece(only, word.line, depth)
			: word.parts.map(part => piece(part, word.line, depth)).join('');
	};

	const plain = (text: string): string => text.replace(privateBrace, one => '{,}'[one.charCodeAt(0) - 0xe000] ?? '');

	const join = (word: Word, depth: number): string => plain(joined(word, depth)).replaceAll(fieldEnd, ' ');

	function expand(word: Word, depth: number): readonly string[] {
		const text = joined(word, depth);
		const split = text.includes(fieldEnd) ? text.split(fieldEnd).slice(0, mostFields) : [text];
		if (!text.includes(braces['{']) || text.length > longestField || filledIn > mostFilledIn) return split.map(plain);
		const expanded = split.flatMap(field => expandBraces(field, 0)).slice(0, mostFields);
		if (expanded.length > 1) for (const field of expanded) filledIn += field.length;
		return expanded.map(plain);
	}

	return {
		exhausted: () => filledIn > mostFilledIn,
		names: [...settings.keys()],
		fields: word => expand(word, 0),
		text: word => join(word, 0),
		values: name =>
			(settings.get(name) ?? []).flatMap(one =>
				one.words.flatMap(word =>
					(one.as === 'word' ? [join(word, 1)] : expand(word, 1)).map(text => ({text, line: word.line}))
				)
			)
	};
}

/** `a{b,c}` → `ab`, `ac`; braces without a comma stay as they are. */
function expandBraces(text: string, depth: number): readonly string[] {
	const open = text.indexOf(braces['{']);
	if (open === -1 || depth > 4) return [text];
	const choices: string[] = [];
	let level = 0;
	let from = open + 1;
	for (let at = open; at < text.length; at++) {
		const character = text[at];
		if (character === braces['{']) level++;
		else if (character === braces[','] && level === 1) {
			choices.push(text.slice(from, at));
			from = at + 1;
		} else if (character === braces['}'] && --level === 0) {
			if (choices.length === 0) break;
			choices.push(text.slice(from, at));
			return choices
				.slice(0, 64)
				.flatMap(choice => expandBraces(text.slice(0, open) + choice + text.slice(at + 1), depth + 1))
				.slice(0, mostFields);
		}
	}
	return [text];
}

/** The operations of `${name…}` that can be carried out on a known value; any other gives the value itself. */
function operate(value: string, operation: string): string {
	if (operation === '') return value;
	const slice = /^:\s*(-?\d+)(?::(-?\d+))?$/.exec(operation);
	if (slice !== null) {
		const from = Number(slice[1]);
		const length = slice[2] === undefined ? undefined : Number(slice[2]);
		const rest = value.slice(from);
		return length === undefined ? rest : rest.slice(0, length);
	}
	const instead = /^:?\+([\s\S]*)$/.exec(operation)?.[1];
	if (instead !== undefined) return instead;
	if (operation.startsWith('^')) return operation.startsWith('^^') ? value.toUpperCase() : upperFirst(value);
	if (operation.startsWith(',')) return value.toLowerCase();
	const replace = /^\/(\/?)([^/*?[\]]+)(?:\/([\s\S]*))?$/.exec(operation);
	if (replace !== null) {
		const [, all, what = '', by = ''] = replace;
		return all === '/' ? value.replaceAll(what, () => by) : value.replace(what, () => by);
	}
	const prefix = /^##?(\*?)([^*?[\]]+)$/.exec(operation);
	if (prefix !== null) {
		const [whole, star, what = ''] = prefix;
		if (star === '') return value.startsWith(what) ? value.slice(what.length) : value;
		const at = whole.startsWith('##') ? value.lastIndexOf(what) : value.indexOf(what);
		return at === -1 ? value : value.slice(at + what.length);
	}
	const suffix = /^%%?([^*?[\]]+)(\*?)$/.exec(operation);
	if (suffix !== null) {
		const [whole, what = '', star] = suffix;
		if (star === '') return value.endsWith(what) ? value.slice(0, value.length - what.length) : value;
		const at = whole.startsWith('%%') ? value.indexOf(what) : value.lastIndexOf(what);
		return at === -1 ? value : value.slice(0, at);
	}
	return value;
}

const upperFirst = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

function gather(lists: Map<string, Assignment[]>, one: Assignment): void {
	const list = lists.get(one.name);
	if (list === undefined) lists.set(one.name, [one]);
	else list.push(one);
}
