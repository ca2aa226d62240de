import type {NewFile} from '../model/step.ts';

/** What writing a file would change. `diff`: unified, from what is there to what is wanted; as untrusted as the file itself. */
export type Difference =
	| {readonly path: string; readonly status: 'new' | 'same'}
	| {readonly path: string; readonly status: 'differs'; readonly diff: string};

/** Compares the files that are there (path below the folder → content) with those that are wanted, in the order of the latter. */
export function differences(existing: ReadonlyMap<string, string>, wanted: readonly NewFile[]): readonly Difference[] {
	return wanted.map(({path, content}) => {
		const present = existing.get(path);
		if (present === undefined) return {path, status: 'new'};
		if (present === content) return {path, status: 'same'};
		return {path, status: 'differs', diff: unifiedDiff(path, present, content)};
	});
}

/** A line that stays (` `), goes (`-`) or comes (`+`). */
type Edit = {readonly mark: ' ' | '-' | '+'; readonly line: string};

/** Lines of an unchanged neighbourhood that are shown around a change. */
const context = 3;

/** Beyond this many pairs of lines, what lies between the first and the last change is shown as replaced whole. */
const mostPairs = 1_000_000;

function unifiedDiff(path: string, before: string, after: string): string {
	const edits = editsBetween(linesOf(before), linesOf(after));
	return [`--- ${path}`, `+++ ${path}`, ...hunks(edits)].join('\n').concat('\n');
}

/** Lines without their newline; a last line that has none says so, as diff does. */
function linesOf(text: string): readonly string[] {
	if (text === '') return [];
	const lines = text.split('\n');
	const last = lines.pop();
	return last ? [...lines, `${last}\n\\ No newline at end of file`] : lines;
}

function editsBetween(before: readonly string[], after: readonly string[]): readonly Edit[] {
	let start = 0;
	while (start < before.length && start < after.length && before[start] === after[start]) start++;
	let end = 0;
	const shorter = Math.min(before.length, after.length) - start;
	while (end < shorter && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
	return [
		...marked(' ', before.slice(0, start)),
		...changes(before.slice(start, before.length - end), after.slice(start, after.length - end)),
		...marked(' ', before.slice(before.length - end))
	];
}

const marked = (mark: Edit['mark'], lines: readonly string[]): readonly Edit[] => lines.map(line => ({mark, line}));

/** The longest common subsequence, by the textbook table of lengths. */
function changes(before: readonly string[], after: readonly string[]): readonly Edit[] {
	if (before.length * after.length > mostPairs) return [...marked('-', before), ...marked('+', after)];
	const width = after.length + 1;
	const lengths = new Uint32Array((before.length + 1) * width);
	const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
	for (let row = before.length - 1; row >= 0; row--)
		for (let column = after.length - 1; column >= 0; column--)
			lengths[row * width + column] =
				before[row] === after[column]
					? at(row + 1, column + 1) + 1
					: Math.max(at(row + 1, column), at(row, column + 1));

	const edits: Edit[] = [];
	let row = 0;
	let column = 0;
	while (row < before.length || column < after.length) {
		const old = before[row];
		const fresh = after[column];
		if (old !== undefined && old === fresh) {
			edits.push({mark: ' ', line: old});
			row++;
			column++;
		} else if (old !== undefined && (fresh === undefined || at(row + 1, column) >= at(row, column + 1))) {
			edits.push({mark: '-', line: old});
			row++;
		} else if (fresh !== undefined) {
			edits.push({mark: '+', line: fresh});
			column++;
		}
	}
	return edits;
}

/** Groups changes that share context into `@@` hunks. */
function hunks(edits: readonly Edit[]): readonly string[] {
	const near = edits.map((_, index) =>
		edits.slice(Math.max(0, index - context), index + context + 1).some(({mark}) => mark !== ' ')
	);
	const output: string[] = [];
	let oldLine = 1;
	let newLine = 1;
	for (let index = 0; index < edits.length; ) {
		let stop = index;
		while (stop < edits.length && near[stop] === near[index]) stop++;
		const part = edits.slice(index, stop);
		const oldCount = part.filter(({mark}) => mark !== '+').length;
		const newCount = part.filter(({mark}) => mark !== '-').length;
		if (near[index])
			output.push(
				`@@ -${range(oldLine, oldCount)} +${range(newLine, newCount)} @@`,
				...part.map(({mark, line}) => mark + line)
			);
		oldLine += oldCount;
		newLine += newCount;
		index = stop;
	}
	return output;
}

/** A range as diff writes it: an empty one stands after the line before it. */
const range = (start: number, count: number): string => `${count === 0 ? start - 1 : start},${count}`;
