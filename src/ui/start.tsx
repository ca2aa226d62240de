import {setTimeout as delay} from 'node:timers/promises';
import {render} from 'ink';
import {wrap} from '../../components/cells.ts';
import type {Stage} from '../actions/stage.ts';
import type {Options} from '../commands/options.ts';
import {usesAscii} from '../commands/output.ts';
import type {Action, Trial} from '../model/step.ts';
import type {Judged, Outcome} from '../model/walk.ts';
import {exitCode} from '../walk/inspect.ts';
import {createWalk, type Walk} from '../walk/walk.ts';
import {App, type Practising} from './App.tsx';
import {askConsent, clearDesk, createDesk, type Desk, tell, watch} from './desk.ts';
import type {Door, Walked} from './door.ts';
import {practiceCommand} from './practice-command.ts';
import {planAhead} from './previews.ts';
import {lendTerminal} from './terminal.ts';

/** How long the first screen waits for the first look at the machine, in milliseconds. */
const patience = 100;

const signalCodes = {SIGINT: 130, SIGTERM: 143, SIGHUP: 129} as const;

/** A session whose first look at the machine has begun already. */
export type Opened = {
	readonly session: Walked;
	readonly firstLook: Promise<readonly Judged[]>;
	/** The way into practice mode, loaded when it is taken. */
	readonly openDoor: () => Promise<Door>;
	/** Goes into practice mode at once; there is no way back to a walk over this machine. */
	readonly goesIn?: true;
};

/** Runs the wizard on this terminal until it ends; gives the exit code. */
export async function startWizard(opened: Opened, options: Options): Promise<number> {
	const {session, firstLook, openDoor, goesIn = false} = opened;
	for (const notice of session.notices) process.stdout.write(`${notice}\n`);
	const desk = createDesk();
	const looked = firstLook.then(async judged => {
		desk.since = await session.since();
		return judged;
	});
	const looks = [looked];
	const asRoot = session.reader.user.uid === 0;
	let door: Door | undefined;
	const here = (): Walked => door?.inside()?.session ?? session;
	const walk = createWalk({
		inspect: async () => planAhead(await (looks.pop() ?? here().inspect())),
		perform: (actions, signal) => perform(actions, signal, here(), desk, goIn)
	});
	const goIn = async (trial: Trial, stage: Stage): Promise<Outcome> => {
		door ??= await openDoor();
		const outcome = await door.enter(trial, stage, consent =>
			askConsent(desk, consent, {signal: stage.signal, asRoot})
		);
		const inside = door.inside();
		void inside?.ended.then(() => {
			// one that was left is no news
			if (door?.inside() === inside) sayGuestEnded(walk, desk);
		});
		return outcome;
	};
	const goBack = (): void => void door?.leave().then(() => walk.send({kind: 'moved'}));
	const practising = (): Practising | undefined => {
		const inside = door?.inside();
		return inside === undefined ? undefined : {...inside, leave: goesIn ? undefined : goBack};
	};
	if (goesIn) takeFirst(walk);
	walk.start();
	// mostly the machine has answered while ink was loaded, and the first screen can be the first decision
	await Promise.race([looked, delay(patience)]);
	const hello = await session.welcome();
	if (hello !== undefined) process.stdout.write(`${wrap(hello, process.stdout.columns).join('\n')}\n\n`);
	const app = render(
		<App walk={walk} desk={desk} ascii={usesAscii(options.ascii)} asRoot={asRoot} practising={practising} />,
		{exitOnCtrlC: false, interactive: true, patchConsole: false, incrementalRendering: true}
	);
	const ending = endOnSignals(walk, () => app.unmount());
	try {
		const result = await app.waitUntilExit();
		if (ending.code() !== undefined) return ending.code() as number;
		const inside = door?.inside();
		const command =
			goesIn || inside !== undefined ? practiceCommand(inside?.installed ?? options.installed) : 'linux-rust-setup';
		process.stdout.write(farewell(walk.state().judged, command));
		return typeof result === 'number' ? result : exitCode(walk.state().judged);
	} finally {
		await door?.leave();
		ending.forget();
	}
}

/** Chooses the default of the first decision without asking: that was the command. */
function takeFirst(walk: Walk): void {
	const stop = walk.subscribe(() => {
		const {activity} = walk.state();
		if (activity.kind !== 'deciding') return;
		stop();
		const {id, verdict} = activity.step;
		const [remedy] = verdict.status === 'done' ? [] : verdict.remedies;
		if (remedy !== undefined) walk.send({kind: 'chose', step: id, remedy: remedy.id});
	});
}

/** A guest that ends by itself is news at once; what runs in it finds out for itself. */
function sayGuestEnded(walk: Walk, desk: Desk): void {
	const {kind} = walk.state().activity;
	if (kind === 'deciding' || kind === 'finished') walk.send({kind: 'again'});
	desk.answerWatch?.('unload');
	desk.answerWatch = undefined;
}

/** How to go on, below the last screen; nothing where nothing is open. */
function farewell(judged: readonly Judged[], command: string): string {
	const open = judged.filter(one => one.verdict.status !== 'done').map(one => one.id);
	// ink ends what it writes for a screen reader in the middle of a line
	const start = process.env['INK_SCREEN_READER'] === 'true' ? '\n' : '';
	if (judged.length > 0 && open.length === 0) return start;
	return `${start}${open.length === 0 ? '' : `Still open: ${open.join(', ')}.\n`}${command} goes on from here.\n`;
}

async function perform(
	actions: readonly Action[],
	signal: AbortSignal,
	session: Walked,
	desk: Desk,
	practise: NonNullable<Stage['practise']>
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
			return lendTerminal(suspend, wrap(reason, process.stdout.columns, 7).join('\n'), use);
		},
		emit: event => tell(desk, event),
		signal,
		watched: () => watch(desk, signal),
		ask: question => desk.questions.ask(question, signal),
		practise,
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
