import type {Action} from '../model/step.ts';
import type {Judged, Outcome} from '../model/walk.ts';
import {initialState, reduce, type WalkEvent, type WalkState} from './state.ts';

export type Walk = {
	state(): WalkState;
	subscribe(listener: () => void): () => void;
	send(event: WalkEvent): void;
	/** Stops what is being performed; true where something was. */
	cancel(): boolean;
	/** Starts the first inspection. */
	start(): void;
};

/** Drives the reducer: does the work that a state asks for (inspect, plan, perform) and reports its result as an event of that run. */
export function createWalk(work: {
	readonly inspect: () => Promise<readonly Judged[]>;
	readonly perform: (actions: readonly Action[], signal: AbortSignal) => Promise<Outcome>;
}): Walk {
	let state = initialState;
	let cancelling = new AbortController();
	const listeners = new Set<() => void>();

	const enter = (): void => {
		const {activity} = state;
		switch (activity.kind) {
			case 'inspecting':
				void work.inspect().then(judged => send({kind: 'inspected', run: activity.run, judged}));
				return;
			case 'planning':
				void settle(async () => activity.remedy.plan(activity.answers)).then(result =>
					send({
						kind: 'planned',
						run: activity.run,
						plan: 'value' in result ? result.value : {ok: false, why: result.why}
					})
				);
				return;
			case 'performing':
				cancelling = new AbortController();
				void settle(async () => work.perform(activity.actions, cancelling.signal)).then(result =>
					send({
						kind: 'performed',
						run: activity.run,
						outcome: 'value' in result ? result.value : {kind: 'refused', why: result.why}
					})
				);
				return;
			default:
				return;
		}
	};

	const send = (event: WalkEvent): void => {
		const before = state;
		state = reduce(state, event);
		if (state === before) return;
		const {activity} = state;
		for (const listener of listeners) listener();
		// a listener may have sent an event itself, which entered what came of it
		if (activity !== before.activity && state.activity === activity) enter();
	};

	return {
		state: () => state,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		send,
		cancel() {
			if (state.activity.kind !== 'performing' || cancelling.signal.aborted) return false;
			cancelling.abort();
			return true;
		},
		start: enter
	};
}

/** A fault inside the work ends the run with a sentence, never the program. */
async function settle<T>(work: () => Promise<T>): Promise<{readonly value: T} | {readonly why: string}> {
	try {
		return {value: await work()};
	} catch (error) {
		return {why: error instanceof Error ? error.message : String(error)};
	}
}
