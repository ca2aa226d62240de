import {isDeepStrictEqual} from 'node:util';
import type {Memory} from '../model/memory.ts';
import type {LoadEvidence, Memo} from '../model/step.ts';
import type {Recalled} from './read.ts';

const keptModules = 50;
const keptLoads = 100;
const keptRecipes = 20;

/** Adds one memo. Same module or same load again replaces the older entry and comes first. */
export function withMemo(memory: Memory, memo: Memo): Memory {
	switch (memo.kind) {
		case 'rustc':
			return {...memory, rustc: memo.path};
		case 'module': {
			const others = memory.modules.filter(one => one.folder !== memo.folder);
			return {...memory, modules: [{folder: memo.folder, name: memo.name}, ...others].slice(0, keptModules)};
		}
		case 'load':
			return {...memory, loads: withLoad(memory.loads, memo.evidence)};
		case 'trial':
			return {...memory, trials: withLoad(memory.trials ?? [], memo.evidence)};
		case 'green':
			return {...memory, green: memo.green};
		case 'review': {
			const others = (memory.reviews ?? []).filter(one => one.recipe !== memo.review.recipe);
			return {...memory, reviews: [memo.review, ...others].slice(0, keptRecipes)};
		}
		case 'package-build': {
			const others = (memory.packageBuilds ?? []).filter(one => one.recipe !== memo.statistics.recipe);
			return {...memory, packageBuilds: [memo.statistics, ...others].slice(0, keptRecipes)};
		}
		case 'packages': {
			const {packages: _before, ...rest} = memory;
			return memo.packages === undefined ? rest : {...rest, packages: memo.packages};
		}
		case 'expected-boot': {
			const {expectedBoot: _before, ...rest} = memory;
			return memo.boot === undefined ? rest : {...rest, expectedBoot: memo.boot};
		}
	}
}

const withLoad = (before: readonly LoadEvidence[], load: LoadEvidence): readonly LoadEvidence[] =>
	[load, ...before.filter(one => one.hash !== load.hash || one.release !== load.release)].slice(0, keptLoads);

/**
 * Whether these memos would change what memory holds, or who may read it. The same module built again is no news, and asking first
 * spares the loading of what writes.
 */
export const isNews = (recalled: Recalled, memos: readonly Memo[]): boolean =>
	recalled.status !== 'ok' || !recalled.isPrivate || !isSame(memos.reduce(withMemo, recalled.memory), recalled.memory);

/** Mostly they are the same to the letter, and node's comparison need not be loaded. */
const isSame = (one: Memory, other: Memory): boolean =>
	JSON.stringify(one) === JSON.stringify(other) || isDeepStrictEqual(one, other);
