import type {PreviewedCommand} from '../../components/CommandPreview.tsx';
import type {SelectItem} from '../../components/Select.tsx';
import type {Action, Remedy} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {plannedCommands} from '../plain/plan-text.ts';

export const later = 'later';
export const again = 'again';

/** What can be chosen: the remedies, and the ways around them. */
export function choicesFor({verdict}: Judged): readonly SelectItem[] {
	if (verdict.status === 'done') return [{id: again, label: 'Go on'}];
	return [
		...verdict.remedies.map(({id, label}) => ({id, label})),
		{id: again, label: 'Look again'},
		{id: later, label: 'Leave it for later'}
	];
}

/** The commands of a plan as they stand under the choice. */
export function previewOf(actions: readonly Action[], asRoot: boolean): readonly PreviewedCommand[] {
	return plannedCommands(actions, {asRoot}).map(({text, as, why, byYou}) => ({text, root: as === 'root', why, byYou}));
}

/** What a choice costs, and what it asks for before anything is run. */
export function consequenceOf({consequence, questions}: Remedy): string | undefined {
	const asked = questions.map(({label}) => label.slice(0, 1).toLowerCase() + label.slice(1));
	const asks = asked.length === 0 ? undefined : `It asks for: ${asked.join(', ')}.`;
	return consequence === undefined || asks === undefined ? (consequence ?? asks) : `${consequence} ${asks}`;
}

/** What is asked at a step; of one that is done, why it is. */
export const questionOf = ({question, verdict}: Judged): string =>
	verdict.status === 'done' ? `${question} Yes: ${verdict.summary}.` : verdict.question;
