import type {Since} from '../model/facts.ts';
import type {Remedy, StepId} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {safeLine} from '../text/safe-text.ts';
import {nextStep} from '../walk/inspect.ts';
import {actionsOf, instructionOf, plannedCommands} from './plan-text.ts';

export const documentSchema = 1;

/** The JSON of `check` (assets/schema/check.json). */
export async function checkDocument(
	judged: readonly Judged[],
	notices: readonly string[] = [],
	since?: Since
): Promise<object> {
	return {schema: documentSchema, ...(await checkFields(judged, notices, since))};
}

/** What it says of one machine. */
export async function checkFields(
	judged: readonly Judged[],
	notices: readonly string[],
	since: Since | undefined
): Promise<object> {
	return {
		steps: await Promise.all(judged.map(stepDocument)),
		next: nextStep(judged)?.id ?? null,
		...(since === undefined ? {} : {since: sinceDocument(since)}),
		...(notices.length === 0 ? {} : {notices})
	};
}

const sinceDocument = ({at, changes}: Since): object => ({
	at,
	changes: changes.map(({fact, before, after, note, stale}) => ({
		fact: safeLine(fact),
		before: safeLine(before),
		after: after === undefined ? null : safeLine(after),
		...(note === undefined ? {} : {note: safeLine(note)}),
		stale
	}))
});

async function stepDocument({id, verdict}: Judged): Promise<{readonly id: StepId}> {
	const {status, summary, evidence} = verdict;
	if (verdict.status === 'done') return {id, status, summary, evidence, remedies: []} as {readonly id: StepId};
	return {
		id,
		status,
		reason: verdict.reason,
		summary,
		question: verdict.question,
		evidence,
		remedies: await Promise.all(verdict.remedies.map(remedyDocument))
	} as {readonly id: StepId};
}

async function remedyDocument(remedy: Remedy): Promise<object> {
	const {id, label, consequence, answer, undo, questions} = remedy;
	const actions = (await actionsOf(remedy)) ?? [];
	const instruction = instructionOf(actions);
	return {
		id,
		label,
		...(consequence === undefined ? {} : {consequence}),
		...(answer === undefined ? {} : {answer}),
		...(undo === undefined ? {} : {undo}),
		...(instruction === undefined ? {} : {instruction}),
		questions: questions.map(question => ({id: question.id, flag: question.flag, label: question.label})),
		commands: plannedCommands(actions, {whole: true})
	};
}
