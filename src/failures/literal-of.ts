/**
 * The longest run of plain characters that every match of a regex contains, or '' if there is none.
 * It serves to tell quickly, for a whole log, which of many regexes can match at all.
 *
 * Takes the source of a regex in the style of the catalogue: groups are looked over, not into; `|` outside of a group
 * gives ''; escapes are classes, anchors or escaped punctuation.
 */
export function literalOf(source: string): string {
	let longest = '';
	let run = '';
	const endRun = () => {
		if (run.length > longest.length) longest = run;
		run = '';
	};
	for (let at = 0; at < source.length; at++) {
		const character = source.charAt(at);
		if (character === '|') return '';
		if (character === '(' || character === '[') {
			endRun();
			at = endOfBracket(source, at);
		} else if (character === '?' || character === '*' || character === '{') {
			// The character before may be absent: it does not belong to the run.
			run = run.slice(0, -1);
			endRun();
			if (character === '{') at = source.indexOf('}', at);
		} else if (character === '+' || character === '.' || character === '^' || character === '$') {
			endRun();
		} else if (character === '\\') {
			at++;
			if (/[A-Za-z0-9]/.test(source.charAt(at))) endRun();
			else run += source.charAt(at);
		} else {
			run += character;
		}
	}
	endRun();
	return longest;
}

/** Index of the bracket that closes the one at `start`. */
function endOfBracket(source: string, start: number): number {
	let depth = 0;
	for (let at = start; at < source.length; at++) {
		const character = source.charAt(at);
		if (character === '\\') {
			at++;
		} else if (character === '[') {
			while (source.charAt(++at) !== ']' && at < source.length) if (source.charAt(at) === '\\') at++;
			if (depth === 0) return at;
		} else if (character === '(') {
			depth++;
		} else if (character === ')' && --depth === 0) {
			return at;
		}
	}
	return source.length;
}
