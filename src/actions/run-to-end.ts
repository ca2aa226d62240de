import type {Command} from '../model/command.ts';
import type {Exit} from '../model/machine.ts';
import {newLog, type Stage} from './stage.ts';

/** The part of a log that is kept to be explained: errors of a long build stand at its end, causes of configuration at its beginning. */
const keptHead = 1_000_000;
const keptTail = 4_000_000;

export type Ended = {readonly exit: Exit; readonly output: string; readonly log?: string};

/**
 * Runs a captured command to its end; Ctrl-C stops it. `name`: its output is shown, and kept raw in a log of that name; without
 * one it is a small thing that speaks only when it fails. `hear` sees the output as it comes.
 */
export async function runToEnd(
	command: Command,
	stage: Stage,
	options: {readonly name?: string; readonly hear?: (text: string) => void} = {}
): Promise<Ended> {
	const {name, hear} = options;
	if (stage.signal.aborted) return {exit: {kind: 'cancelled'}, output: ''};
	const log = name === undefined ? undefined : await newLog(stage, name);
	if (log !== undefined) stage.emit({kind: 'log', file: log});
	const output = createExcerpt();
	const running = await stage.runner.run(command, {
		...(log === undefined ? {} : {log}),
		onOutput(text) {
			output.push(text);
			hear?.(text);
			if (log !== undefined) stage.emit({kind: 'output', text});
		}
	});
	const cancel = (): void => running.cancel();
	if (stage.signal.aborted) cancel();
	stage.signal.addEventListener('abort', cancel, {once: true});
	const exit = await running.exit;
	stage.signal.removeEventListener('abort', cancel);
	return {exit, output: output.text(), ...(log === undefined ? {} : {log})};
}

export const isGood = ({exit}: Pick<Ended, 'exit'>): boolean => exit.kind === 'exited' && exit.code === 0;

/** Keeps the beginning and the end of a text of any length. */
function createExcerpt(): {push(text: string): void; text(): string} {
	let head = '';
	let tail = '';
	return {
		push(text) {
			if (head.length < keptHead) head += text;
			else {
				tail += text;
				if (tail.length > 2 * keptTail) tail = tail.slice(-keptTail);
			}
		},
		text: () => head + tail
	};
}
