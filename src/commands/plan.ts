import {messageOf} from '../machine/message.ts';
import {type PlannedStep, planLines, planScript} from '../plain/script.ts';
import {isWaiting} from '../walk/inspect.ts';
import type {Options} from './options.ts';
import {complain, exitCodes, say} from './output.ts';
import {refuse} from './refuse.ts';
import type {Session} from './session.ts';
import {plannedActions} from './unattended.ts';
import {isUsageError} from './usage-error.ts';
import {version} from './version.ts';

/** What the default remedy of every open step would do, those that wait for another one too, as far as that is known now. */
async function wholePlan(session: Session, options: Options): Promise<readonly PlannedStep[]> {
	const open = (await session.inspectEach()).filter(one => one.verdict.status !== 'done');
	return Promise.all(
		open.map(async (step): Promise<PlannedStep> => {
			const unknown = (why: string): PlannedStep => ({step, plan: {ok: false, why}});
			try {
				const planned = await plannedActions(step, options);
				if (planned !== undefined)
					return {step, label: planned.remedy.label, plan: {ok: true, actions: planned.actions}};
			} catch (error) {
				if (isUsageError(error)) return unknown(`${error.message} ${error.remedy}`);
				throw error;
			}
			return unknown(isWaiting(step) || open[0] !== step ? 'it depends on the steps before it' : step.verdict.summary);
		})
	);
}

/** `--dry-run`: the plan of the whole walk as lines. */
export async function sayPlan(session: Session, options: Options): Promise<void> {
	const lines = planLines(await wholePlan(session, options), {asRoot: session.reader.user.uid === 0});
	if (lines.length > 0) await say(`${lines.join('\n')}\n`);
}

/** `--script FILE`: the same as a shell script in a new file. Runs nothing, and writes over nothing. */
export async function writeScript(session: Session, file: string, options: Options): Promise<number> {
	const script = planScript(await wholePlan(session, options), {
		asRoot: session.reader.user.uid === 0,
		version,
		at: new Date().toISOString().slice(0, 10)
	});
	const problem = await writeFresh(file, script, 0o755);
	if (problem !== undefined) return refuse('wizard', options, problem, 'Name a file that does not exist yet.');
	if (!options.quiet) await complain(`wrote ${file}\n`);
	return exitCodes.done;
}

/** Gives the sentence that says why a new file could not be written. */
export async function writeFresh(file: string, content: string, mode: number): Promise<string | undefined> {
	const {writeFile} = await import('node:fs/promises');
	try {
		await writeFile(file, content, {flag: 'wx', mode});
		return undefined;
	} catch (error) {
		const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
		return exists
			? `${file} exists already, and is not written over.`
			: `${file} could not be written: ${messageOf(error)}.`;
	}
}
