import {allOf, type Expression, endOfMacro, onlyIf, parseExpression, tokensOf} from './kconfig-expression.ts';

/** A condition as a Kconfig file writes it, such as `!MODVERSIONS || GENDWARFKSYMS`, and what it means. */
export type Condition = {readonly text: string; readonly expression: Expression};

/**
 * One `config` or `menuconfig` block. Several may define the same symbol. Conditions stay text, which `conditionOf` and
 * `defaultOf` read: of thousands a handful are asked for.
 */
export type Definition = {
	readonly symbol: string;
	/** Whether somebody can choose it. */
	readonly prompt: boolean;
	/** What its own `depends on` lines say, after those of the menus, choices and `if` blocks around it, outermost first. */
	readonly depends: readonly string[];
	/** Each `value` or `value if condition`: what holds where nobody chooses. */
	readonly defaults: readonly string[];
	readonly selects: readonly Select[];
};

export type Select = {readonly symbol: string; readonly when: string | undefined};

/** What one Kconfig file says. */
export type KconfigFile = {
	readonly definitions: readonly Definition[];
	/** Files it takes in, from the root of the source, with what the blocks around the line depend on. */
	readonly sources: readonly {readonly path: string; readonly depends: readonly string[]}[];
};

type Draft = {
	symbol: string;
	prompt: boolean;
	/** The prompt's own condition: one that counts where nothing else gives the option a value. */
	shownIf?: string;
	depends: string[];
	defaults: string[];
	selects: Select[];
};

type Block = {readonly end: string; readonly depends: string[]};

const types: ReadonlySet<string> = new Set(['bool', 'tristate', 'int', 'hex', 'string']);

/**
 * Reads one Kconfig file, of the language (Documentation/kbuild/kconfig-language.rst) as much as decides whether an option
 * can be on: config, menuconfig, choice, menu, if and source, with their prompts, dependencies, defaults and selects. Any text
 * is taken; lines that are not understood are left out.
 */
export function parseKconfig(text: string): KconfigFile {
	const definitions: Definition[] = [];
	const sources: KconfigFile['sources'][number][] = [];
	const blocks: Block[] = [];
	let draft: Draft | undefined;
	/** Where a `depends on` belongs that stands in no config: the menu or choice just begun. */
	let opened: Block | undefined;
	const around = (): string[] => blocks.flatMap(block => block.depends);
	const finish = (): void => {
		if (draft !== undefined) {
			const {shownIf, ...definition} = draft;
			if (shownIf !== undefined && draft.defaults.length === 0) definition.depends.push(shownIf);
			definitions.push(definition);
		}
		draft = undefined;
		opened = undefined;
	};
	const open = (end: string, depends: string[]): void => {
		finish();
		opened = {end, depends};
		blocks.push(opened);
	};

	for (const line of logicalLines(text)) {
		const [keyword = '', rest = ''] = split(line);
		switch (keyword) {
			case 'config':
			case 'menuconfig':
				finish();
				if (/^\w+$/.test(rest)) draft = {symbol: rest, prompt: false, depends: around(), defaults: [], selects: []};
				break;
			case 'choice':
			case 'menu':
				open(`end${keyword}`, []);
				break;
			case 'if':
				open('endif', [rest]);
				break;
			case 'endchoice':
			case 'endmenu':
			case 'endif':
				finish();
				if (blocks.at(-1)?.end === keyword) blocks.pop();
				break;
			case 'source': {
				finish();
				const path = /^"([^"]+)"/.exec(rest)?.[1];
				if (path !== undefined) sources.push({path, depends: around()});
				break;
			}
			case 'mainmenu':
			case 'comment':
				finish();
				break;
			case 'depends':
				(draft ?? opened)?.depends.push(rest.replace(/^on\s+/, ''));
				break;
			default:
				if (draft !== undefined) readProperty(draft, keyword, rest);
		}
	}
	finish();
	return {definitions, sources};
}

function readProperty(draft: Draft, keyword: string, rest: string): void {
	if (types.has(keyword) || keyword === 'prompt') {
		if (rest === '') return;
		draft.prompt = true;
		const {condition} = splitIf(rest);
		if (condition !== undefined) draft.shownIf = condition;
	} else if (keyword === 'default' || (keyword.startsWith('def_') && types.has(keyword.slice(4)))) {
		draft.defaults.push(rest);
	} else if (keyword === 'select') {
		const [, symbol, when] = /^(\w+)(?:\s+if\s+(.*))?$/.exec(rest) ?? [];
		if (symbol !== undefined) draft.selects.push({symbol, when});
	}
}

/** A condition that is not understood counts as a macro: it may hold. */
const expressionOf = (text: string): Expression => parseExpression(text) ?? {kind: 'macro', text};

