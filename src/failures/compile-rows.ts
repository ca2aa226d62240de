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

/**
 * Finds the row for a line, or for what a line once showed; `literals` are those of the whole line. `rest` gives the other lines of
 * the message and is only called where a row needs them.
 */
export type Claimant = (line: string, literals: readonly number[], rest: () => readonly string[]) => Claim | undefined;

export type Matcher = {
	readonly claim: Claimant;
	/** The lines of a log; those without literals belong to no row and are no errors. */
	readonly lines: (log: string) => ReadLines;
};

const matchers = new WeakMap<readonly FailureRow[], Matcher>();

/**
 * Makes the rows ready for matching, once per catalogue. What a pattern contains of plain text decides first which rows a
 * line can belong to at all: for most lines of a log, none. Throws SyntaxError on a bad pattern.
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
	const owners = sources.map(({index}) => index);
	const claim: Claimant = (line, literals, rest) => {
		const candidates = new Set(literals.flatMap(literal => owners[literal] ?? []).sort((one, other) => one - other));
		for (const index of candidates) {
			const claimed = claimBy(compiled[index] as Compiled, line, rest);
			if (claimed) return claimed;
		}
		return undefined;
	};
	const matcher: Matcher = {claim, lines: log => readLines(automaton, log)};
	matchers.set(rows, matcher);
	return matcher;
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
