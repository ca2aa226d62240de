import {checkDocument} from '../plain/check-document.ts';
import {checklistText, linearText} from '../plain/checklist.ts';
import {exitCode} from '../walk/inspect.ts';
import type {Options} from './options.ts';
import {complain, say, sayJson, usesAscii, usesColor} from './output.ts';
import {openSession} from './session.ts';

/** `check`: what is true of this machine, without questions and without changing anything. */
export async function check(options: Options): Promise<number> {
	const session = await openSession(options);
	const all = await session.inspect();
	const judged = options.words.length === 0 ? all : all.filter(one => options.words.includes(one.id));
	const code = exitCode(judged);
	if (options.json) {
		await sayJson(await checkDocument(judged, session.notices));
		return code;
	}
	for (const notice of session.notices) await complain(`${notice}\n`);
	if (options.quiet) {
		const open = judged.filter(
			one =>
				one.verdict.status !== 'done' && !(one.verdict.status === 'blocked' && one.verdict.reason.endsWith('.waits'))
		);
		for (const one of open) await say(`${one.id}: ${one.verdict.summary}\n`);
		return code;
	}
	const forPerson = process.stdout.isTTY === true && !options.plain;
	await say(
		forPerson
			? await checklistText(judged, {ascii: usesAscii(options.ascii), color: usesColor()})
			: await linearText(judged, {ascii: usesAscii(options.ascii)})
	);
	return code;
}
