import type {Cure} from '../model/failure.ts';
import {cutText} from './clean-text.ts';

/** Captured texts in the order of their groups; undefined where a group was not found. */
export type Captures = readonly (string | undefined)[];

const PLACE = /\$(\d)|\$\{(\d):([^}]*)\}/g;
const CAPTURE_LIMIT = 200;

/** Captures as they may stand in a sentence: no control characters, no blanks around, at most 200 characters, '' is none. */
export function tidyCaptures(groups: Captures): Captures {
	return groups.map(group => {
		const text = group?.replace(/\p{Cc}/gu, '').trim();
		return text ? cutText(text, CAPTURE_LIMIT) : undefined;
	});
}

/** A sentence of the catalogue with its captures in place; `$2` without a capture becomes ''. */
export function fillSentence(template: string, captures: Captures): string {
	return template.replace(
		PLACE,
		(_, bare: string | undefined, numbered: string | undefined, otherwise: string | undefined) =>
			captures[Number(bare ?? numbered) - 1] ?? otherwise ?? ''
	);
}

/**
 * Remedies with their captures in place, quoted for the shell in commands. Left out are those that name a missing
 * capture, and commands into which the log would put an option: a name does not begin with a hyphen.
 */
export function fillRemedies(remedies: readonly Cure[], captures: Captures): Cure[] {
	const words = captures.map(capture => (capture?.startsWith('-') ? undefined : capture));
	return remedies
		.filter(({label, command}) => !namesMissing(label, captures) && !namesMissing(command ?? '', words))
		.map(({label, command}) => ({
			label: fillSentence(label, captures),
			...(command === undefined ? {} : {command: fillSentence(command, words.map(quoteForShell))})
		}));
}

function namesMissing(template: string, captures: Captures): boolean {
	return [...template.matchAll(PLACE)].some(
		([, bare]) => bare !== undefined && captures[Number(bare) - 1] === undefined
	);
}

/** A captured text is not ours: in a command it must stay one word of the shell, whatever the log put there. */
function quoteForShell(text: string | undefined): string | undefined {
	if (text === undefined || /^[\w@%+=:,./-]+$/.test(text)) return text;
	return `'${text.replaceAll("'", "'\\''")}'`;
}
