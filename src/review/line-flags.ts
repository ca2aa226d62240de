type Raise = (id: string, line: number) => void;

/** Turn the direction of writing (Trojan Source, CVE-2021-42574). */
const direction = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const everyDirection = new RegExp(direction, 'gu');
/** Take no room, or look like nothing. */
const invisible = /\p{Default_Ignorable_Code_Point}/u;
/** C0 but tab and newline, DEL, C1; a carriage return only where it does not end the line. */
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\r(?!$)/;

const long = 500;
const endless = 4000;
const pushed = /\S[ \t]{100,}\S|^[ \t]{200,}\S/;

/**
 * Flags of what the lines themselves hide from a reader. In comments only what changes how other lines are read.
 * @param added for a patch: whether a line, by its index, is one that it adds
 */
export function flagLines(text: string, raise: Raise, added?: (index: number) => boolean): void {
	for (const [index, line] of text.split('\n').entries()) {
		if (added !== undefined && !added(index)) continue;
		const at = index + 1;
		const ascii = /^[\t\x20-\x7e]*$/.test(line);
		if (!ascii) {
			if (direction.test(line)) raise('hidden.direction', at);
			if (control.test(line)) raise('hidden.control', at);
		}
		if (/^\s*#/.test(line)) continue;
		if (!ascii && invisible.test(line.replace(everyDirection, ''))) raise('hidden.invisible', at);
		if (line.length > endless) raise('line.endless', at);
		else if (line.length > long) raise('line.long', at);
		if (line.length > 100 && added === undefined && isPushed(line)) raise('line.pushed', at);
	}
}

/** Looks at the first part of a line only: a longer one has a flag of its own. */
const isPushed = (line: string): boolean => pushed.test(line.slice(0, endless));
