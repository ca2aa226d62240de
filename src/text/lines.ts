/**
 * Cuts text into lines as it comes. `push` gives those that ended with this piece; `rest` is what has no end yet, of which no more
 * than the last `longest` characters are kept.
 */
export function createLines(longest = Number.POSITIVE_INFINITY): {
	push(text: string): readonly string[];
	rest(): string;
} {
	let rest = '';
	return {
		push(text) {
			const lines = (rest + text).split('\n');
			rest = (lines.pop() ?? '').slice(-longest);
			return lines;
		},
		rest: () => rest
	};
}
