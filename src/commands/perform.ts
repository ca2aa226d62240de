import {performAll} from '../actions/perform.ts';
import type {Stage} from '../actions/stage.ts';
import type {Action} from '../model/step.ts';
import type {Outcome} from '../model/walk.ts';
import {plannedCommands} from '../plain/plan-text.ts';
import {plainStage} from '../plain/stage.ts';
import {troubleText} from '../plain/trouble.ts';
import type {Options} from './options.ts';
import {complain, exitCodes, say, sayJson} from './output.ts';
import type {Session} from './session.ts';

/** Shows the commands of a plan with their reasons before they run: on stdout where showing is all that was asked for. */
export async function announce(session: Session, actions: readonly Action[], options: Options): Promise<void> {
	const commands = plannedCommands(actions, {asRoot: session.reader.user.uid === 0, whole: options.json});
	if (options.dryRun && options.json) return sayJson({schema: 1, command: options.command, commands});
	if (options.quiet || options.json) return;
	for (const {text, why} of commands) await (options.dryRun ? say : complain)(`${text}   (${why})\n`);
}

/** Performs actions without a screen: output to stdout, remarks to stderr, Ctrl-C cancels. With `--json` all words go to stderr. */
export async function performPlainly(session: Session, actions: readonly Action[], options: Options): Promise<Outcome> {
	const cancelling = new AbortController();
	const cancel = (): void => cancelling.abort();
	process.on('SIGINT', cancel).on('SIGTERM', cancel).on('SIGHUP', cancel);
	const answer = options.json ? complain : say;
	try {
		return await performAll(
			actions,
			plainStage({
				reader: session.reader,
				runner: await session.runner(),
				remember: session.remember,
				voice: {
					say: text => void (options.quiet || answer(text)),
					remark: text => void (options.quiet || complain(text))
				},
				signal: cancelling.signal,
				ask: agreedBeforehand(options),
				mayAsk: () => !options.yes && process.stdin.isTTY === true && process.stderr.isTTY === true
			})
		);
	} finally {
		process.off('SIGINT', cancel).off('SIGTERM', cancel).off('SIGHUP', cancel);
	}
}

/**
 * What is agreed to where nobody is asked: with `--yes` a recipe without a red flag, and the very recipe that `--reviewed` names by
 * its digest. Keys are never imported unasked.
 */
export function agreedBeforehand(options: Pick<Options, 'yes' | 'reviewed'>): NonNullable<Stage['ask']> {
	return async question => {
		if (question.kind === 'key')
			return {
				agreed: false,
				why: `the sources are signed with the key ${question.fingerprint}${question.owner === undefined ? '' : ` of ${question.owner}`}, which is not in your keyring. Compare it with https://www.kernel.org/signature.html, import it (${question.command}), and start again`
			};
		const digest = question.digest.slice(0, 16);
		if (options.reviewed !== undefined && options.reviewed.length >= 16 && question.digest.startsWith(options.reviewed))
			return {agreed: true};
		const red = question.flags.filter(flag => flag.severity === 'red');
		if (options.yes && red.length === 0) return {agreed: true, unread: true};
		const [first] = red;
		return {
			agreed: false,
			why:
				first === undefined
					? `nobody is asked here whether the recipe in ${question.folder} may run. Read it (linux-rust-setup review ${question.folder}); --reviewed ${digest} agrees to it as it is now`
					: `the recipe in ${question.folder} has ${red.length === 1 ? 'a red flag' : `${red.length} red flags`} and was not run: ${first.file}:${first.line}: ${first.why} Read it (linux-rust-setup review ${question.folder}); --reviewed ${digest} agrees to it as it is now`
		};
	};
}

/** Tells how it ended and gives the exit code: 3 where a program failed or root could not be had, 1 for a refusal, 130 after Ctrl-C. */
export async function concludePlainly(command: string, outcome: Outcome, options: Options): Promise<number> {
	const code = codeOf(outcome);
	if (options.json) {
		const failure =
			outcome.kind === 'failed'
				? {
						title: outcome.trouble.title,
						failures: outcome.trouble.failures,
						...(outcome.trouble.unexplained === undefined ? {} : {unexplained: outcome.trouble.unexplained}),
						log: outcome.trouble.log ?? null
					}
				: {};
		const refusal =
			outcome.kind === 'refused'
				? {why: `${outcome.why}.`, ...(outcome.command === undefined ? {} : {runYourself: outcome.command})}
				: {};
		await sayJson({schema: 1, command, outcome: outcome.kind, exit: code, ...failure, ...refusal});
		return code;
	}
	if (outcome.kind === 'failed') await complain(`\n${troubleText(outcome.trouble)}`);
	if (outcome.kind === 'refused')
		await complain(`${outcome.why}.\n${outcome.command === undefined ? '' : `Run it yourself: ${outcome.command}\n`}`);
	if (outcome.kind === 'cancelled')
		await complain(`Cancelled.${outcome.note === undefined ? '' : ` ${outcome.note}`}\n`);
	return code;
}

function codeOf(outcome: Outcome): number {
	switch (outcome.kind) {
		case 'ok':
			return exitCodes.done;
		case 'cancelled':
			return exitCodes.interrupted;
		case 'declined':
			return exitCodes.open;
		case 'refused':
			// root that cannot be had is a program (sudo) that failed
			return outcome.command === undefined ? exitCodes.open : exitCodes.programFailed;
		case 'failed':
			return exitCodes.programFailed;
	}
}
