import type {ChecklistItem} from '../../components/checklist-rows.ts';
import type {Mark} from '../../components/marks.ts';
import type {StepId, Verdict} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';

const markOf: Readonly<Record<Verdict['status'], Mark>> = {
	done: 'done',
	todo: 'todo',
	stale: 'stale',
	blocked: 'blocked',
	unknown: 'unknown'
};

/** The checklist's rows: steps that wait have no words of their own, the current one is marked as now. */
export function checklistItems(judged: readonly Judged[], current: StepId | undefined): readonly ChecklistItem[] {
	return judged.map(({id, verdict}) => {
		const waits = verdict.status === 'blocked' && verdict.reason.endsWith('.waits');
		if (id === current) return {id, mark: 'now', text: verdict.summary};
		return {id, mark: waits ? 'todo' : markOf[verdict.status], text: waits ? '' : verdict.summary};
	});
}

/** Done steps folded into one row, for terminals where each would cost a row that the decision needs. */
export function foldDone(items: readonly ChecklistItem[]): readonly ChecklistItem[] {
	const first = items.findIndex(item => item.mark !== 'done');
	const done = items.slice(0, first < 0 ? items.length : first);
	const [head, ...others] = done;
	if (head === undefined || others.length === 0) return items;
	return [{id: head.id, mark: 'done', text: others.map(item => item.id).join(' · ')}, ...items.slice(done.length)];
}

/** Rows that each part of a decision would take. `commands` are the commands alone, `preview` the same with their reasons. */
export type DecisionWants = {
	readonly folded: number;
	readonly full: number;
	readonly question: number;
	readonly evidence: number;
	readonly choices: number;
	readonly commands: number;
	readonly preview: number;
	readonly consequence: number;
};

/** Rows that each part gets. `walk`: 1 is the compact row. `gaps`: empty rows, the first of them before the choices. */
export type DecisionLayout = {
	readonly walk: number;
	readonly question: number;
	readonly evidence: number;
	readonly choices: number;
	readonly preview: number;
	readonly consequence: number;
	readonly gaps: number;
};

/**
 * Shares out the rows of a terminal, first come, first served: keys, question, choices and the command that Enter would run
 * before anything that explains them, and that before what only pleases.
 */
export function decisionLayout(rows: number, wants: DecisionWants): DecisionLayout {
	const got = {keys: 0, walk: 0, question: 0, evidence: 0, choices: 0, preview: 0, consequence: 0, gaps: 0};
	let left = rows - 1;
	const give = (part: keyof typeof got, upTo: number): void => {
		const more = Math.max(0, Math.min(upTo - got[part], left));
		got[part] += more;
		left -= more;
	};
	/** What is of no use in part. */
	const giveWhole = (part: keyof typeof got, upTo: number): void => {
		if (upTo - got[part] <= left) give(part, upTo);
	};
	give('keys', 1);
	give('question', 1);
	give('choices', 1);
	give('preview', Math.min(wants.commands, 2));
	give('question', Math.min(wants.question, 2));
	give('choices', Math.min(wants.choices, 3));
	give('walk', 1);
	give('question', Math.min(wants.question, 4));
	give('choices', Math.min(wants.choices, 5));
	give('preview', Math.min(wants.commands, 4));
	// what it costs, and which version it is, is of more use than the fifth line of commands
	giveWhole('consequence', wants.consequence);
	give('preview', Math.min(wants.commands, 6));
	give('evidence', Math.min(wants.evidence, 2));
	give('gaps', 1);
	giveWhole('preview', wants.preview);
	give('question', wants.question);
	give('choices', wants.choices);
	give('evidence', Math.min(wants.evidence, 6));
	giveWhole('walk', wants.folded);
	give('gaps', 4);
	giveWhole('walk', wants.full);
	give('evidence', wants.evidence);
	return got;
}
