import {createInterface} from 'node:readline/promises';
import {messageOf} from '../machine/message.ts';
import {createLocalReader} from '../machine/reader.ts';
import {stateFolder} from '../machine/state-folder.ts';
import type {Reader, Runner} from '../model/machine.ts';
import type {Consent} from '../model/walk.ts';
import {plainStage} from '../plain/stage.ts';
import {bootGuest} from '../practice/boot.ts';
import type {Guest} from '../practice/guest.ts';
import {keepRoot} from '../practice/keep-root.ts';
import {takeLock} from '../practice/lock.ts';
import {type PracticePaths, practicePaths} from '../practice/paths.ts';
import type {PracticeMachine} from '../practice/prepare.ts';
import {renderCommand} from '../text/quote.ts';
import {asSentence} from '../text/sentence.ts';
import type {Options} from './options.ts';
import {complain, exitCodes} from './output.ts';
import {concludePlainly} from './perform.ts';
import {makeReady} from './practice-ready.ts';
import {refuse} from './refuse.ts';

/** What practice mode works with on this machine. */
export type Workplace = {
	readonly host: Reader;
	readonly local: Runner;
	/** Where memory and logs are. */
	readonly state: string;
	readonly paths: PracticePaths;
	readonly options: Options;
	/** Aborted by Ctrl-C, until a screen takes that over. */
	readonly signal: AbortSignal;
	letGoOfSignals(): void;
};

const signalCodes: Readonly<Record<string, number>> = {SIGTERM: 143, SIGHUP: 129};

/** Runs `use` while no other practice command does. */
export async function atWorkplace(options: Options, use: (place: Workplace) => Promise<number>): Promise<number> {
	const host = createLocalReader();
	const {createLocalRunner} = await import('../machine/runner.ts');
	const paths = practicePaths(host);
	const lock = await takeLock(paths.lock);
	if (!lock.ok)
		return refuse(
			'practice',
			options,
			`Practice mode is in use already, by process ${lock.holder}.`,
			'Go on when that has ended.'
		);
	const cancelling = new AbortController();
	const cancel = (signal: NodeJS.Signals): void => cancelling.abort(signal);
	const letGoOfSignals = (): void => void process.off('SIGINT', cancel).off('SIGTERM', cancel).off('SIGHUP', cancel);
	process.on('SIGINT', cancel).on('SIGTERM', cancel).on('SIGHUP', cancel);
	try {
		const code = await use({
			host,
			local: createLocalRunner(host),
			state: stateFolder(host),
			paths,
			options,
			signal: cancelling.signal,
			letGoOfSignals
		});
		return code === exitCodes.interrupted ? (signalCodes[String(cancelling.signal.reason)] ?? code) : code;
	} finally {
		letGoOfSignals();
		await lock.release();
	}
}

/** Makes the practice root if need be, boots a guest, and runs `use` with both. The guest is thrown away afterwards, unless it was there before. */
export async function withGuest(
	place: Workplace,
	use: (practice: PracticeMachine, guest: Guest) => Promise<number>,
	stays = false
): Promise<number> {
	const {host, local, paths, signal} = place;
	const made = await makeReady({
		host,
		paths,
		mirror: place.options.mirror,
		installed: place.options.installed,
		stage: workStage(place),
		agree: consent => agrees(consent, place)
	});
	if (!made.ok) return concludePlainly('practice', made.outcome, place.options);
	const {practice} = made;
	await complain(`starting the guest: ${practice.release}, untouched, without disk and network\n`);
	const booted = await bootGuest({runner: local, host, paths, practice, stays}).catch(messageOf);
	if (typeof booted === 'string')
		return concludePlainly('practice', {kind: 'refused', why: `the guest cannot be started: ${booted}`}, place.options);
	const {guest, found} = booted;
	const letRootGo = keepRoot(local, practice.root);
	const stop = (): void => void guest.stop();
	signal.addEventListener('abort', stop, {once: true});
	if (signal.aborted) stop();
	try {
		await guest.ready;
		return await use(practice, guest);
	} catch (error) {
		if (guest.why() === undefined) throw error;
		if (signal.aborted) return exitCodes.interrupted;
		await sayLastWords(guest);
		return exitCodes.programFailed;
	} finally {
		letRootGo();
		signal.removeEventListener('abort', stop);
		if ((found || stays) && guest.why() === undefined) guest.leave();
		else await guest.stop();
	}
}

/** Says how a guest ended, once it has, and what it said last: it is complete then. */
export async function sayLastWords(guest: Guest): Promise<void> {
	await guest.ended;
	const why = guest.why() ?? '';
	const words = guest.lastWords().map(line => `   ${line}\n`);
	const log = guest.log() === undefined ? '' : `All it said: ${guest.log()}\n`;
	await complain(
		`${asSentence(why)}${words.length === 0 ? ' It said nothing.' : ' Its last words:'}\n${words.join('')}${log}`
	);
}

/** `--yes` is consent; without it somebody has to be there to give it. */
async function agrees({text, facts, commands}: Consent, {host, options}: Workplace): Promise<boolean> {
	const asRoot = host.user.uid === 0;
	const lines = [
		text,
		...facts.map(({label, value}) => `   ${label}: ${value}`),
		...commands.flatMap(command => [`   ${renderCommand(command, {asRoot})}`, `   why: ${command.why}`])
	];
	await complain(`${lines.join('\n')}\n`);
	if (options.yes) return true;
	if (process.stdin.isTTY !== true) {
		await complain('Agree with: linux-rust-setup practice --yes\n');
		return false;
	}
	const terminal = createInterface({input: process.stdin, output: process.stderr});
	try {
		return /^(?:y|yes|)$/i.test((await terminal.question('Go on? [Y/n] ')).trim());
	} finally {
		terminal.close();
	}
}

/** The words of the preparation go to stderr: stdout is the kernel's. */
export function workStage({host, local, options, signal}: Workplace): ReturnType<typeof plainStage> {
	const speak = (text: string): void => void (options.quiet || process.stderr.write(text));
	return plainStage({
		reader: host,
		runner: local,
		remember: async () => undefined,
		voice: {say: speak, remark: speak},
		signal,
		mayAsk: () => !options.yes && process.stdin.isTTY === true && process.stderr.isTTY === true
	});
}
