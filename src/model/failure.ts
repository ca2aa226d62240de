/** `error` stopped something, `warning` may matter, `note` is harmless and said to be so. */
export type Severity = 'error' | 'warning' | 'note';

/** A cure as the user reads it: a sentence that starts with a verb and, where one helps, the exact command. */
export type Cure = {readonly label: string; readonly command?: string};

/**
 * The place in a source file that a message of rustc points at. `file` as rustc wrote it, often relative to the folder it ran in;
 * `excerpt`: the code as rustc shows it, four lines at most. Untrusted.
 */
export type SourcePlace = {readonly file: string; readonly line: number; readonly excerpt: readonly string[]};

/** A known failure found in a log. */
export type Failure = {
	readonly id: string;
	readonly stage: string;
	readonly severity: Severity;
	/** 1-based line of the log where it shows. */
	readonly line: number;
	/** That line. Untrusted: made safe before a terminal sees it. */
	readonly text: string;
	readonly source?: SourcePlace;
	/** One sentence: what happened and why. */
	readonly cause: string;
	readonly remedies: readonly Cure[];
};

/** What is known of a failure without a log that it was found in, told by the log that its row shows. */
export type FailurePage = Pick<Failure, 'id' | 'stage' | 'severity' | 'cause' | 'remedies'> & {
	/** Lines as a log has them. */
	readonly sample: string;
	/** Where the message is known from. */
	readonly source: string;
};
