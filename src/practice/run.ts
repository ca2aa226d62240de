import {performRun} from '../actions/run.ts';
import type {Stage} from '../actions/stage.ts';
import type {Command} from '../model/command.ts';
import type {Outcome} from '../model/walk.ts';

/** One command of practice mode, run as every other: its output passed on, its log kept, a failure explained, Ctrl-C obeyed. */
export async function perform(stage: Stage, title: string, command: Command): Promise<Outcome> {
	if (stage.signal.aborted) return {kind: 'cancelled'};
	const outcome = await performRun({kind: 'run', title, command, stage: 'other'}, stage);
	if (outcome.kind !== 'failed') return outcome;
	// what failed is the command in the root, not the program that enters it
	const {trouble} = outcome;
	return {
		kind: 'failed',
		trouble: {...trouble, title: trouble.title.replace(command.argv[0], title)}
	};
}

/** As `perform`, for what the command prints. */
export async function ask(
	stage: Stage,
	title: string,
	command: Command
): Promise<{readonly text: string} | {readonly outcome: Outcome}> {
	const pieces: string[] = [];
	const quiet: Stage = {
		...stage,
		emit(event) {
			if (event.kind === 'output') pieces.push(event.text);
			else stage.emit(event);
		}
	};
	const outcome = await perform(quiet, title, command);
	return outcome.kind === 'ok' ? {text: pieces.join('')} : {outcome};
}
