import type {Command} from './command.ts';
import type {Cure, Failure} from './failure.ts';
import type {Exit} from './machine.ts';
import type {StepId, Verdict} from './step.ts';

/** A step with what it found out. */
export type Judged = {readonly id: StepId; readonly question: string; readonly verdict: Verdict};

/** A line of the kernel log, read and made safe: what a screen, a plain log and JSON all show. */
export type KernelLine = {
	/** Seconds since the module was loaded; before that, negative. */
	readonly seconds: number;
	/** Safe text without the module's own prefix. */
	readonly text: string;
	/** Written by the module itself, by its prefix. */
	readonly own: boolean;
	/** What a well-known line means. */
	readonly note?: {readonly text: string; readonly harmless: boolean};
};

/** What happens while an action is performed; a screen, a plain log and JSON lines are renderings of these. */
export type ActionEvent =
	| {readonly kind: 'phase'; readonly text: string}
	| {readonly kind: 'output'; readonly text: string}
	/** How far it is; `done` of `total` where both are known, in any unit. */
	| {readonly kind: 'progress'; readonly text: string; readonly done?: number; readonly total?: number}
	| {readonly kind: 'log'; readonly file: string}
	| {readonly kind: 'wrote'; readonly file: string}
	| {readonly kind: 'kernel'; readonly line: KernelLine}
	| {readonly kind: 'source'; readonly text: string}
	| {readonly kind: 'loaded'; readonly name: string}
	| {readonly kind: 'unloaded'; readonly name: string}
	| {readonly kind: 'notice'; readonly text: string};

/** A run that went wrong, as the user needs it: the cause first, where the whole story is, and how it ended. */
export type Trouble = {
	readonly title: string;
	readonly exit?: Exit;
	/** The known failure to act on: an error, else a warning. */
	readonly cause?: Failure;
	/** All known failures, the one to act on first. */
	readonly failures: readonly Failure[];
	/** What happened, where that is known without any log, and what to do about it. */
	readonly known?: {readonly cause: string; readonly remedies: readonly Cure[]};
	/** The first line that looks like an error, where none of the known failures explains it. */
	readonly unexplained?: {readonly line: number; readonly text: string};
	readonly log?: string;
	/** The log's last lines, safe. */
	readonly tail: readonly string[];
	readonly lines: number;
};

export type Outcome =
	| {readonly kind: 'ok'}
	/** `note`: what became of what had been begun, where that is not plain. */
	| {readonly kind: 'cancelled'; readonly note?: string}
	/** The user was asked what it takes, and did not agree: nothing was run. */
	| {readonly kind: 'declined'}
	/** Nothing was run or written: a file stood in the way, root could not be had. */
	| {readonly kind: 'refused'; readonly why: string; readonly command?: string}
	| {readonly kind: 'failed'; readonly trouble: Trouble};

/** What the user agrees to before something large is made. */
export type Consent = {
	/** What it is, and why, in one or two sentences. */
	readonly text: string;
	/** What it costs, and where from. */
	readonly facts: readonly {readonly label: string; readonly value: string}[];
	/** What runs as root, with the reasons. */
	readonly commands: readonly Command[];
};
