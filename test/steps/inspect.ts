import {emptyMemory} from '../../src/model/memory.ts';
import type {Evidence, Remedy, Step, Verdict} from '../../src/model/step.ts';
import {actionsOf, instructionOf, plannedCommands} from '../../src/plain/plan-text.ts';
import type {View} from '../../src/survey/view.ts';
import {createView} from '../../src/survey/view.ts';
import {type Scene, viewOf} from '../support/scenes.ts';
import {makeSystem, type SystemDescription, withProbesRunBelowRoot} from '../support/sysroot.ts';

/** A verdict with all its optional parts, so that a test can ask for any. */
export type Said = {
	readonly status: Verdict['status'];
	readonly reason: string | undefined;
	readonly summary: string;
	readonly question: string;
	readonly evidence: readonly Evidence[];
	readonly remedies: readonly Remedy[];
};

/** What one step alone says of a system, whatever the steps before it say. */
export async function inspectStep(
	step: Step<View>,
	system: SystemDescription,
	scene: Partial<Pick<Scene, 'reader' | 'named' | 'memory'>> & {readonly probes?: true} = {}
): Promise<Said> {
	const made = makeSystem(system);
	if (!scene.probes) return saidBy(await step.inspect(viewOf(made, scene)));
	const reader = withProbesRunBelowRoot(made.reader(scene.reader));
	return saidBy(
		await step.inspect(
			createView({builder: reader, target: reader, named: scene.named ?? {}, memory: scene.memory ?? emptyMemory})
		)
	);
}

export function saidBy(verdict: Verdict): Said {
	if (verdict.status === 'done') return {...verdict, reason: undefined, question: '', remedies: []};
	return verdict;
}

/** A remedy's commands as the user reads them. */
export async function commandsOf(said: Said, id?: string): Promise<readonly string[]> {
	const actions = await actionsFor(said, id);
	return plannedCommands(actions).map(command => command.text);
}

export const instructionFor = async (said: Said, id?: string): Promise<string | undefined> =>
	instructionOf(await actionsFor(said, id));

async function actionsFor(
	said: Said,
	id: string | undefined
): Promise<NonNullable<Awaited<ReturnType<typeof actionsOf>>>> {
	const remedy = id === undefined ? said.remedies[0] : said.remedies.find(one => one.id === id);
	if (remedy === undefined)
		throw new Error(`no remedy ${id ?? ''} among ${said.remedies.map(one => one.id).join(', ')}`);
	return (await actionsOf(remedy)) ?? [];
}
