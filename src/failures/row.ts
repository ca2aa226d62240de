import type {Cure, Severity} from '../model/failure.ts';

/**
 * One known failure as assets/failures/<stage>.json carries it. Groups of the regexes number on from `patterns` over
 * `needs` to `context`; `cause` and `remedies` name them as `$2`, or `${2:these words if it was not found}`.
 */
export type FailureRow = {
	readonly id: string;
	readonly stage: string;
	readonly severity: Severity;
	/** Regex sources, each for one line, without `|` outside a group, all with the same number of groups. */
	readonly patterns: readonly string[];
	/** Regex sources that must all be found in the rest of the message, the lines up to the next empty one. */
	readonly needs?: readonly string[];
	/** As `needs`, but the row applies without them too. */
	readonly context?: readonly string[];
	/** It says that something failed, not what: listed after the errors that do. */
	readonly givesWay?: boolean;
	/** What the same run of rustc reports after it only follows from it. */
	readonly cascades?: boolean;
	/** One sentence: what happened and why. */
	readonly cause: string;
	/** Left out where they name a group that was not found. */
	readonly remedies: readonly Cure[];
	/** Where the message is known from. */
	readonly source: string;
	/** A text of which this row, and no earlier one, takes the first line. */
	readonly sample: string;
};

/** A well-known line of the kernel log, as assets/failures/kernel-lines.json carries it. */
export type KernelLineRow = {
	readonly patterns: readonly string[];
	readonly harmless: boolean;
	/** One sentence, with groups as in {@link FailureRow}. */
	readonly note: string;
	readonly sample: string;
};
