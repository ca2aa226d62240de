import type {Action} from '../model/step.ts';
import type {Outcome} from '../model/walk.ts';
import {renderCommand} from '../text/quote.ts';
import {describeExit, troubleFrom} from './explain.ts';
import {becomeRoot, newLog, type Stage} from './stage.ts';

/** The part of a log that is kept to be explained: errors of a long build stand at its end, causes of configuration at its beginning. */
const keptHead = 1_000_000;
const keptTail = 4_000_000;

/** Runs a program with its output passed on as it comes and its raw bytes in a log file; a failure is explained. */
export async function performRun(action: Extract<Action, {kind: 'run'}>, stage: Stage): Promise<Outcome> {
	const {command, title} = action;
	stage.emit({kind: 'phase', text: title});
	if (command.as === 'root' && command.terminal === 'captured') {
		const root = await becomeRoot(stage, command);
		if (!root.ok) return {kind: 'refused', why: root.why, command: root.command};
	}
	if (command.terminal === 'handed-over') {
		if (stage.handOver === undefined)
			return {kind: 'refused', why: 'this needs a terminal of its own', command: renderCommand(command)};
		const exit = await stage.handOver(
			`${renderCommand(command)}\n   why: ${command.why}`,
			async () => (await stage.runner.run(command)).exit
		);
		if (exit.kind === 'exited' && exit.code === 0) return {kind: 'ok'};
		return {
			kind: 'failed',
			trouble: await troubleFrom({title: `${command.argv[0]} ${describeExit(exit)}`, output: '', exit})
		};
	}
	// pressed while sudo asked: what must not be interrupted is not even started
	if (stage.signal.aborted) return {kind: 'cancelled'};
	const log = await newLog(stage, action.stage === 'build' ? 'build' : command.argv[0]);
	stage.emit({kind: 'log', file: log});
	const output = createExcerpt();
	const started = performance.now();
	const running = await stage.runner.run(command, {
		log,
		onOutput(text) {
			output.push(text);
			stage.emit({kind: 'output', text});
		}
	});
	const cancel = (): void => running.cancel();
	if (stage.signal.aborted) cancel();
	stage.signal.addEventListener('abort', cancel, {once: true});
	const exit = await running.exit;
	stage.signal.removeEventListener('abort', cancel);
	if (exit.kind === 'cancelled') return {kind: 'cancelled'};
	if (exit.kind === 'exited' && exit.code === 0) return {kind: 'ok'};
	const seconds = Math.round((performance.now() - started) / 1000);
	const lasted = exit.kind === 'not-started' ? '' : ` after ${seconds} s`;
	return {
		kind: 'failed',
		trouble: await troubleFrom({
			title: `${command.argv[0]} ${describeExit(exit)}${lasted}`,
			output: output.text(),
			exit,
			log
		})
	};
}

/** Keeps the beginning and the end of a text of any length. */
export function createExcerpt(): {push(text: string): void; text(): string} {
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
