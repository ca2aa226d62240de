import type {Green} from './facts.ts';
import type {LoadEvidence} from './step.ts';

/** What is remembered between runs: choices, and evidence keyed by what it was taken from. Never "step X is done". */
export type Memory = {
	/** The compiler chosen by the user, an absolute path. */
	readonly rustc?: string;
	/** Module folders worked on, the latest first. */
	readonly modules: readonly {readonly folder: string; readonly name: string}[];
	readonly loads: readonly LoadEvidence[];
	/** What was true when kernel, compiler and headers last fitted each other. */
	readonly green?: Green;
};

export const emptyMemory: Memory = {modules: [], loads: []};
