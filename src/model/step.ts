import type {ExpectedBoot, PackageInstall} from './boot.ts';
import type {Command} from './command.ts';
import type {Green} from './facts.ts';
import type {BuildStatistics, PackageBuild, Recipe, ReviewedRecipe} from './recipe.ts';

export type StepId = 'machine' | 'kernel' | 'boot' | 'toolchain' | 'metadata' | 'module' | 'build' | 'load';

/** One thing that was looked at: what it is to the reader, what it said, and where. */
export type Evidence = {
	readonly label: string;
	readonly value: string;
	readonly source?: string;
	/** To be looked at before anything is run: red where there is colour, and said in the words everywhere. */
	readonly danger?: true;
};

/** A stable code such as `toolchain.vendor-differs`; each has a section in docs/reasons.md. */
export type Reason = `${StepId}.${string}`;

/** A text the user must give before a remedy can be planned. Each is also a flag, checked by the same validator. */
export type Question = {
	readonly id: string;
	readonly flag: string;
	readonly label: string;
	readonly initial?: string;
	/** The sentence that says what is wrong, or undefined where the value will do. */
	validate(value: string): string | undefined;
};

export type Answers = Readonly<Record<string, string>>;

export type NewFile = {readonly path: string; readonly content: string};

/** What is remembered when an action succeeds; keyed evidence, never a bare "done". */
export type Memo =
	| {readonly kind: 'rustc'; readonly path: string}
	| {readonly kind: 'module'; readonly folder: string; readonly name: string}
	| {readonly kind: 'load'; readonly evidence: LoadEvidence}
	/** The same of the practice VM, where it ran a kernel that is installed here. */
	| {readonly kind: 'trial'; readonly evidence: LoadEvidence}
	| {readonly kind: 'green'; readonly green: Green}
	| {readonly kind: 'review'; readonly review: ReviewedRecipe}
	| {readonly kind: 'package-build'; readonly statistics: BuildStatistics}
	/** Built and not installed yet; undefined: no longer so. */
	| {readonly kind: 'packages'; readonly packages: PackageInstall | undefined}
	/** A reboot that was set out for; undefined: it has taken place. */
	| {readonly kind: 'expected-boot'; readonly boot: ExpectedBoot | undefined};

/** That this very `.ko` was loaded on this release, was heard in the kernel log, and was unloaded again. */
export type LoadEvidence = {
	readonly name: string;
	readonly hash: string;
	readonly release: string;
	/** The module's own lines, safe text. */
	readonly spoke: readonly string[];
	/** ISO 8601. */
	readonly at: string;
};

/** One thing a remedy does. A plan is a list of these: shown first, performed afterwards. */
export type Action =
	| {
			readonly kind: 'run';
			readonly title: string;
			readonly command: Command;
			readonly stage: 'build' | 'other';
			/** It cleans up: run also where an action before it failed or was cancelled, and not stopped itself. */
			readonly always?: true;
	  }
	| {readonly kind: 'write'; readonly folder: string; readonly files: readonly NewFile[]}
	| {readonly kind: 'remember'; readonly memo: Memo}
	| {readonly kind: 'install-toolchain'; readonly install: ToolchainInstall}
	| {readonly kind: 'load' | 'unload'; readonly load: LoadAction}
	/** The walk goes on in the practice machine, which is made and started if need be. `command`: the same from a shell. */
	| ({readonly kind: 'practise'; readonly command: Command} & Trial)
	/** Brings a recipe into its folder, with the newest commit where it has any; nothing of it is run. */
	| {readonly kind: 'fetch-recipe'; readonly recipe: Recipe; readonly command: Command | undefined}
	/** Shows a recipe as text, and goes on only with the user's consent to this very text. */
	| {readonly kind: 'review-recipe'; readonly recipe: Recipe; readonly last?: ReviewedRecipe; readonly command: Command}
	/** Installs what the reviewed recipe's makedepends name and pacman does not have; `command` names what is known of it now. */
	| {readonly kind: 'install-build-dependencies'; readonly build: PackageBuild; readonly command: Command}
	/** Runs makepkg on the reviewed recipe, as the ordinary user. */
	| {readonly kind: 'build-packages'; readonly build: PackageBuild; readonly command: Command}
	/** Installs packages with pacman, and looks afterwards whether what the machine starts from is there. `files`: where they are built already. */
	| {readonly kind: 'install-packages'; readonly install: PackageInstall; readonly files?: readonly string[]}
	/** Starts the machine anew; `expected` is remembered before. */
	| {readonly kind: 'reboot'; readonly command: Command; readonly expected: ExpectedBoot | undefined}
	/** Something only the user can do (reboot, choose a boot entry): shown, never run. */
	| {readonly kind: 'by-you'; readonly commands: readonly Command[]; readonly text?: string};

/**
 * What is tried in the practice machine. `folder`: a module, in a copy; `installed`: the release of a kernel that is installed on this
 * machine, which the guest runs in place of the practice root's own.
 */
export type Trial = {readonly folder?: string | undefined; readonly installed?: string | undefined};

export type ToolchainInstall = {
	/** rustup's name for it: `1.97.1`, `nightly-2026-05-20`. */
	readonly toolchain: string;
	/** rustup's own folder, where its toolchains are. */
	readonly home: string;
	readonly command: Command;
	/** Takes back the half that an interrupted installation leaves. */
	readonly uninstall: Command;
};

export type LoadAction = {
	readonly name: string;
	readonly file: string;
	readonly hash: string;
	readonly release: string;
	/** How the kernel log is read, where that needs root. */
	readonly listen?: Command;
	/** `unload`: watched, then unloaded, which is the proof of the step `load`; `stay`: it stays loaded. */
	readonly afterwards: 'unload' | 'stay';
	readonly insmod: Command;
	readonly rmmod: Command;
};

export type Plan =
	| {readonly ok: true; readonly actions: readonly Action[]}
	| {readonly ok: false; readonly why: string};

export type Remedy = {
	readonly id: string;
	/** Starts with a verb. */
	readonly label: string;
	/** What it changes and costs, one sentence. */
	readonly consequence?: string;
	/** The flags that choose it without a question, for instance `--template hello`. */
	readonly answer?: string;
	readonly questions: readonly Question[];
	plan(answers: Answers): Plan | Promise<Plan>;
	/**
	 * What takes a while to find out (versions, the network) and is asked for only while the choice is shown: sentences, or nothing
	 * where nothing is known.
	 */
	findOut?(): Promise<string>;
	/** How to take it back. */
	readonly undo?: string;
	/** It brings back what was so before and needs no decision: `check --mend` performs it. */
	readonly mends?: true;
};

export type OpenStatus = 'todo' | 'stale' | 'blocked' | 'unknown';

/**
 * What a step found out about the machine now. `todo`: not so yet; `stale`: was so, its inputs changed; `blocked`: something
 * before it stands in the way; `unknown`: could not be found out.
 */
export type Verdict =
	| {readonly status: 'done'; readonly summary: string; readonly evidence: readonly Evidence[]}
	| {
			readonly status: OpenStatus;
			readonly reason: Reason;
			readonly summary: string;
			/** The decision put to the user, one or two sentences: cause, then question. */
			readonly question: string;
			readonly evidence: readonly Evidence[];
			/** The first is the default. */
			readonly remedies: readonly Remedy[];
	  };

/** One of the eight steps. `View` is what it looks at; the walk never looks inside. */
export type Step<View> = {
	readonly id: StepId;
	readonly question: string;
	/** Steps that must be done before this one can be. */
	readonly needs: readonly StepId[];
	inspect(view: View): Promise<Verdict>;
};
