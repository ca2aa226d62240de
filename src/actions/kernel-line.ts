import {explainKernelLine} from '../failures/kernel-lines.ts';
import {parseDmesgLine, parseKmsgRecord} from '../kernel/log.ts';
import type {KernelLogLine} from '../model/machine.ts';
import type {KernelLine} from '../model/walk.ts';
import {safeLine} from '../text/safe-text.ts';

/** A kernel line as it is shown, and its whole text as failures are looked for in it. */
export type Heard = {readonly line: KernelLine; readonly raw: string};

/**
 * Reads a line of the kernel log for a module: its own words without its prefix, well-known lines with their meaning. `zero`
 * gives the microsecond that times count from, and is told the line's own. Undefined for what is no record.
 */
export function readKernelLine(
	raw: KernelLogLine,
	name: string,
	zero: (microseconds: number) => number
): Heard | undefined {
	const record = raw.format === 'kmsg' ? parseKmsgRecord(raw.text) : parseDmesgLine(raw.text);
	if (record === undefined) return undefined;
	const {microseconds, text} = record;
	const prefix = `${name}: `;
	const mine = name !== '' && text.startsWith(prefix);
	const note = explainKernelLine(text);
	const line: KernelLine = {
		seconds: (microseconds - zero(microseconds)) / 1e6,
		text: safeLine(mine ? text.slice(prefix.length) : text),
		own: mine && note === undefined,
		...(note === undefined ? {} : {note: {text: note.note, harmless: note.harmless}})
	};
	return {line, raw: safeLine(text)};
}
