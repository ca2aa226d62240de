import {errorWords} from './error-line.ts';
import type {Captures} from './fill.ts';
import {automatonOf, type ReadLines, readLines} from './literal-finder.ts';
import {literalOf} from './literal-of.ts';
import type {FailureRow} from './row.ts';

type Compiled = {
	readonly row: FailureRow;
	readonly patterns: readonly RegExp[];
	readonly needs: readonly RegExp[];
	readonly context: readonly RegExp[];
};

/** The row a line belongs to; `captured` looks up what its regexes capture there and in the rest of the message. */
export type Claim = {readonly row: FailureRow; readonly captured: () => Captures};

/** A log made ready for matching. */
export type Reading = {
	/** Lines without literals belong to no row and are no errors. */
	readonly lines: ReadLines;
	/** The rows that a line with these literals can belong to, the specific before the general. */
	readonly candidates: (literals: readonly number[]) => readonly FailureRow[];
	/**
	 * The row for a line, or for what a line once showed; `literals` are those of the whole line. `rest` gives the other lines of the
	 * message and is only called where a row needs them.
	 */
	readonly claim: (line: string, literals: readonly number[], rest: () => readonly string[]) => Claim | undefined;
};

type Matcher = (log: string) => Reading;

const matchers = new WeakMap<readonly FailureRow[], Matcher>();

/**
 * Makes the rows ready for matching, once per catalogue. What a pattern contains of plain text decides first which rows a
 * line can belong to at all: for most lines of a log, none; and a row that needs what is nowhere in the log belongs to no line.
 * Throws SyntaxError on a bad pattern.
 */
export function matcherOf(rows: readonly FailureRow[]): Matcher {
	const known = matchers.get(rows);
	if (known) return known;
	const compiled = rows.map(
		(row): Compiled => ({
			row,
			patterns: row.patterns.map(source => new RegExp(source)),
			needs: (row.needs ?? []).map(source => new RegExp(source)),
			context: (row.context ?? []).map(source => new RegExp(source))
		})
	);
	const sources = rows.flatMap((row, index) => row.patterns.map(source => ({index, literal: literalOf(source)})));
	const automaton = automatonOf([...sources.map(({literal}) => literal), ...errorWords]);
	const needed = rows.map(row => (row.needs ?? []).map(literalOf).filter(literal => literal !== ''));
	const matcher: Matcher = log => {
		const lines = readLines(automaton, log);
		const hasTabs = log.includes('\t');
		/** A tab counts as a space, and such a literal as there. */
		const occurs = (literal: string): boolean => log.includes(literal) || (hasTabs && literal.includes(' '));
		const isPossible = memoized((index: number) => (needed[index] ?? []).every(occurs));
		const candidates = memoized((found: readonly number[]): readonly Compiled[] => {
			const indexes = new Set(
				found.flatMap(literal => sources[literal]?.index ?? []).sort((one, other) => one - other)
			);
			return [...indexes].filter(isPossible).map(index => compiled[index] as Compiled);
		});
		return {
			lines,
			candidates: memoized(found => candidates(found).map(({row}) => row)),
			claim(line, found, rest) {
				for (const candidate of candidates(found)) {
					const claimed = claimBy(candidate, line, rest);
					if (claimed) return claimed;
				}
				return undefined;
			}
		};
	};
	matchers.set(rows, matcher);
	return matcher;
}

function memoized<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
	const made = new Map<Key, Value>();
	return key => {
		const before = made.get(key);
		if (before !== undefined) return before;
		const value = make(key);
		made.set(key, value);
		return value;
	};
}

function claimBy(
	{row, patterns, needs, context}: Compiled,
	line: string,
	rest: () => readonly string[]
): Claim | undefined {
	for (const pattern of patterns) {
		const match = pattern.exec(line);
		if (!match) continue;
		const found = needs.map(need => findIn(rest(), need));
		if (found.includes(undefined)) return undefined;
		const captured = () => [
			...match.slice(1),
			...found.flatMap(groups => groups?.slice(1)),
			...context.flatMap(regex => findIn(rest(), regex)?.slice(1) ?? [undefined])
		];
		return {row, captured};
	}
	return undefined;
}

function findIn(lines: readonly string[], regex: RegExp): RegExpExecArray | undefined {
	for (const line of lines) {
		const match = regex.exec(line);
		if (match) return match;
	}
	return undefined;
}
