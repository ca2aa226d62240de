import type {Action} from '../model/step.ts';
import type {Outcome} from '../model/walk.ts';
import {performRun} from './run.ts';
import type {Stage} from './stage.ts';

/** Remembers what is to run afterwards, then starts the machine anew. Where that fails, nothing is awaited. */
export async function performReboot(
	{command, expected}: Extract<Action, {kind: 'reboot'}>,
	stage: Stage
): Promise<Outcome> {
	const remember = async (boot: typeof expected): Promise<void> => {
		const notice = await stage.remember([{kind: 'expected-boot', boot}]);
		if (notice !== undefined) stage.emit({kind: 'notice', text: notice});
	};
	if (expected !== undefined) await remember(expected);
	const outcome = await performRun({kind: 'run', title: 'starting the machine anew', command, stage: 'other'}, stage);
	if (outcome.kind !== 'ok' && expected !== undefined) await remember(undefined);
	return outcome;
}
