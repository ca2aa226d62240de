import type {Captures} from './fill.ts';
import {literalFinder} from './literal-finder.ts';
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

/** Finds the row for a line; `rest` gives the other lines of the message and is only called where a row needs them. */
export type Claimant = (line: string, rest: () => readonly string[]) => Claim | undefined;

const claimants = new WeakMap<readonly FailureRow[], Claimant>();

/**
 * Makes the rows ready for matching, once per catalogue. What a pattern contains of plain text decides first which rows a
 * line can belong to at all: for most lines of a log, none. Throws SyntaxError on a bad pattern.
 */
export function claimantOf(rows: readonly FailureRow[]): Claimant {
	const known = claimants.get(rows);
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
	const literalsIn = literalFinder(sources.map(({literal}) => literal));
	const owners = sources.map(({index}) => index);
	const claimant: Claimant = (line, rest) => {
		const literals = literalsIn(line);
		if (literals.size === 0) return undefined;
		const candidates = new Set(
			[...literals].map(literal => owners[literal] as number).sort((one, other) => one - other)
		);
		for (const index of candidates) {
			const claim = claimBy(compiled[index] as Compiled, line, rest);
			if (claim) return claim;
		}
		return undefined;
	};
	claimants.set(rows, claimant);
	return claimant;
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
