import type {Action} from '../model/step.ts';
import type {Outcome} from '../model/walk.ts';
import {performInstallToolchain} from './install-toolchain.ts';
import {performLoad, performUnload} from './load.ts';
import {performRun} from './run.ts';
import type {Stage} from './stage.ts';

/** Performs a plan's actions in order; the first that does not go well ends it. What only the user can do is not performed. */
export async function performAll(actions: readonly Action[], stage: Stage): Promise<Outcome> {
	for (const action of actions) {
		if (stage.signal.aborted) return {kind: 'cancelled'};
		const outcome = await perform(action, stage);
		if (outcome.kind !== 'ok') return outcome;
	}
	return stage.signal.aborted ? {kind: 'cancelled'} : {kind: 'ok'};
}

async function perform(action: Action, stage: Stage): Promise<Outcome> {
	switch (action.kind) {
		case 'run':
			return performRun(action, stage);
		case 'write': {
			const result = await stage.runner.writeNew(action.folder, action.files);
			if (!result.ok) return {kind: 'refused', why: `nothing was written: ${result.why}`};
			for (const file of result.written) stage.emit({kind: 'wrote', file});
			return {kind: 'ok'};
		}
		case 'remember': {
			const notice = await stage.remember([action.memo]);
			if (notice !== undefined) stage.emit({kind: 'notice', text: notice});
			return {kind: 'ok'};
		}
		case 'install-toolchain':
			return performInstallToolchain(action.install, stage);
		case 'load':
			return performLoad(action.load, stage);
		case 'unload':
			return performUnload(action.load, stage);
		case 'by-you':
			return {kind: 'ok'};
	}
}
