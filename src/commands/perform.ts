import {performAll} from '../actions/perform.ts';
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
	const commands = plannedCommands(actions, {asRoot: session.reader.user.uid === 0});
	if (options.dryRun && options.json) return sayJson({schema: 1, command: options.command, commands});
	if (options.quiet || options.json) return;
	for (const {text, why} of commands) await (options.dryRun ? say : complain)(`${text}   (${why})\n`);
}

/** Performs actions without a screen: output to stdout, remarks to stderr, Ctrl-C cancels. With `--json` all words go to stderr. */
export async function performPlainly(session: Session, actions: readonly Action[], options: Options): Promise<Outcome> {
	const cancelling = new AbortController();
	const cancel = (): void => cancelling.abort();
	process.on('SIGINT', cancel).on('SIGTERM', cancel).on('SIGHUP', cancel);
	const out = options.json ? process.stderr : process.stdout;
	try {
		return await performAll(
			actions,
			plainStage({
				reader: session.reader,
				runner: await session.runner(),
				remember: session.remember,
				voice: {
					say: text => void (options.quiet || out.write(text)),
					remark: text => void (options.quiet || process.stderr.write(text))
				},
				signal: cancelling.signal,
				mayAsk: !options.yes && process.stdin.isTTY === true && process.stderr.isTTY === true
			})
		);
	} finally {
		process.off('SIGINT', cancel).off('SIGTERM', cancel).off('SIGHUP', cancel);
	}
}

/** Tells how it ended and gives the exit code: 3 where a program failed or root could not be had, 1 for a refusal, 130 after Ctrl-C. */
export async function concludePlainly(command: string, outcome: Outcome, options: Options): Promise<number> {
	const code = codeOf(outcome);
	if (options.json) {
		const failure =
			outcome.kind === 'failed'
				? {failures: outcome.trouble.failures, log: outcome.trouble.log ?? null, title: outcome.trouble.title}
				: {};
		const refusal =
			outcome.kind === 'refused'
				? {why: outcome.why, ...(outcome.command === undefined ? {} : {command: outcome.command})}
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
		case 'refused':
			// root that cannot be had is a program (sudo) that failed
			return outcome.command === undefined ? exitCodes.open : exitCodes.programFailed;
		case 'failed':
			return exitCodes.programFailed;
	}
}
