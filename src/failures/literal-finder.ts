/** Table columns: one for each ASCII character; column 0 stands for all others, which only makes the filter coarser. */
const WIDTH = 128;
/** What tells literals apart is at their beginning; more would only enlarge the table. */
const LENGTH = 12;

/**
 * Finds many literals by reading a text once (Aho and Corasick, 1975): its time does not grow with their number, as that of one
 * regex made of them all does.
 */
export type Automaton = {
	/** The next state, by state and column. */
	readonly table: Uint16Array;
	/** Literals that can end in a state, by their indexes. */
	readonly ends: readonly (readonly number[])[];
	readonly hasEnd: Uint8Array;
};

/** The automaton for these literals. It may report more of them than occur, never fewer; an empty one occurs everywhere. */
export function automatonOf(literals: readonly string[]): Automaton {
	const next: number[] = new Array(WIDTH).fill(0);
	const ends: number[][] = [[]];
	literals.forEach((literal, index) => {
		let state = 0;
		for (let at = 0; at < Math.min(literal.length, LENGTH); at++) {
			const edge = state * WIDTH + columnOf(literal.charCodeAt(at));
			if (next[edge] === 0) {
				next[edge] = ends.length;
				ends.push([]);
				next.push(...new Array(WIDTH).fill(0));
			}
			state = next[edge] as number;
		}
		ends[state]?.push(index);
	});

	// Breadth first: where a state has no edge of its own, it takes that of the longest suffix that is a state too.
	const suffix: number[] = new Array(ends.length).fill(0);
	const queue = next.slice(0, WIDTH).filter(state => state !== 0);
	for (const state of queue) {
		for (let column = 0; column < WIDTH; column++) {
			const edge = state * WIDTH + column;
			const fallback = next[(suffix[state] as number) * WIDTH + column] as number;
			const child = next[edge] as number;
			if (child === 0) {
				next[edge] = fallback;
			} else {
				suffix[child] = fallback;
				ends[child]?.push(...(ends[fallback] ?? []));
				queue.push(child);
			}
		}
	}

	return {table: Uint16Array.from(next), ends, hasEnd: Uint8Array.from(ends, indexes => (indexes.length > 0 ? 1 : 0))};
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

const LINE_FEED = 10;
const TAB = 9;
const SPACE = 32;

/** Takes a text apart into its lines, a tab counting as a space. Lines nobody asks for cost no string of their own. */
export function readLines({table, ends, hasEnd}: Automaton, text: string): ReadLines {
	const starts = [0];
	const sets = createSets(ends);
	const found: number[] = [];
	let state = 0;
	let here = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === LINE_FEED) {
			found.push(here);
			starts.push(at + 1);
			here = 0;
			state = 0;
			continue;
		}
		state = table[state * WIDTH + (code === TAB ? SPACE : columnOf(code))] as number;
		if (hasEnd[state] === 1) here = sets.with(here, state);
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
