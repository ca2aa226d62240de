import type {Action} from '../model/step.ts';
import type {Outcome} from '../model/walk.ts';
import {renderCommand} from '../text/quote.ts';
import {withRoom} from './disk-room.ts';
import {describeExit, troubleFrom} from './explain.ts';
import {isGood, runToEnd} from './run-to-end.ts';
import {becomeRoot, type Stage} from './stage.ts';

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
	// not performance.now(), for which node loads a module before make starts
	const started = process.uptime();
	// pressed while sudo asked: what must not be interrupted is not even started
	const ended = await runToEnd(command, stage, {name: action.stage === 'build' ? 'build' : command.argv[0]});
	const {exit, output, log} = ended;
	if (exit.kind === 'cancelled') return {kind: 'cancelled'};
	if (isGood(ended)) return {kind: 'ok'};
	const seconds = Math.round(process.uptime() - started);
	const lasted = exit.kind === 'not-started' ? '' : ` after ${seconds} s`;
	const trouble = await troubleFrom({
		// a script of ours has no name that says anything
		title: `${command.argv[0] === 'sh' ? `${title}:` : command.argv[0]} ${describeExit(exit)}${lasted}`,
		output,
		exit,
		...(log === undefined ? {} : {log})
	});
	const {reader} = stage;
	const written = [command.cwd ?? reader.cwd, reader.environment['TMPDIR'] ?? '/tmp'];
	return {kind: 'failed', trouble: await withRoom(trouble, reader, written)};
}
