import type {StepId} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {safeLine} from '../text/safe-text.ts';
import {isWaiting} from '../walk/inspect.ts';
import {nextToMend} from '../walk/mend.ts';
import {sayChecklist} from './check.ts';
import type {Options} from './options.ts';
import {complain} from './output.ts';
import {announce, concludePlainly, performPlainly} from './perform.ts';
import {refuse} from './refuse.ts';
import {openSession} from './session.ts';

/**
 * `check --mend`: performs what brings back what was so before and needs no decision, step by step in the walk's order; then
 * says what is true now, and which steps are left to the user.
 */
export async function mend(options: Options): Promise<number> {
	const session = await openSession(options);
	const {user, environment} = session.reader;
	if (user.uid === 0 && environment['SUDO_USER'] !== undefined) {
		return refuse(
			'check',
			options,
			'This runs as root through sudo, and what is built in your folders should belong to you.',
			'Run it again without sudo.'
		);
	}
	const asked = ({id}: Judged): boolean => options.words.length === 0 || options.words.includes(id);
	const tried = new Set<StepId>();
	for (;;) {
		const judged = (await session.inspect()).filter(asked);
		const next = nextToMend(judged, tried);
		if (next === undefined) break;
		const {step, remedy} = next;
		tried.add(step.id);
		const plan = await remedy.plan({});
		if (!plan.ok) continue;
		if (!options.quiet && !options.json) await complain(`${step.id}: ${remedy.label}\n`);
		await announce(session, plan.actions, {...options, dryRun: false});
		const outcome = await performPlainly(session, plan.actions, options);
		if (outcome.kind !== 'ok') return concludePlainly('check', outcome, options);
	}
	// a session prefers the module it built last to all others
	const {judged, code} = await sayAnew(options);
	if (!options.json) for (const one of judged.filter(asked)) await nameWhatIsLeft(one);
	return code;
}

async function sayAnew(options: Options): Promise<{readonly judged: readonly Judged[]; readonly code: number}> {
	const session = await openSession(options);
	const code = await sayChecklist(session, options);
	return {judged: session.judged, code};
}

async function nameWhatIsLeft(step: Judged): Promise<void> {
	const {verdict} = step;
	if (verdict.status === 'done' || isWaiting(step)) return;
	const [remedy] = verdict.remedies;
	if (remedy === undefined || remedy.mends) return;
	await complain(`${step.id} needs you: ${safeLine(remedy.label)}\n`);
}
