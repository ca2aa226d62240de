import type {StepId} from './step.ts';

/** What was true of the machine when it was last green, in the terms in which an update changes it. */
export type Facts = {
	/** The kernel that modules are for. */
	readonly kernel: {readonly release: string; readonly package?: string};
	/** The whole version text of the rustc that built it. */
	readonly wanted: string;
	/** The compiler chosen for it, by its absolute path and its whole version text. */
	readonly rustc: {readonly path: string; readonly text: string};
	readonly kdir: string;
	/** The release that KDIR is for, as its own files say. */
	readonly headers: string;
	/** Remembered modules that are built, with the release each was built for. */
	readonly modules: readonly {readonly folder: string; readonly name: string; readonly release: string}[];
};

/** `at`: when it was last seen so, ISO 8601. */
export type Green = Facts & {readonly at: string};

/** One fact that is not what it was. */
export type Change = {
	/** `kernel`, `KDIR`, `rustc`, `module hello`. */
	readonly fact: string;
	readonly before: string;
	/** Undefined: it is not there any more. */
	readonly after: string | undefined;
	/** For the reader, beside the new value: `not running yet`. */
	readonly note?: string;
	/** The steps that are not done any more and depend on it, in the order in which they are mended. */
	readonly stale: readonly StepId[];
};

export type Since = {readonly at: string; readonly changes: readonly Change[]};
