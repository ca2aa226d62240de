import type {ActionEvent} from '../model/walk.ts';

/** What was last said about the work itself. */
export type Heard = {
	readonly phase: string;
	readonly log: string | undefined;
	readonly notice: string | undefined;
	readonly progress: Extract<ActionEvent, {kind: 'progress'}> | undefined;
};

/** Keeps what was last heard, outside React: work may speak before its screen is there to listen. */
export type News = {
	current(): Heard;
	tell(event: ActionEvent): void;
	clear(): void;
	subscribe(listener: () => void): () => void;
};

const nothing: Heard = {phase: '', log: undefined, notice: undefined, progress: undefined};

export function createNews(): News {
	let heard = nothing;
	const listeners = new Set<() => void>();
	const become = (now: Heard): void => {
		heard = now;
		for (const listener of listeners) listener();
	};
	return {
		current: () => heard,
		tell: event => become(hear(heard, event)),
		clear: () => become(nothing),
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		}
	};
}

function hear(before: Heard, event: ActionEvent): Heard {
	switch (event.kind) {
		case 'phase':
			return {...before, phase: event.text, progress: undefined};
		case 'log':
			return {...before, log: event.file};
		case 'notice':
			return {...before, notice: event.text};
		case 'progress':
			return {...before, progress: event};
		default:
			return before;
	}
}
