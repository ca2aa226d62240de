/** Table columns: one for each ASCII character; column 0 stands for all others, which only makes the filter coarser. */
const WIDTH = 128;
/** What tells literals apart is at their beginning; more would only enlarge the table. */
const LENGTH = 12;

/**
 * A filter that reads a text once and tells the indexes of the literals that can occur in it (Aho and Corasick, 1975):
 * every literal that does occur is among them, an empty one always. Its time does not grow with their number, as that of
 * one regex made of all of them does.
 */
export function literalFinder(literals: readonly string[]): (text: string) => ReadonlySet<number> {
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

	const table = Uint16Array.from(next);
	const hasEnd = Uint8Array.from(ends, indexes => (indexes.length > 0 ? 1 : 0));
	const always: ReadonlySet<number> = new Set(ends[0]);
	return text => {
		let found: Set<number> | undefined;
		let state = 0;
		for (let at = 0; at < text.length; at++) {
			state = table[state * WIDTH + columnOf(text.charCodeAt(at))] as number;
			if (hasEnd[state] === 1) {
				found ??= new Set(always);
				for (const index of ends[state] as number[]) found.add(index);
			}
		}
		return found ?? always;
	};
}

function columnOf(code: number): number {
	return code < WIDTH ? code : 0;
}
