import type {Command} from '../model/command.ts';
import type {Reader, Runner} from '../model/machine.ts';
import type {Agreement, RecipeQuestion} from '../model/recipe.ts';
import type {Memo, Trial} from '../model/step.ts';
import type {ActionEvent, Outcome} from '../model/walk.ts';
import {renderCommand} from '../text/quote.ts';

/** What an action is performed with: the machine's running half, the user's screen, and the user's wish to stop. */
export type Stage = {
	readonly reader: Reader;
	readonly runner: Runner;
	/** Gives the real terminal to what runs inside and takes it back, the reason shown first; undefined where there is no terminal to give. */
	readonly handOver: (<T>(reason: string, use: () => Promise<T>) => Promise<T>) | undefined;
	readonly emit: (event: ActionEvent) => void;
	/** Aborted by Ctrl-C. */
	readonly signal: AbortSignal;
	/** Resolves when a loaded module has been watched long enough; undefined: as soon as it fell silent. */
	readonly watched: (() => Promise<'unload' | 'reload' | 'leave'>) | undefined;
	/** Leads the walk into the practice machine; undefined where nobody is there to walk. */
	readonly practise?: (trial: Trial, stage: Stage) => Promise<Outcome>;
	/** Asks whether a recipe may run, or a key be imported; undefined where nobody can be asked. */
	readonly ask?: (question: RecipeQuestion) => Promise<Agreement>;
	/** Gives a notice for the user where memory had to be repaired. */
	remember(memos: readonly Memo[]): Promise<string | undefined>;
};

/** A log for a program's output; where the user's state folder cannot take it, the user is told. */
export const newLog = (stage: Stage, name: string): Promise<string> =>
	stage.runner.newLog(name, why => stage.emit({kind: 'notice', text: why}));

const askForRoot: Command = {
	argv: ['sudo', '-v'],
	as: 'user',
	terminal: 'handed-over',
	interrupt: 'never',
	why: 'asks for your password once; sudo remembers it for a few minutes'
};

/**
 * Sees to it that a root command will not have to ask: the password is typed to sudo itself on the real terminal, never
 * through this program. Gives the reason where root cannot be had.
 */
export async function becomeRoot(
	stage: Stage,
	command: Command
): Promise<{readonly ok: true} | {readonly ok: false; readonly why: string; readonly command: string}> {
	if (await stage.runner.canBeRoot()) return {ok: true};
	const wanted = renderCommand(command);
	if (stage.handOver === undefined) {
		return {
			ok: false,
			why: 'root is needed, and sudo would have to ask for a password where nobody is asked',
			command: wanted
		};
	}
	const asked = await stage.handOver(
		`sudo asks for your password, once for a few minutes, to run:\n   ${renderCommand(command, {lines: 'left-out'})}\n   why: ${command.why}`,
		async () => (await stage.runner.run(askForRoot)).exit
	);
	if (await stage.runner.canBeRoot()) return {ok: true};
	return {ok: false, why: asked.kind === 'not-started' ? asked.why : 'sudo did not give root', command: wanted};
}
