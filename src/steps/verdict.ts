import type {Command} from '../model/command.ts';
import type {Action, Evidence, OpenStatus, Reason, Remedy, Verdict} from '../model/step.ts';

export const done = (summary: string, evidence: readonly Evidence[]): Verdict => ({status: 'done', summary, evidence});

/** A verdict that leaves something open. */
export function open(
	status: OpenStatus,
	reason: Reason,
	parts: {
		readonly summary: string;
		readonly question: string;
		readonly evidence: readonly Evidence[];
		readonly remedies?: readonly Remedy[];
	}
): Verdict {
	return {
		status,
		reason,
		summary: parts.summary,
		question: parts.question,
		evidence: parts.evidence,
		remedies: parts.remedies ?? []
	};
}

/** A remedy whose plan is known at once and asks nothing. */
export function remedy(parts: Omit<Remedy, 'questions' | 'plan'> & {readonly actions: readonly Action[]}): Remedy {
	const {actions, ...rest} = parts;
	return {...rest, questions: [], plan: () => ({ok: true, actions})};
}

/** A remedy that only the user can carry out: its commands are shown, never run. */
export function byYou(
	parts: Omit<Remedy, 'questions' | 'plan'> & {readonly commands: readonly Command[]; readonly text?: string}
): Remedy {
	const {commands, text, ...rest} = parts;
	return remedy({...rest, actions: [{kind: 'by-you', commands, ...(text === undefined ? {} : {text})}]});
}

/** A command for the user's own terminal. */
export const shown = (argv: readonly [string, ...string[]], why: string, as: Command['as'] = 'user'): Command => ({
	argv,
	as,
	terminal: 'handed-over',
	interrupt: 'never',
	why
});
