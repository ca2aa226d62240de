import {troubleFrom} from '../actions/explain.ts';
import type {Stage} from '../actions/stage.ts';
import {createLocalReader} from '../machine/reader.ts';
import {createLocalRunner} from '../machine/runner.ts';
import {stateFolder} from '../machine/state-folder.ts';
import type {Trial} from '../model/step.ts';
import type {Outcome, Trouble} from '../model/walk.ts';
import {bootGuest} from '../practice/boot.ts';
import type {Guest} from '../practice/guest.ts';
import {keepRoot} from '../practice/keep-root.ts';
import {takeLock} from '../practice/lock.ts';
import {practicePaths} from '../practice/paths.ts';
import type {PracticeMachine} from '../practice/prepare.ts';
import {withoutGuest} from '../steps/practice-guest.ts';
import {safeLine} from '../text/safe-text.ts';
import {asSentence} from '../text/sentence.ts';
import type {Agree, Door, Inside, Walked} from '../ui/door.ts';
import type {Options} from './options.ts';
import {copyModule} from './practice-copy.ts';
import {makeReady} from './practice-ready.ts';
import {openPracticeSession} from './practice-session.ts';

/** The wizard's way into practice mode and back. While it is inside, no other practice command runs. */
export function createDoor(options: Options): Door {
	const host = createLocalReader();
	const local = createLocalRunner(host);
	const paths = practicePaths(host);
	let inside: Inside | undefined;
	let leaveThis: () => Promise<void> = async () => {};

	const leave = async (): Promise<void> => {
		const letGo = leaveThis;
		inside = undefined;
		leaveThis = async () => {};
		await letGo();
	};

	/** A guest that is up, or how that failed. */
	const boot = async (
		practice: PracticeMachine,
		stage: Stage
	): Promise<{readonly guest: Guest; readonly found: boolean} | {readonly outcome: Outcome}> => {
		stage.emit({kind: 'phase', text: `starting the practice VM, ${practice.release}`});
		const {guest, found} = await bootGuest({runner: local, host, paths, practice});
		const stop = (): void => void guest.stop();
		stage.signal.addEventListener('abort', stop, {once: true});
		if (stage.signal.aborted) stop();
		const hush = guest.follow(line => stage.emit({kind: 'output', text: `${safeLine(line)}\n`}));
		try {
			await guest.ready;
			return {guest, found};
		} catch (error) {
			const why = guest.why();
			if (why === undefined) throw error;
			await guest.stop();
			if (stage.signal.aborted) return {outcome: {kind: 'cancelled'}};
			return {outcome: {kind: 'failed', trouble: await guestTrouble(why, guest, practice)}};
		} finally {
			hush();
			stage.signal.removeEventListener('abort', stop);
		}
	};

	const goIn = async ({folder, installed}: Trial, stage: Stage, agree: Agree): Promise<Outcome> => {
		const ready = await makeReady({
			host,
			paths,
			mirror: options.mirror,
			installed: installed ?? options.installed,
			stage,
			agree
		});
		if (!ready.ok) return ready.outcome;
		const {practice} = ready;
		const booted = await boot(practice, stage);
		if ('outcome' in booted) return booted.outcome;
		const {guest, found} = booted;
		const letRootGo = keepRoot(local, practice.root);
		leaveThis = async () => {
			letRootGo();
			if (found && guest.why() === undefined) guest.leave();
			else await guest.stop();
		};
		const session = await openPracticeSession(
			{
				host,
				local,
				state: stateFolder(host),
				practice,
				guest,
				...(folder === undefined ? {} : {tried: folder})
			},
			options,
			folder === undefined ? options.module : await copyModule(paths, folder, practice)
		);
		inside = {
			session,
			release: practice.release,
			tried: folder,
			installed: practice.root === undefined ? practice.release : undefined,
			ended: guest.ended
		};
		return {kind: 'ok'};
	};

	return {
		async enter(trial, stage, agree) {
			await leave();
			const lock = await takeLock(paths.lock);
			if (!lock.ok)
				return {
					kind: 'refused',
					why: `practice mode is in use already, by process ${lock.holder}; go on when that has ended`
				};
			try {
				// whatever machine the walk was on: the practice machine is made on this one
				return await goIn(trial, {...stage, reader: host, runner: local, emit: inOrder(stage.emit)}, agree);
			} finally {
				const letGo = leaveThis;
				leaveThis = async () => {
					await letGo();
					await lock.release();
				};
				if (inside === undefined) await leave();
			}
		},
		inside: () => inside,
		leave
	};
}

/** A guest that did not come up: why, and what it said last. What is known of its words comes first. */
async function guestTrouble(why: string, guest: Guest, {root}: PracticeMachine): Promise<Trouble> {
	await guest.ended;
	const log = guest.log();
	const trouble = await troubleFrom({
		title: 'the practice VM did not start',
		output: guest.lastWords().join('\n'),
		...(log === undefined ? {} : {log})
	});
	return {
		...trouble,
		known: {
			cause: asSentence(why),
			remedies: [
				{label: 'Start it again: a machine under load can keep it from starting in time.'},
				// an installed kernel is what it is
				...(root === undefined
					? []
					: [
							{
								label: 'Where it ends the same way again, have practice mode made anew.',
								command: 'linux-rust-setup practice clean'
							}
						])
			]
		}
	};
}

/** A remark about one part of a long work belongs between its lines: beside them it would stay when it holds no more. */
const inOrder =
	(emit: Stage['emit']): Stage['emit'] =>
	event =>
		emit(event.kind === 'notice' ? {kind: 'output', text: `${event.text}\n`} : event);

/** What the walk is over before practice mode is entered, where it was not begun on this machine. */
export function createOutside({installed}: Pick<Trial, 'installed'> = {}): Walked {
	const reader = createLocalReader();
	return {
		reader,
		notices: [],
		since: async () => undefined,
		welcome: async () => undefined,
		inspect: async () => withoutGuest([], undefined, {installed}),
		remember: async () => undefined,
		runner: async () => createLocalRunner(reader)
	};
}
