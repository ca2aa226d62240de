import {setTimeout as delay} from 'node:timers/promises';
import {render} from 'ink';
import type {Stage} from '../actions/stage.ts';
import type {Options} from '../commands/options.ts';
import {usesAscii} from '../commands/output.ts';
import type {Session} from '../commands/session.ts';
import type {Action} from '../model/step.ts';
import type {Judged, Outcome} from '../model/walk.ts';
import {exitCode} from '../walk/inspect.ts';
import {createWalk, type Walk} from '../walk/walk.ts';
import {App} from './App.tsx';
import {clearDesk, createDesk, type Desk, tell, watch} from './desk.ts';
import {lendTerminal} from './terminal.ts';

/** How long the first screen waits for the first look at the machine, in milliseconds. */
const patience = 100;

const signalCodes = {SIGINT: 130, SIGTERM: 143, SIGHUP: 129} as const;

/** A session whose first look at the machine has begun already. */
export type Opened = {readonly session: Session; readonly firstLook: Promise<readonly Judged[]>};

/** Runs the wizard on this terminal until it ends; gives the exit code. */
export async function startWizard({session, firstLook}: Opened, options: Options): Promise<number> {
	for (const notice of session.notices) process.stdout.write(`${notice}\n`);
	const desk = createDesk();
	const looks = [firstLook];
	const walk = createWalk({
		inspect: () => looks.pop() ?? session.inspect(),
		perform: (actions, signal) => perform(actions, signal, session, desk)
	});
	walk.start();
	// mostly the machine has answered while ink was loaded, and the first screen can be the first decision
	await Promise.race([firstLook, delay(patience)]);
	const app = render(
		<App walk={walk} desk={desk} ascii={usesAscii(options.ascii)} asRoot={session.reader.user.uid === 0} />,
		{exitOnCtrlC: false, interactive: true, patchConsole: false, incrementalRendering: true}
	);
	const ending = endOnSignals(walk, () => app.unmount());
	try {
		const result = await app.waitUntilExit();
		if (ending.code() !== undefined) return ending.code() as number;
		process.stdout.write(farewell(walk.state().judged));
		return typeof result === 'number' ? result : exitCode(walk.state().judged);
	} finally {
		ending.forget();
	}
}

/** How to go on, below the last screen; nothing where nothing is open. */
function farewell(judged: readonly Judged[]): string {
	const open = judged.filter(one => one.verdict.status !== 'done').map(one => one.id);
	// ink ends what it writes for a screen reader in the middle of a line
	const start = process.env['INK_SCREEN_READER'] === 'true' ? '\n' : '';
	if (judged.length > 0 && open.length === 0) return start;
	return `${start}${open.length === 0 ? '' : `Still open: ${open.join(', ')}.\n`}linux-rust-setup goes on from here.\n`;
}

async function perform(
	actions: readonly Action[],
	signal: AbortSignal,
	session: Session,
	desk: Desk
): Promise<Outcome> {
	clearDesk(desk);
	// what performs, and the catalogue of failures with it, is not needed for the first screen
	const [{performAll}, runner] = await Promise.all([import('../actions/perform.ts'), session.runner()]);
	const stage: Stage = {
		reader: session.reader,
		runner,
		handOver: (reason, use) => {
			const {suspend} = desk;
			if (suspend === undefined) throw new Error('the screen is not there to be put away');
			return lendTerminal(suspend, reason, use);
		},
		emit: event => tell(desk, event),
		signal,
		watched: () => watch(desk, signal),
		remember: session.remember
	};
	return performAll(actions, stage);
}

/** A signal stops what runs, as a group, and leaves when that has ended. */
function endOnSignals(walk: Walk, leave: () => void): {code(): number | undefined; forget(): void} {
	let code: number | undefined;
	const end = (signal: NodeJS.Signals): void => {
		if (code !== undefined) return;
		// without raw mode the terminal is with a child, and Ctrl-C at its password prompt is meant for the child alone
		if (signal === 'SIGINT' && !process.stdin.isRaw) return;
		code = signalCodes[signal as keyof typeof signalCodes];
		walk.cancel();
		const leaveWhenQuiet = (): void => {
			if (walk.state().activity.kind !== 'performing') leave();
		};
		walk.subscribe(leaveWhenQuiet);
		leaveWhenQuiet();
	};
	const signals = Object.keys(signalCodes);
	for (const signal of signals) process.on(signal, end);
	return {
		code: () => code,
		forget() {
			for (const signal of signals) process.off(signal, end);
		}
	};
}
