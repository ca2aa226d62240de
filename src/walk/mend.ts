import type {Remedy, StepId} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';

/**
 * The first step, in the walk's order, that a remedy without a decision brings back to what it was, and that remedy. `tried`:
 * steps whose remedy ran already; once each, because what is not done after its remedy ran would be tried for ever.
 */
export function nextToMend(
	judged: readonly Judged[],
	tried: ReadonlySet<StepId> = new Set()
): {readonly step: Judged; readonly remedy: Remedy} | undefined {
	for (const step of judged) {
		if (step.verdict.status === 'done' || tried.has(step.id)) continue;
		const remedy = step.verdict.remedies.find(one => one.mends);
		if (remedy !== undefined) return {step, remedy};
	}
	return undefined;
}
