import type {KernelLine} from '../model/walk.ts';

/** Enough for any hello-world; the kernel keeps the rest. */
const keptLines = 1000;

/** What a loaded module's screen shows, outside React: the kernel may say many things at once. */
export type KernelFeed = {
	lines(): readonly KernelLine[];
	/** Grows with every change, for useSyncExternalStore. */
	version(): number;
	push(line: KernelLine): void;
	clear(): void;
	subscribe(listener: () => void): () => void;
};

/** Milliseconds between two tellings. Half of what ink waits between two frames: a line would else wait for both, one after the other. */
const restFor = 16;

/** An empty feed. Listeners are told at most 60 times a second. */
export function createKernelFeed(): KernelFeed {
	let lines: readonly KernelLine[] = [];
	let version = 0;
	let isResting = false;
	let isBehind = false;
	const listeners = new Set<() => void>();
	// the first word is shown at once; what follows on its heels is told together
	const tell = (): void => {
		isBehind = false;
		isResting = true;
		setTimeout(() => {
			isResting = false;
			if (isBehind) tell();
		}, restFor);
		for (const listener of listeners) listener();
	};
	const changed = (): void => {
		version += 1;
		if (isResting) isBehind = true;
		else tell();
	};
	return {
		lines: () => lines,
		version: () => version,
		push(line) {
			lines = [...lines.slice(-keptLines + 1), line];
			changed();
		},
		clear() {
			lines = [];
			changed();
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		}
	};
}
