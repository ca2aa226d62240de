import data from '../../assets/review/flags.json' with {type: 'json'};

/** `red`: not to be built before it is understood. `amber`: worth a look, and found in honest recipes too. */
export type FlagSeverity = 'red' | 'amber';

/** Something in a recipe that its reader should see before it runs. */
export type Flag = {
	readonly id: string;
	readonly severity: FlagSeverity;
	/** As the file was given. */
	readonly file: string;
	/** 1-based. */
	readonly line: number;
	/** That line, or its beginning. Untrusted: made safe before a terminal sees it. */
	readonly text: string;
	/** What it means, in one or two sentences. */
	readonly why: string;
};

/** A kind of flag, and what raises it. Patterns are regular expressions with the flag `u`. */
export type FlagRule = {
	readonly id: string;
	readonly severity: FlagSeverity;
	readonly why: string;
	/** Lines of a recipe that raise it. */
	readonly samples: readonly string[];
} & (
	| {
			/** One of these programs is run, however its name is spelled… */
			readonly look: 'command';
			readonly programs: readonly string[];
			/** …with arguments, one blank between them, that match this, where it is there… */
			readonly arguments?: string;
			/** …and this as well… */
			readonly also?: string;
			/** …and not this. */
			readonly unless?: string;
	  }
	/** The pattern is in a word, as the shell sees it. */
	| {readonly look: 'text'; readonly pattern: string}
	/** One of these variables is set. */
	| {readonly look: 'assignment'; readonly names: readonly string[]}
	/** Found by this room’s own code. */
	| {readonly look: 'code'}
);

/** Every kind of flag. The shape of the data is checked by test/review/flags.test.ts, which is what the assertion rests on. */
export const flagRules = data as readonly FlagRule[];

const rulesById = new Map(flagRules.map(rule => [rule.id, rule]));

/** How much of a line a flag carries. */
const shownText = 500;

/** Gathers the flags of one file: each kind once a line. */
export function createFlags(
	file: string,
	text: string
): {raise(id: string, line: number): void; all(): readonly Flag[]} {
	const lines = text.split('\n');
	const flags = new Map<string, Flag>();
	return {
		raise(id, line) {
			const rule = rulesById.get(id);
			const at = Math.min(Math.max(line, 1), lines.length);
			const key = `${at} ${id}`;
			if (rule === undefined || flags.has(key)) return;
			const shown = (lines[at - 1] ?? '')
				.slice(0, shownText * 4)
				.trim()
				.slice(0, shownText);
			flags.set(key, {id, severity: rule.severity, file, line: at, text: shown, why: rule.why});
		},
		all: () => [...flags.values()]
	};
}
