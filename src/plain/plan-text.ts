import type {Command} from '../model/command.ts';
import type {Action, LoadAction, Remedy} from '../model/step.ts';
import {installWhy, renderInstall} from '../text/install.ts';
import {renderCommand} from '../text/quote.ts';
import {safeLine} from '../text/safe-text.ts';

/** One command of a plan, rendered, with its reason and its privilege. */
export type PlannedCommand = {
	readonly text: string;
	readonly as: 'user' | 'root';
	readonly why: string;
	readonly byYou: boolean;
};

/**
 * The commands of a plan in their order. Writing files and remembering are no commands. Scripts of several lines are left out of
 * them for a reader; `whole`: they are spelt out.
 */
export function plannedCommands(
	actions: readonly Action[],
	options: {readonly asRoot?: boolean; readonly whole?: boolean} = {}
): readonly PlannedCommand[] {
	const {asRoot = false, whole = false} = options;
	return actions.flatMap(action =>
		action.kind === 'install-packages'
			? [{text: renderInstall(action, options), as: 'root', why: installWhy, byYou: false}]
			: commandsOf(action).map(command => ({
					text: renderCommand(command, {asRoot, ...(whole ? {} : {lines: 'left-out'})}),
					as: command.as,
					why: command.why,
					byYou: action.kind === 'by-you'
				}))
	);
}

function commandsOf(action: Exclude<Action, {kind: 'install-packages'}>): readonly Command[] {
	switch (action.kind) {
		case 'run':
			return [action.command];
		case 'install-toolchain':
			return [action.install.command];
		case 'load':
			return [
				action.load.insmod,
				...(action.load.afterwards === 'unload' ? [action.load.rmmod] : []),
				...listenCommand(action.load)
			];
		case 'unload':
			return [action.load.rmmod, ...listenCommand(action.load)];
		case 'practise':
		case 'reboot':
			return [action.command];
		case 'by-you':
			return action.commands;
		case 'fetch-recipe':
			return action.command === undefined ? [] : [action.command];
		case 'review-recipe':
		case 'install-build-dependencies':
		case 'build-packages':
			return [action.command];
		case 'write':
		case 'remember':
			return [];
	}
}

const listenCommand = ({listen}: LoadAction): readonly Command[] => (listen === undefined ? [] : [listen]);

/** The actions of a remedy that asks nothing; undefined where it must ask first or cannot be planned. */
export async function actionsOf(remedy: Remedy): Promise<readonly Action[] | undefined> {
	if (remedy.questions.length > 0) return undefined;
	const plan = await remedy.plan({});
	return plan.ok ? plan.actions : undefined;
}

/** The sentence that belongs to what only the user can do. */
export const instructionOf = (actions: readonly Action[]): string | undefined =>
	actions.flatMap(action => (action.kind === 'by-you' && action.text !== undefined ? [safeLine(action.text)] : []))[0];
