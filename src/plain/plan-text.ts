import type {Command} from '../model/command.ts';
import type {Action, LoadAction, Remedy} from '../model/step.ts';
import {renderCommand} from '../text/quote.ts';
import {safeLine} from '../text/safe-text.ts';

/** One command of a plan, rendered, with its reason and its privilege. */
export type PlannedCommand = {
	readonly text: string;
	readonly as: 'user' | 'root';
	readonly why: string;
	readonly byYou: boolean;
};

/** The commands of a plan in their order. Writing files and remembering are no commands. */
export function plannedCommands(
	actions: readonly Action[],
	options: {readonly asRoot?: boolean} = {}
): readonly PlannedCommand[] {
	return actions.flatMap(action =>
		commandsOf(action).map(command => ({
			text: renderCommand(command, options),
			as: command.as,
			why: command.why,
			byYou: action.kind === 'by-you'
		}))
	);
}

function commandsOf(action: Action): readonly Command[] {
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
		case 'by-you':
			return action.commands;
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
