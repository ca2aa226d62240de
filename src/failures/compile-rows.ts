import type {Captures} from './fill.ts';
import {literalOf} from './literal-of.ts';
import type {FailureRow} from './row.ts';

type Compiled = {
	readonly row: FailureRow;
	readonly patterns: readonly RegExp[];
	readonly needs: readonly RegExp[];
	readonly context: readonly RegExp[];
};

/** The row a line belongs to, with what its regexes captured there and in the rest of the message. */
export type Claim = {readonly row: FailureRow; readonly captures: Captures};

/** Finds the row for a line; `rest` gives the other lines of the message and is only called where a row needs them. */
export type Claimant = (line: string, rest: () => readonly string[]) => Claim | undefined;

const claimants = new WeakMap<readonly FailureRow[], Claimant>();

/**
 * Makes the rows ready for matching, once per catalogue. One regex made of the literals of all patterns finds out which
 * rows a line can belong to at all, so that most lines of a log cost a single test. Throws SyntaxError on a bad pattern.
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
	const candidatesFor = candidateFinder(rows);
	const claimant: Claimant = (line, rest) => {
		for (const index of candidatesFor(line)) {
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
		const captures: (string | undefined)[] = match.slice(1);
		for (const need of needs) {
			const found = findIn(rest(), need);
			if (!found) return undefined;
			captures.push(...found.slice(1));
		}
		for (const regex of context) {
			const found = findIn(rest(), regex);
			captures.push(...(found ? found.slice(1) : [undefined]));
		}
		return {row, captures};
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

/** For a line, the indexes of the rows whose literal occurs in it, lowest first. */
function candidateFinder(rows: readonly FailureRow[]): (line: string) => readonly number[] {
	const owners = new Map<string, Set<number>>();
	rows.forEach((row, index) => {
		for (const source of row.patterns) {
			const literal = literalOf(source);
			owners.set(literal, (owners.get(literal) ?? new Set()).add(index));
		}
	});
	// Of the literals that start at one place the alternation reports only the longest: it speaks for those it starts with.
	const literals = [...owners.keys()].sort((one, other) => other.length - one.length);
	const candidates = new Map(
		literals.map(literal => [
			literal,
			literals.filter(other => literal.startsWith(other)).flatMap(other => [...(owners.get(other) ?? [])])
		])
	);
	const filter = new RegExp(literals.map(literal => literal.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
	return line => {
		filter.lastIndex = 0;
		let match = filter.exec(line);
		if (!match) return [];
		const found = new Set<number>();
		for (; match; match = filter.exec(line)) {
			for (const index of candidates.get(match[0]) ?? []) found.add(index);
			filter.lastIndex = match.index + 1;
		}
		return [...found].sort((one, other) => one - other);
	};
}
