import type {Command} from './shell-syntax.ts';

/** Where a script is being read. */
export type Cursor = {
	readonly text: string;
	position: number;
	/** How many substitutions and their like the position is within. */
	level: number;
	/** How often `$((` turned out not to be arithmetic. */
	readAgain: number;
	/** Lines where more was nested than is read. */
	readonly tooDeep: number[];
	/** The line of the position, which goes back only where `$((` is read again. */
	lineHere(): number;
	/** Takes what a sticky pattern matches here. */
	take(pattern: RegExp): RegExpExecArray | undefined;
	/** Commands up to `stop`, which is taken, or to the end of the text. */
	readCommands(stop: ')' | '}' | undefined): readonly Command[];
	/** A cursor in a text that this script holds: a here-document, or what stands between backticks. */
	within(text: string, firstLine: number, level: number): Cursor;
};

/** What reads the commands at a cursor: words hold commands, which hold words. */
export type ReadCommands = (cursor: Cursor, stop: ')' | '}' | undefined) => readonly Command[];

/** A cursor at the beginning of a text. */
export function createCursor(
	text: string,
	firstLine: number,
	level: number,
	shared: {readonly tooDeep: number[]; readonly readCommands: ReadCommands}
): Cursor {
	const newlines = Array.from(text.matchAll(/\n/g), found => found.index);
	let passed = 0;
	const cursor: Cursor = {
		text,
		position: 0,
		level,
		readAgain: 0,
		tooDeep: shared.tooDeep,
		lineHere() {
			while ((newlines[passed] ?? Number.POSITIVE_INFINITY) < cursor.position) passed++;
			while (passed > 0 && (newlines[passed - 1] ?? 0) >= cursor.position) passed--;
			return firstLine + passed;
		},
		take(pattern) {
			pattern.lastIndex = cursor.position;
			const found = pattern.exec(text);
			if (found === null) return undefined;
			cursor.position += found[0].length;
			return found;
		},
		readCommands: stop => shared.readCommands(cursor, stop),
		within: (inner, line, depth) => createCursor(inner, line, depth, shared)
	};
	return cursor;
}
