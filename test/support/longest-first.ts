import type {TestSequencerConstructor} from 'vitest/node';
import {BaseSequencer, type TestSpecification} from 'vitest/node';

/**
 * Starts the files that last longest first, in the order they are named here: started last, one of them alone would keep all
 * other processors waiting. Vitest itself learns this only from runs on the same machine.
 */
export function longestFirst(names: readonly string[]): TestSequencerConstructor {
	const rank = ({moduleId}: TestSpecification): number => {
		const index = names.findIndex(name => moduleId.endsWith(`/${name}`));
		return index === -1 ? names.length : index;
	};
	return class extends BaseSequencer {
		override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
			return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
		}
	};
}
