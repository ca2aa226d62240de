import type {Action} from '../model/step.ts';
import type {Outcome} from '../model/walk.ts';
import {renderCommand} from '../text/quote.ts';
import {performInstallPackages} from './install-packages.ts';
import {performInstallToolchain} from './install-toolchain.ts';
import {performLoad, performUnload} from './load.ts';
import {performReboot} from './reboot.ts';
import type {Consents} from './recipe-consent.ts';
import {performRun} from './run.ts';
import type {Stage} from './stage.ts';

/**
 * Performs a plan's actions in order; the first that does not go well ends it, and only what cleans up is run after it. What only
 * the user can do is not performed.
 */
export async function performAll(actions: readonly Action[], stage: Stage): Promise<Outcome> {
	const consents: Consents = new Map();
	for (const [index, action] of actions.entries()) {
		const outcome: Outcome = stage.signal.aborted ? {kind: 'cancelled'} : await perform(action, stage, consents);
		if (outcome.kind !== 'ok') {
			await cleanUp(actions.slice(index), stage);
			return outcome;
		}
	}
	return stage.signal.aborted ? {kind: 'cancelled'} : {kind: 'ok'};
}

/** Not stopped by the Ctrl-C that made it necessary. What it says itself is not the news. */
async function cleanUp(rest: readonly Action[], stage: Stage): Promise<void> {
	for (const action of rest) {
		if (action.kind === 'run' && action.always)
			await performRun(action, {...stage, signal: new AbortController().signal, emit: () => {}});
	}
}

async function perform(action: Action, stage: Stage, consents: Consents): Promise<Outcome> {
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
		case 'practise':
			return stage.practise === undefined
				? {
						kind: 'refused',
						why: 'practice mode is a walk of its own, and starts on its own here',
						command: renderCommand(action.command)
					}
				: stage.practise(action, stage);
		case 'install-packages':
			return performInstallPackages(action.install, stage);
		case 'reboot':
			return performReboot(action, stage);
		case 'fetch-recipe':
		case 'review-recipe':
		case 'install-build-dependencies':
		case 'build-packages':
			return (await import('./recipe-actions.ts')).performRecipeAction(action, stage, consents);
		case 'by-you':
			return {kind: 'ok'};
	}
}
