import type {ExpectedBoot, PackageInstall} from './boot.ts';
import type {Green} from './facts.ts';
import type {BuildStatistics, ReviewedRecipe} from './recipe.ts';
import type {LoadEvidence} from './step.ts';

/** What is remembered between runs: choices, and evidence keyed by what it was taken from. Never "step X is done". */
export type Memory = {
	/** The compiler chosen by the user, an absolute path. */
	readonly rustc?: string;
	/** Module folders worked on, the latest first. */
	readonly modules: readonly {readonly folder: string; readonly name: string}[];
	readonly loads: readonly LoadEvidence[];
	/** What was loaded into the practice VM, where that ran a kernel that is installed here. It says nothing of this machine. */
	readonly trials?: readonly LoadEvidence[];
	/** What was true when kernel, compiler and headers last fitted each other. */
	readonly green?: Green;
	/** The recipes agreed to, each as it was reviewed last. */
	readonly reviews?: readonly ReviewedRecipe[];
	/** The last complete build of each recipe. */
	readonly packageBuilds?: readonly BuildStatistics[];
	/** Packages that are built and not installed yet. */
	readonly packages?: PackageInstall;
	/** The reboot that was set out for last and has not been seen to have taken place. */
	readonly expectedBoot?: ExpectedBoot;
};

export const emptyMemory: Memory = {modules: [], loads: []};
