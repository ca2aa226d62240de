import type {Cure, Failure, FailurePage} from '../model/failure.ts';
import type {Trouble} from '../model/walk.ts';
import {safeLine} from '../text/safe-text.ts';

/** A failure for people: the cause, then the cures with their commands, then where the whole log is. */
export function troubleText(trouble: Trouble): string {
	const lines = [`${trouble.title}.`, ''];
	if (trouble.cause !== undefined) lines.push(...failureLines(trouble.cause));
	else if (trouble.unexplained !== undefined) {
		lines.push(
			'This failure is not known to this program. The first line that looks like an error:',
			`   line ${trouble.unexplained.line}: ${trouble.unexplained.text}`
		);
	} else
		lines.push(
			'This failure is not known to this program. The log ends with:',
			...trouble.tail.map(line => `   ${line}`)
		);
	if (trouble.log !== undefined) lines.push('', `Full log (${trouble.lines} lines): ${trouble.log}`);
	return `${lines.join('\n')}\n`;
}

/** One known failure in words. */
export function failureLines(failure: Failure): readonly string[] {
	return [
		safeLine(failure.cause, 4000),
		`   line ${failure.line}: ${safeLine(failure.text, 300)}`,
		...(failure.source?.excerpt ?? []).map(line => `      ${safeLine(line, 300)}`),
		...remedyLines(failure.remedies)
	];
}

/** What is known of a failure in words, without a log that it was found in. */
export const pageLines = ({cause, sample, remedies, source}: FailurePage): readonly string[] => [
	cause,
	...sample.split('\n').map(line => `   ${line}`),
	...remedyLines(remedies),
	`Known from: ${source}.`
];

const remedyLines = (remedies: readonly Cure[]): readonly string[] =>
	remedies.flatMap(({label, command}) => [
		` - ${safeLine(label)}`,
		...(command === undefined ? [] : [`     ${safeLine(command)}`])
	]);
