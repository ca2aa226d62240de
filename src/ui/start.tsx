import {render} from 'ink';
import {createTail} from '../../components/tail.ts';
import {performAll} from '../actions/perform.ts';
import type {Stage} from '../actions/stage.ts';
import type {Options} from '../commands/options.ts';
import {usesAscii} from '../commands/output.ts';
import {openSession} from '../commands/session.ts';
import type {Action} from '../model/step.ts';
import type {ActionEvent, Outcome} from '../model/walk.ts';
import {exitCode} from '../walk/inspect.ts';
import {createWalk} from '../walk/walk.ts';
import {App, type Desk} from './App.tsx';
import {createKernelFeed} from './kernel-feed.ts';
import {lendTerminal} from './terminal.ts';

/** Lines of output kept to be shown; the log file has all. */
const keptLines = 2000;

const signalCodes = {SIGTERM: 143, SIGHUP: 129} as const;

/** Runs the wizard on this terminal until it ends; gives the exit code. */
export async function startWizard(options: Options): Promise<number> {
	const session = await openSession(options);
	const feed = createKernelFeed();
	const desk: Desk = {
		tail: createTail({limit: keptLines}),
		feed,
		suspend: undefined,
		answerWatch: undefined,
		onEvent: undefined,
		notices: session.notices
	};

	const emit = (event: ActionEvent): void => {
		if (event.kind === 'output') desk.tail.push(event.text);
		else if (event.kind === 'kernel') feed.push(event.line);
		else desk.onEvent?.(event);
	};

	const perform = async (actions: readonly Action[], signal: AbortSignal): Promise<Outcome> => {
		desk.tail = createTail({limit: keptLines});
		feed.clear();
		const stage: Stage = {
			reader: session.reader,
			runner: await session.runner(),
			handOver: (reason, use) => {
				const {suspend} = desk;
				if (suspend === undefined) throw new Error('the screen is not there to be put away');
				return lendTerminal(suspend, reason, use);
			},
			emit,
			signal,
			watched: () =>
				new Promise(resolve => {
					desk.answerWatch = resolve;
					desk.onEvent?.({kind: 'phase', text: 'watching'});
					signal.addEventListener('abort', () => resolve('leave'), {once: true});
				}),
			remember: session.remember
		};
		return performAll(actions, stage);
	};

	const walk = createWalk({inspect: () => session.inspect(), perform});
	walk.start();
	const app = render(
		<App walk={walk} desk={desk} ascii={usesAscii(options.ascii)} asRoot={session.reader.user.uid === 0} />,
		{
			exitOnCtrlC: false,
			interactive: true,
			patchConsole: false,
			incrementalRendering: true
		}
	);

	let ended: number | undefined;
	const end = (signal: keyof typeof signalCodes) => (): void => {
		if (ended !== undefined) return;
		ended = signalCodes[signal];
		// the children's group is stopped first; the program ends when they did
		walk.cancel();
		const leave = (): void => {
			if (walk.state().activity.kind !== 'performing') app.unmount();
		};
		walk.subscribe(leave);
		leave();
	};
	const [onTerm, onHup] = [end('SIGTERM'), end('SIGHUP')];
	process.on('SIGTERM', onTerm).on('SIGHUP', onHup);
	try {
		const result = await app.waitUntilExit();
		if (ended !== undefined) return ended;
		return typeof result === 'number' ? result : exitCode(walk.state().judged);
	} finally {
		process.off('SIGTERM', onTerm).off('SIGHUP', onHup);
	}
}
