import type {PreviewedCommand} from '../../components/CommandPreview.tsx';
import type {SelectItem} from '../../components/Select.tsx';
import type {Action, Remedy} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {plannedCommands} from '../plain/plan-text.ts';

export const later = 'later';
export const again = 'again';
export const leave = 'leave';

/** What can be chosen: the remedies, and the ways around them. `canLeave`: to the machine the walk was begun on. */
export function choicesFor({verdict}: Judged, canLeave = false): readonly SelectItem[] {
	const leaving = canLeave ? [{id: leave, label: 'Back to this machine'}] : [];
	if (verdict.status === 'done') return [{id: again, label: 'Go on'}, ...leaving];
	return [
		...verdict.remedies.map(({id, label}) => ({id, label})),
		{id: again, label: 'Look again'},
		{id: later, label: 'Leave it for later'},
		...leaving
	];
}

/** The commands of a plan as they stand under the choice. */
export function previewOf(actions: readonly Action[], asRoot: boolean): readonly PreviewedCommand[] {
	return plannedCommands(actions, {asRoot}).map(({text, as, why, byYou}) => ({text, root: as === 'root', why, byYou}));
}

/** What a choice costs, what was found out about it, and what it asks for before anything is run. */
export function consequenceOf({consequence, questions}: Remedy, found = ''): string | undefined {
	const asked = questions.map(({label}) => label.slice(0, 1).toLowerCase() + label.slice(1));
	const asks = asked.length === 0 ? undefined : `It asks for: ${asked.join(', ')}.`;
	const said = [found, consequence, asks].filter(part => part !== undefined && part !== '');
	return said.length === 0 ? undefined : said.join(' ');
}

/** What is asked at a step; of one that is done, why it is. */
export const questionOf = ({question, verdict}: Judged): string =>
	verdict.status === 'done' ? `${question} Yes: ${verdict.summary}.` : verdict.question;