/** Reads a condition: an expression, since Linux 7.x with ` if ` and another one after it. */
export function conditionOf(text: string): Condition {
	const {body, condition} = splitIf(text);
	return {
		text: text.replace(/\s+/g, ' '),
		expression: onlyIf(expressionOf(body), condition === undefined ? undefined : expressionOf(condition))
	};
}

/** When one of a definition's defaults turns the option on. */
export function defaultOf(definition: Definition, line: string): Expression {
	const {body, condition} = splitIf(line);
	const when = condition === undefined ? [] : [expressionOf(condition)];
	return allOf([expressionOf(body), ...when, dependenciesOf(definition)]);
}

/** What has to hold for one of a symbol's definitions to be on. */
export const dependenciesOf = (definition: Definition): Expression =>
	allOf(definition.depends.map(text => conditionOf(text).expression));

/** When an option that selects another one does so. */
export const selectionOf = ({by, when}: Selector): Expression =>
	allOf([{kind: 'symbol', name: by}, ...(when === undefined ? [] : [expressionOf(when)])]);

/** `body if condition`, the word taken outside of quotes and macros. */
function splitIf(text: string): {readonly body: string; readonly condition?: string} {
	if (!/\bif\b/.test(text)) return {body: text};
	const tokens = tokensOf(text);
	const at = tokens.indexOf('if');
	if (at < 0) return {body: text};
	return {body: tokens.slice(0, at).join(' '), condition: tokens.slice(at + 1).join(' ')};
}

function split(line: string): readonly [string, string] {
	const keyword = /^[\w-]+/.exec(line)?.[0] ?? '';
	return [keyword, line.slice(keyword.length).trim()];
}

const widthOf = (line: string): number => {
	let width = 0;
	for (const character of line) {
		if (character === '\t') width += 8 - (width % 8);
		else if (character === ' ') width++;
		else break;
	}
	return width;
};

/** Lines put together where they end in a backslash; without comments, help texts and empty lines. */
function* logicalLines(text: string): Generator<string> {
	const lines = text.split(/\r?\n/);
	for (let index = 0; index < lines.length; index++) {
		let line = lines[index] ?? '';
		while (line.endsWith('\\') && index + 1 < lines.length) line = `${line.slice(0, -1)} ${lines[++index] ?? ''}`;
		const said = withoutComment(line).trim();
		if (said === 'help' || said === '---help---') index = endOfHelp(lines, index + 1) - 1;
		else if (said !== '') yield said;
	}
}

/** The help text ends where a line is indented less than its first one (scripts/kconfig/lexer.l). */
function endOfHelp(lines: readonly string[], from: number): number {
	let indent: number | undefined;
	let index = from;
	for (; index < lines.length; index++) {
		const line = lines[index] ?? '';
		if (line.trim() === '') continue;
		const width = widthOf(line);
		indent ??= width;
		if (width === 0 || width < indent) break;
	}
	return index;
}

/** A `#` outside of quotes and macros begins a comment. */
function withoutComment(line: string): string {
	if (!line.includes('#')) return line;
	let quote: string | undefined;
	for (let at = 0; at < line.length; at++) {
		const character = line[at];
		if (quote !== undefined) {
			if (character === '\\') at++;
			else if (character === quote) quote = undefined;
		} else if (character === '"' || character === "'") quote = character;
		else if (character === '$' && line[at + 1] === '(') at = endOfMacro(line, at + 2) - 1;
		else if (character === '#') return line.slice(0, at);
	}
	return line;
}

/** What a kernel's Kconfig files say together. */
export type Kconfig = {
	/** The folder they lie in. */
	readonly folder: string;
	definitionsOf(symbol: string): readonly Definition[];
	/** Who turns a symbol on, and when: the selecting option is on itself then, and its condition holds. */
	selectorsOf(symbol: string): readonly Selector[];
};

export type Selector = {readonly by: string; readonly when: string | undefined};

/** Files put together; what a file is taken in under holds for all that it defines. */
export function joinKconfig(
	folder: string,
	files: Iterable<{readonly file: KconfigFile; readonly depends: readonly string[]}>
): Kconfig {
	const definitions = new Map<string, Definition[]>();
	const selectors = new Map<string, Selector[]>();
	for (const {file, depends} of files) {
		for (const one of file.definitions) {
			const whole = depends.length === 0 ? one : {...one, depends: [...depends, ...one.depends]};
			append(definitions, one.symbol, whole);
			for (const {symbol, when} of one.selects) append(selectors, symbol, {by: one.symbol, when});
		}
	}
	return {
		folder,
		definitionsOf: symbol => definitions.get(symbol) ?? [],
		selectorsOf: symbol => selectors.get(symbol) ?? []
	};
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
	const known = map.get(key);
	if (known === undefined) map.set(key, [value]);
	else known.push(value);
}
