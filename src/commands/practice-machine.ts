import {availableParallelism} from 'node:os';
import {createInterface} from 'node:readline/promises';
import {createLocalReader} from '../machine/reader.ts';
import {stateFolder} from '../machine/state-folder.ts';
import type {Command} from '../model/command.ts';
import type {Reader, Runner} from '../model/machine.ts';
import type {Outcome} from '../model/walk.ts';
import {plainStage} from '../plain/stage.ts';
import {bootGuest} from '../practice/boot.ts';
import type {Guest} from '../practice/guest.ts';
import {takeLock} from '../practice/lock.ts';
import {missingNeeds} from '../practice/needs.ts';
import {type PracticePaths, practicePaths} from '../practice/paths.ts';
import {type PracticeRoot, preparePractice} from '../practice/prepare.ts';
import {perform} from '../practice/run.ts';
import {familyOf, installCommand} from '../steps/distribution.ts';
import {surveyMachine} from '../survey/machine.ts';
import {renderCommand} from '../text/quote.ts';
import type {Options} from './options.ts';
import {complain, exitCodes} from './output.ts';
import {concludePlainly} from './perform.ts';
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

/** More bring nothing: rust/ is mostly a chain of crates, each of which waits for the one before. */
const mostJobs = 4;

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
	use: (practice: PracticeRoot, guest: Guest) => Promise<number>,
	stays = false
): Promise<number> {
	const {host, local, paths, signal} = place;
	const made = await makeReady(place);
	if ('code' in made) return made.code;
	const {practice} = made;
	await complain(`starting the guest: ${practice.release}, untouched, without disk and network\n`);
	const {guest, found} = await bootGuest({runner: local, host, paths, practice, stays});
	const stop = (): void => void guest.stop();
	signal.addEventListener('abort', stop, {once: true});
	if (signal.aborted) stop();
	try {
		await guest.ready;
		return await use(practice, guest);
	} catch (error) {
		if (guest.why() === undefined) throw error;
		if (signal.aborted) return exitCodes.interrupted;
		await complain(lastWordsOf(guest));
		return exitCodes.programFailed;
	} finally {
		signal.removeEventListener('abort', stop);
		if ((found || stays) && guest.why() === undefined) guest.leave();
		else await guest.stop();
	}
}

/** How a guest ended, and what it said last. */
export function lastWordsOf(guest: Guest): string {
	const why = guest.why() ?? '';
	const words = guest.lastWords().map(line => `   ${line}\n`);
	return `${why.charAt(0).toUpperCase()}${why.slice(1)}.${words.length === 0 ? ' It said nothing.' : ' Its last words:'}\n${words.join('')}`;
}

/** The practice root, made if need be after the user agreed. */
async function makeReady(place: Workplace): Promise<{readonly practice: PracticeRoot} | {readonly code: number}> {
	const {host, paths, options} = place;
	const stage = workStage(place);
	const conclude = async (outcome: Outcome): Promise<{readonly code: number}> => ({
		code: await concludePlainly('practice', outcome, options)
	});
	const install = await installNeeds(place);
	if (install !== undefined) {
		if ('refusal' in install)
			return {code: await refuse('practice', options, install.refusal, 'Install them with your package manager.')};
		const {command} = install;
		const shown = renderCommand(command, {asRoot: host.user.uid === 0});
		const question = `Practice mode needs programs that are not here:\n   ${shown}\n   why: ${command.why}\n`;
		if (!(await agrees(question, options))) return {code: exitCodes.open};
		const outcome = await perform(stage, 'installing what practice mode needs', command);
		if (outcome.kind !== 'ok') return conclude(outcome);
	}
	if ((await host.stat(paths.stamps)).status === 'absent') {
		const question = `Practice mode makes a Debian with a Rust kernel, once, below ${paths.folder}:\n   about 550 MB are fetched, 2 GB of disk stay taken. To remove it: linux-rust-setup practice clean\n`;
		if (!(await agrees(question, options))) return {code: exitCodes.open};
	}
	const jobs = Math.max(1, Math.min(mostJobs, availableParallelism()));
	const prepared = await preparePractice({stage, paths, host, mirror: options.mirror, jobs});
	return prepared.ok ? {practice: prepared.practice} : conclude(prepared.outcome);
}

async function installNeeds({
	host
}: Workplace): Promise<{readonly command: Command} | {readonly refusal: string} | undefined> {
	const family = familyOf(await surveyMachine(host));
	const missing = await missingNeeds(host, family);
	if (missing.length === 0) return undefined;
	const argv = installCommand(family, missing);
	if (argv === undefined) return {refusal: `Practice mode needs ${missing.join(' and ')}.`};
	const [program, ...words] = argv;
	return {
		command: {
			// asked before: the package manager need not ask again
			argv: program === 'apt-get' ? [program, '--yes', '--no-install-recommends', ...words] : [program, ...words],
			as: 'root',
			terminal: 'captured',
			interrupt: 'never',
			why: 'debootstrap makes the practice root, QEMU runs its kernel'
		}
	};
}

/** `--yes` is consent; without it somebody has to be there to give it. */
async function agrees(question: string, options: Options): Promise<boolean> {
	await complain(question);
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
		mayAsk: !options.yes && process.stdin.isTTY === true && process.stderr.isTTY === true
	});
}
