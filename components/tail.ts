import {useEffect, useReducer} from 'react';
import {expandTabs} from './cells.ts';

/** The last lines of an output, kept outside React: a build prints faster than anything can be drawn. */
export type Tail = {
	/** Takes output as it comes: pieces of lines, several lines, `\r` redraws. */
	push(chunk: string): void;
	/** The last `height` lines at most, oldest first; a line that has not ended yet is the last. */
	snapshot(height: number): readonly string[];
	/** Lines so far, the unfinished one included. */
	readonly total: number;
	/** Calls `listener` after each push; gives back what ends it. */
	subscribe(listener: () => void): () => void;
};

/** Longer lines are cut: nobody reads them here, and the log file has them whole. */
const lineLimit = 2000;

/** A tail that keeps `limit` lines. Memory stays bounded however long a line or an output gets. */
export function createTail({limit}: {limit: number}): Tail {
	const ring: string[] = [];
	const listeners = new Set<() => void>();
	let ended = 0;
	// The unfinished line; a "\r" at its end is kept until it is known whether "\n" follows.
	let open = '';

	const end = (line: string) => {
		ring[ended % limit] = readable(line);
		ended++;
	};
	return {
		push(chunk) {
			const lines = (open + chunk).split('\n');
			const rest = lines.pop() ?? '';
			for (const line of lines) end(line);
			open = afterReturn(rest).slice(0, lineLimit) + (rest.endsWith('\r') ? '\r' : '');
			for (const listener of listeners) listener();
		},
		snapshot(height) {
			const last = readable(open);
			const wanted = Math.min(Math.max(0, height - (last === '' ? 0 : 1)), ended, limit);
			const lines: string[] = [];
			for (let index = ended - wanted; index < ended; index++) lines.push(ring[index % limit] ?? '');
			if (last !== '' && height > 0) lines.push(last);
			return lines;
		},
		get total() {
			return ended + (readable(open) === '' ? 0 : 1);
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		}
	};
}

/** The last `height` lines of `tail`, drawn again at most every `interval` milliseconds (30 times a second; with Infinity never). */
export function useTail(tail: Tail, height: number, interval = 33): readonly string[] {
	const [, redraw] = useReducer((count: number) => count + 1, 0);
	useEffect(() => {
		if (interval === Number.POSITIVE_INFINITY) return undefined;
		let timer: ReturnType<typeof setTimeout> | undefined;
		let last = 0;
		const draw = () => {
			timer = undefined;
			last = performance.now();
			redraw();
		};
		const unsubscribe = tail.subscribe(() => {
			timer ??= setTimeout(draw, Math.max(0, last + interval - performance.now()));
		});
		// Lines that came between the first render and this effect.
		redraw();
		return () => {
			unsubscribe();
			clearTimeout(timer);
		};
	}, [tail, interval]);
	return tail.snapshot(height);
}

function readable(line: string): string {
	return expandTabs(afterReturn(line).slice(0, lineLimit));
}

/** What a terminal would show of a line that redraws itself: the text behind the last `\r` that text follows. */
function afterReturn(line: string): string {
	if (!line.includes('\r')) return line;
	const text = line.replace(/\r+$/, '');
	return text.slice(text.lastIndexOf('\r') + 1);
}
