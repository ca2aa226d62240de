import type {Reason, Remedy, Step, StepId, Verdict} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {safeLine} from '../text/safe-text.ts';

/**
 * Inspects all steps together and orders what they say: a step that is not done and needs one that is not done waits for it.
 * A step that throws is `unknown`, never a crash. Text from outside is made safe here, once, for every rendering.
 */
export async function inspectAll<View>(steps: readonly Step<View>[], view: View): Promise<readonly Judged[]> {
	const verdicts = await Promise.all(steps.map(step => inspectOne(step, view)));
	const judged = new Map<StepId, Judged>();
	for (const [index, step] of steps.entries()) {
		const verdict = verdicts[index] as Verdict;
		const waitsFor = step.needs.find(need => judged.has(need) && judged.get(need)?.verdict.status !== 'done');
		judged.set(step.id, {
			id: step.id,
			question: step.question,
			verdict: safeVerdict(waiting(step.id, verdict, waitsFor))
		});
	}
	return [...judged.values()];
}

/** What each step says for itself, as if none waited for another: what the plan of a whole walk is made of. */
export async function inspectEach<View>(steps: readonly Step<View>[], view: View): Promise<readonly Judged[]> {
	return Promise.all(
		steps.map(async step => ({
			id: step.id,
			question: step.question,
			verdict: safeVerdict(await inspectOne(step, view))
		}))
	);
}

/** The first step that is not done and waits for nothing: the one to act on. */
export function nextStep(judged: readonly Judged[], left: ReadonlySet<StepId> = new Set()): Judged | undefined {
	const open = judged.filter(one => one.verdict.status !== 'done' && !left.has(one.id));
	return open.find(one => !isWaiting(one)) ?? (left.size > 0 ? undefined : open[0]);
}

/** Whether a step only waits for another one. */
export const isWaiting = ({verdict}: Judged): boolean =>
	verdict.status === 'blocked' && verdict.reason.endsWith('.waits');

const rebootPending: readonly Reason[] = [
	'boot.other-running',
	'boot.updated',
	'boot.not-rebooted',
	'boot.wrong-kernel'
];

/** 4: a reboot is pending; 1: something else is not done; 0: all is. */
export function exitCode(judged: readonly Judged[]): 0 | 1 | 4 {
	const open = judged.filter(one => one.verdict.status !== 'done');
	if (open.some(({verdict}) => verdict.status !== 'done' && rebootPending.includes(verdict.reason))) return 4;
	return open.length === 0 ? 0 : 1;
}

async function inspectOne<View>(step: Step<View>, view: View): Promise<Verdict> {
	try {
		return await step.inspect(view);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		return {
			status: 'unknown',
			reason: `${step.id}.failed`,
			summary: 'could not be inspected',
			question: `This step could not be inspected: ${why}. That is a fault of this program; a report with this text helps to mend it.`,
			evidence: [],
			remedies: []
		};
	}
}

/** A step's own word is kept as evidence; what it could do about it is not offered before its turn. */
function waiting(id: StepId, verdict: Verdict, need: StepId | undefined): Verdict {
	if (need === undefined || verdict.status === 'done') return verdict;
	if (verdict.status === 'blocked' && !verdict.reason.endsWith('.waits') && verdict.remedies.length > 0) return verdict;
	return {
		status: 'blocked',
		reason: `${id}.waits`,
		summary: `waits for ${need}`,
		question: `This waits for ${need}.`,
		evidence: [{label: 'so far', value: verdict.summary}, ...verdict.evidence],
		remedies: []
	};
}

function safeVerdict(verdict: Verdict): Verdict {
	const evidence = verdict.evidence.map(({label, value, source}) => ({
		label: safeLine(label),
		value: safeLine(value),
		...(source === undefined ? {} : {source: safeLine(source)})
	}));
	if (verdict.status === 'done') return {...verdict, summary: safeLine(verdict.summary), evidence};
	return {
		...verdict,
		summary: safeLine(verdict.summary),
		question: safeLine(verdict.question, 4000),
		evidence,
		remedies: verdict.remedies.map(safeRemedy)
	};
}

const safeRemedy = (remedy: Remedy): Remedy => ({
	...remedy,
	label: safeLine(remedy.label),
	...(remedy.consequence === undefined ? {} : {consequence: safeLine(remedy.consequence)}),
	...(remedy.answer === undefined ? {} : {answer: safeLine(remedy.answer)}),
	...(remedy.undo === undefined ? {} : {undo: safeLine(remedy.undo)})
});
