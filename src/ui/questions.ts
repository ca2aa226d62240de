import type {Agreement, RecipeQuestion} from '../model/recipe.ts';
import type {Consent} from '../model/walk.ts';

/** What can be asked: whether a recipe may run, a key be imported, the practice machine be made. */
export type AskedQuestion = RecipeQuestion | ({readonly kind: 'practice'} & Consent);

/** What is asked of the user while something is performed: at most one question at a time. */
export type Questions = {
	current(): AskedQuestion | undefined;
	subscribe(listener: () => void): () => void;
	/** Resolves with the user's word; a run that is stopped has none, and that is a no. */
	ask(question: AskedQuestion, signal: AbortSignal): Promise<Agreement>;
	answer(agreed: boolean): void;
};

export function createQuestions(): Questions {
	let asked: {readonly question: AskedQuestion; readonly resolve: (agreement: Agreement) => void} | undefined;
	const listeners = new Set<() => void>();
	const become = (now: typeof asked): void => {
		asked = now;
		for (const listener of listeners) listener();
	};
	const answer = (agreed: boolean): void => {
		const {resolve} = asked ?? {};
		if (resolve === undefined) return;
		become(undefined);
		resolve({agreed});
	};
	return {
		current: () => asked?.question,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		ask: (question, signal) =>
			new Promise(resolve => {
				if (signal.aborted) {
					resolve({agreed: false});
					return;
				}
				signal.addEventListener('abort', () => answer(false), {once: true});
				become({question, resolve});
			}),
		answer
	};
}
