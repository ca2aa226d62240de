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

/** How the rows of a screen are shared out. */
export type Layout = {
	readonly checklist: 'full' | 'folded' | 'compact';
	readonly gaps: boolean;
	readonly evidence: number;
	readonly select: number;
	readonly preview: number;
};

/**
 * Shares out the rows of a decision: what can be given up goes first (evidence, gaps, the checklist's rows), what the decision
 * needs stays (question, choices, the command). All numbers are rows.
 */
export function decisionLayout(
	rows: number,
	wants: {
		readonly checklist: number;
		readonly folded: number;
		readonly question: number;
		readonly evidence: number;
		readonly choices: number;
		readonly preview: number;
	}
): Layout {
	const room = rows - 1;
	const hints = 1;
	for (const checklist of ['full', 'folded', 'compact'] as const) {
		const list = {full: wants.checklist, folded: wants.folded, compact: 1}[checklist];
		for (const gaps of [true, false]) {
			const spaces = gaps ? 4 : 0;
			const least = list + wants.question + wants.choices + wants.preview + hints + spaces;
			const left = room - least;
			const wanted = Math.min(wants.evidence, 3);
			if (left >= (checklist === 'full' ? wanted : 0))
				return {
					checklist,
					gaps,
					evidence: Math.max(0, Math.min(wants.evidence, left)),
					select: wants.choices,
					preview: wants.preview
				};
		}
	}
	const rest = Math.max(2, room - 1 - wants.question - hints);
	const preview = Math.min(wants.preview, Math.max(1, Math.floor(rest / 3)));
	return {checklist: 'compact', gaps: false, evidence: 0, select: Math.max(1, rest - preview), preview};
}
