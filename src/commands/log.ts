import {readKernelLine} from '../actions/kernel-line.ts';
import {becomeRoot} from '../actions/stage.ts';
import {kernelLineText, plainStage} from '../plain/stage.ts';
import type {Options} from './options.ts';
import {complain, exitCodes} from './output.ts';
import {openSession} from './session.ts';

/** `log [module]`: the kernel's words from now on, well-known lines with their meaning, until Ctrl-C. */
export async function log(options: Options): Promise<number> {
	const session = await openSession(options);
	const runner = await session.runner();
	const name = options.words[0] ?? '';
	const stopping = new AbortController();
	const stop = (): void => stopping.abort();
	// a reader that went away ends the following
	process.stdout.on('error', stop);
	process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
	const stage = plainStage({
		reader: session.reader,
		runner,
		remember: session.remember,
		voice: {say: () => {}, remark: () => {}},
		signal: stopping.signal,
		mayAsk: () => !options.yes && process.stdin.isTTY === true
	});
	let zero: number | undefined;
	const following = await runner.followKernelLog(
		raw => {
			const heard = readKernelLine(raw, name, microseconds => {
				zero ??= microseconds;
				return zero;
			});
			if (heard === undefined) return;
			process.stdout.write(options.json ? `${JSON.stringify(heard.line)}\n` : `${kernelLineText(heard.line)}\n`);
		},
		() => void process.stderr.write('some lines were overwritten before they could be read\n'),
		async command => (await becomeRoot(stage, command)).ok
	);
	if (following.source === undefined) {
		await complain(`The kernel log could not be read: ${following.why}.\nRun it yourself: sudo dmesg --follow-new\n`);
		return exitCodes.programFailed;
	}
	if (!options.quiet && !options.json) await complain(`Kernel log from ${following.source}. Ctrl-C stops.\n`);
	await new Promise<void>(resolve => {
		if (stopping.signal.aborted) resolve();
		stopping.signal.addEventListener('abort', () => resolve(), {once: true});
	});
	following.close();
	return exitCodes.interrupted;
}
