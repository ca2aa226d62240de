import {asciiText} from '../plain/ascii.ts';
import {checkDocument} from '../plain/check-document.ts';
import {checklistText, linearText} from '../plain/checklist.ts';
import {exitCode, isWaiting} from '../walk/inspect.ts';
import {type Options, stepIds} from './options.ts';
import {complain, isOnTerminal, say, sayJson, usesAscii, usesColor} from './output.ts';
import {openSession, type Session} from './session.ts';

/** `check`: what is true of this machine, without questions and without changing anything of it. */
export async function check(options: Options): Promise<number> {
	if (options.on.length > 0) return (await import('./check-hosts.ts')).checkHosts(options);
	if (options.hook) return (await import('./after-update.ts')).sayAfterUpdate();
	if (options.mend) return (await import('./mend.ts')).mend(options);
	const session = await openSession(options);
	return sayChecklist(session, options);
}

/** Inspects, says what is true and what changed since all was done, and remembers afterwards if all is. Gives the exit code. */
export async function sayChecklist(session: Session, options: Options): Promise<number> {
	const all = await session.inspect();
	const judged = options.words.length === 0 ? all : all.filter(one => options.words.includes(one.id));
	if (options.report !== undefined) {
		const {writeReport} = await import('./report.ts');
		return (await writeReport(session, judged, options.report, options)) ?? exitCode(judged);
	}
	const since = await session.since();
	if (options.json) await sayJson(await checkDocument(judged, session.notices, since));
	else {
		for (const notice of session.notices) await complain(`${notice}\n`);
		if (options.quiet) {
			for (const {id, verdict} of judged.filter(one => one.verdict.status !== 'done' && !isWaiting(one)))
				await say(`${id}: ${verdict.summary}\n`);
		} else {
			const ascii = usesAscii(options.ascii);
			const forPerson = isOnTerminal() && !options.plain;
			const hello = await session.welcome();
			if (hello !== undefined) await say(forPerson ? `${hello}\n\n` : `${hello}\n`);
			if (since !== undefined) {
				const {sinceLines, sinceText} = await import('../plain/since.ts');
				const text = (forPerson ? sinceText : sinceLines)(since, stepIds, new Date());
				await say(ascii ? asciiText(text) : text);
			}
			await say(
				forPerson ? await checklistText(judged, {ascii, color: usesColor()}) : await linearText(judged, {ascii})
			);
		}
	}
	// after the answer, which nobody is to wait for
	for (const notice of [await session.noteGreen(), await session.noteArrival()])
		if (notice !== undefined) await complain(`${notice}\n`);
	return exitCode(judged);
}
