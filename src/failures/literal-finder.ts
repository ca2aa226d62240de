/** Table columns: one for each ASCII character; column 0 stands for all others, which only makes the filter coarser. */
const COLUMN_BITS = 7;
const WIDTH = 1 << COLUMN_BITS;
/** What tells literals apart is at their beginning; more would only enlarge the table. */
const LENGTH = 12;

/**
 * Finds many literals by reading a text once (Aho and Corasick, 1975): its time does not grow with their number, as that of one
 * regex made of them all does.
 */
export type Automaton = {
	/**
	 * By state and column what comes next: a state times WIDTH, which is where its own columns begin, and below that ENDS where
	 * literals can end in it; LINE_ENDS alone for a line feed.
	 */
	readonly table: Int32Array;
	/** Literals that can end in a state, by their indexes. */
	readonly ends: readonly (readonly number[])[];
};

const ENDS = 1;
const LINE_ENDS = 2;

const LINE_FEED = 10;
const TAB = 9;
const SPACE = 32;

/**
 * The automaton for these literals, to which a tab is a space. It may report more of them than occur, never fewer; an empty one
 * occurs everywhere.
 */
export function automatonOf(literals: readonly string[]): Automaton {
	const edges: Map<number, number>[] = [new Map()];
	const ends: number[][] = [[]];
	literals.forEach((literal, index) => {
		let state = 0;
		for (let at = 0; at < Math.min(literal.length, LENGTH); at++) {
			const column = columnOf(literal.charCodeAt(at));
			let next = edges[state]?.get(column);
			if (next === undefined) {
				next = edges.push(new Map()) - 1;
				ends.push([]);
				edges[state]?.set(column, next);
			}
			state = next;
		}
		ends[state]?.push(index);
	});

	// Breadth first: where a state has no edge of its own, it takes that of the longest suffix that is a state too.
	const table = new Int32Array(edges.length * WIDTH);
	const suffix = new Int32Array(edges.length);
	const queue = [0];
	for (const state of queue) {
		const row = state * WIDTH;
		const fallback = (suffix[state] as number) * WIDTH;
		table.copyWithin(row, fallback, fallback + WIDTH);
		for (const [column, next] of edges[state] as Map<number, number>) {
			suffix[next] = (table[row + column] as number) >> COLUMN_BITS;
			ends[next]?.push(...(ends[suffix[next] as number] as number[]));
			table[row + column] = next * WIDTH + (ends[next]?.length === 0 ? 0 : ENDS);
			queue.push(next);
		}
		table[row + TAB] = table[row + SPACE] as number;
		table[row + LINE_FEED] = LINE_ENDS;
	}
	return {table, ends};
}

/**
 * The lines of a text. `literals`: the indexes of those that can occur in a line, once each, and one and the same array for all lines
 * with the same ones; undefined for most lines, where none can.
 */
export type ReadLines = {
	readonly count: number;
	at(index: number): string;
	literals(index: number): readonly number[] | undefined;
};

/** Takes a text apart into its lines, a tab counting as a space. Lines nobody asks for cost no string of their own. */
export function readLines({table, ends}: Automaton, text: string): ReadLines {
	const starts = [0];
	const sets = createSets(ends);
	const found: number[] = [];
	let next = 0;
	let here = 0;
	// a log has millions of characters, and what is done for each of them is all the time this takes
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		next = table[(next & -WIDTH) + (code < WIDTH ? code : 0)] as number;
		if ((next & (ENDS | LINE_ENDS)) === 0) continue;
		if (next === LINE_ENDS) {
			found.push(here);
			starts.push(at + 1);
			here = 0;
		} else here = sets.with(here, next >> COLUMN_BITS);
	}
	found.push(here);
	return {
		count: starts.length,
		at: index => text.slice(starts[index], (starts[index + 1] ?? text.length + 1) - 1),
		literals(index) {
			const literals = sets.of(found[index] as number);
			return literals.length === 0 ? undefined : literals;
		}
	};
}

/** Sets of literals by numbers, 0 for those that occur everywhere: thousands of lines of a log share a handful of them. */
function createSets(ends: Automaton['ends']) {
	const sets: (readonly number[])[] = [ends[0] as readonly number[]];
	const numbers = new Map<string, number>();
	const known = new Map<number, number>();
	return {
		of: (set: number) => sets[set] as readonly number[],
		/** The set that has the literals of `state` too. */
		with(set: number, state: number): number {
			const step = set * ends.length + state;
			const before = known.get(step);
			if (before !== undefined) return before;
			const literals = [...new Set([...(sets[set] as readonly number[]), ...(ends[state] as readonly number[])])];
			const name = literals.sort((one, other) => one - other).join();
			const number = numbers.get(name) ?? sets.push(literals) - 1;
			numbers.set(name, number);
			known.set(step, number);
			return number;
		}
	};
}

function columnOf(code: number): number {
	return code < WIDTH ? code : 0;
}
