import type {Action, Answers, Remedy} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {checkDocument} from '../plain/check-document.ts';
import {linearText} from '../plain/checklist.ts';
import {exitCode, nextStep} from '../walk/inspect.ts';
import type {Options} from './options.ts';
import {complain, say, sayJson, usesAscii} from './output.ts';
import {announce, concludePlainly, performPlainly} from './perform.ts';
import {openSession, type Session} from './session.ts';
import {UsageError} from './usage-error.ts';

/** Each step is tried once: one that is not done after its remedy ran would be tried for ever. */
export async function unattended(options: Options, opened?: Session): Promise<number> {
	const session = opened ?? (await openSession(options));
	if (options.script !== undefined) return (await import('./plan.ts')).writeScript(session, options.script, options);
	const tried = new Set<string>();
	for (;;) {
		const judged = await session.inspect();
		const next = nextStep(judged);
		if (next === undefined || next.verdict.status === 'done' || options.dryRun)
			return conclude(session, judged, options);
		const planned = await plan(next, options);
		// a menu is looked into before an entry is added, and an entry added before it is chosen: one thing after the other
		const key = next.id === 'boot' ? `boot ${planned?.remedy.id}` : next.id;
		if (planned === undefined || tried.has(key)) return conclude(session, judged, options);
		tried.add(key);
		await announce(session, planned.actions, options);
		const outcome = await performPlainly(session, planned.actions, options);
		if (outcome.kind !== 'ok') return concludePlainly('wizard', outcome, options);
	}
}

/** What only a person may begin: nobody is asked here. */
const forPersons: readonly Action['kind'][] = ['by-you', 'practise', 'reboot'];

/** What a step's default remedy would do, with the flags as answers; undefined where only the user can go on. */
async function plan(
	step: Judged,
	options: Options
): Promise<{readonly remedy: Remedy; readonly actions: readonly Action[]} | undefined> {
	// what starts next is changed for those who say so
	if (step.id === 'boot' && (options.boot === undefined || options.boot === 'later')) return undefined;
	const planned = await plannedActions(step, options);
	return planned?.actions.some(action => forPersons.includes(action.kind)) ? undefined : planned;
}

/** The remedy of the step `boot` that the flag asks for, or the one that has to come before it. */
function bootRemedy(remedies: readonly Remedy[], wanted: string): Remedy | undefined {
	const ids = [`boot-${wanted}`, 'look-at-menu', 'add-entry', 'reboot'];
	return ids.flatMap(id => remedies.find(one => one.id === id) ?? [])[0];
}

/** The same with what is for the user to do. Throws UsageError where the flags' answers will not do. */
export async function plannedActions(
	step: Judged,
	options: Options
): Promise<{readonly remedy: Remedy; readonly actions: readonly Action[]} | undefined> {
	if (step.verdict.status === 'done') return undefined;
	const {remedies} = step.verdict;
	const chosen = step.id === 'module' ? options.template : step.id === 'kernel' ? options.kernel : undefined;
	const remedy =
		step.id === 'boot' && options.boot !== undefined
			? bootRemedy(remedies, options.boot)
			: chosen === undefined
				? remedies[0]
				: remedies.find(one => one.id === chosen);
	if (remedy === undefined && step.id === 'kernel' && remedies.length > 0)
		throw new UsageError(
			'unknown-way',
			`There is no way "${options.kernel}" to a Rust kernel here.`,
			`Ways: ${remedies.map(one => one.id).join(', ')}.`
		);
	if (remedy === undefined && step.id === 'module' && remedies.length > 0) {
		throw new UsageError(
			'unknown-template',
			`There is no template "${options.template}".`,
			`Templates: ${remedies
				.map(one => one.id)
				.filter(id => id !== 'existing')
				.join(', ')}.`
		);
	}
	if (remedy === undefined) return undefined;
	const result = await remedy.plan(answersFor(remedy, options));
	if (!result.ok)
		throw new UsageError(
			'answer-refused',
			`${result.why}.`,
			`linux-rust-setup wizard --help lists the flags that answer the step ${step.id}.`
		);
	return {remedy, actions: result.actions};
}

function answersFor(remedy: Remedy, options: Options): Answers {
	const given: Answers = {
		...(options.name === undefined ? {} : {name: options.name}),
		...(options.folder === undefined ? {} : {folder: options.folder}),
		...(options.author === undefined ? {} : {author: options.author}),
		...(options.recipe === undefined ? {} : {recipe: options.recipe})
	};
	const asked = remedy.questions.map(question => {
		const value = given[question.id] ?? question.initial ?? '';
		const problem = question.validate(value);
		if (problem !== undefined)
			throw new UsageError(`${question.id}-refused`, problem, `Give another one with ${question.flag}.`);
		return [question.id, value] as const;
	});
	return {...given, ...Object.fromEntries(asked)};
}

async function conclude(session: Session, judged: readonly Judged[], options: Options): Promise<number> {
	if (options.json) await sayJson(await checkDocument(judged, session.notices));
	else if (!options.quiet) await say(await linearText(judged, {ascii: usesAscii(options.ascii)}));
	if (options.dryRun && !options.json && !options.quiet) await (await import('./plan.ts')).sayPlan(session, options);
	const notice = options.dryRun ? undefined : await session.noteGreen();
	if (notice !== undefined) await complain(`${notice}\n`);
	return exitCode(judged);
}
