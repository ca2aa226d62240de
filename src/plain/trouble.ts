import type {Failure} from '../model/failure.ts';
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
		...failure.remedies.flatMap(remedy => [
			` - ${safeLine(remedy.label)}`,
			...(remedy.command === undefined ? [] : [`     ${safeLine(remedy.command)}`])
		])
	];
}
