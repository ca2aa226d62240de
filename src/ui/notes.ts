import type {KernelNote, KernelRecord} from '../../components/KernelLog.tsx';
import type {KernelLine} from '../model/walk.ts';

/** Kernel lines as they are shown; numbers the notes in the order they first come up, each meaning once. */
export function numbered(lines: readonly KernelLine[]): {
	readonly records: readonly KernelRecord[];
	readonly notes: readonly KernelNote[];
} {
	const numbers = new Map<string, number>();
	const records = lines.map((line): KernelRecord => {
		if (line.note === undefined) return recordOf(line);
		const number = numbers.get(line.note.text) ?? numbers.size + 1;
		numbers.set(line.note.text, number);
		return {...recordOf(line), note: number};
	});
	return {records, notes: [...numbers].map(([text, number]) => ({number, text}))};
}

/** A line without a number: in the scrollback it would point nowhere. */
export const recordOf = ({seconds, text, own}: KernelLine): KernelRecord => ({time: seconds.toFixed(3), text, own});
