import type {Action, Plan, Question, Remedy, StepId, Verdict} from '../../src/model/step.ts';
import type {Judged} from '../../src/model/walk.ts';

export const remember: Action = {kind: 'remember', memo: {kind: 'rustc', path: '/usr/bin/rustc'}};
export const write: Action = {kind: 'write', folder: '/home/me/hello', files: [{path: 'Kbuild', content: ''}]};
export const byYou: Action = {kind: 'by-you', commands: []};

export const nameQuestion: Question = {
	id: 'name',
	flag: '--name',
	label: 'Name',
	validate: value => (value === '' ? 'A module needs a name.' : undefined)
};
export const authorQuestion: Question = {id: 'author', flag: '--author', label: 'Author', validate: () => undefined};

export const remedy = (id: string, actions: readonly Action[], questions: readonly Question[] = []): Remedy => ({
	id,
	label: `Do ${id}`,
	questions,
	plan: (): Plan => ({ok: true, actions})
});

export const done: Verdict = {status: 'done', summary: 'is so', evidence: []};

export const open = (
	id: StepId,
	status: 'todo' | 'stale' | 'blocked' | 'unknown' = 'todo',
	remedies: readonly Remedy[] = [],
	word = 'missing'
): Verdict => ({
	status,
	reason: `${id}.${word}`,
	summary: `${id} is not so`,
	question: `Mend ${id}?`,
	evidence: [],
	remedies
});

export const judged = (id: StepId, verdict: Verdict): Judged => ({id, question: `Is ${id} so?`, verdict});
