import {createRemoteReader} from '../machine/remote-reader.ts';
import {openSshShell, type SshShell} from '../machine/ssh.ts';
import {parseSshAddress, type SshAddress} from '../machine/ssh-address.ts';
import {stateFolder} from '../machine/state-folder.ts';
import {recallThere} from '../memory/read.ts';
import type {Judged} from '../model/walk.ts';
import {type HostResult, hostsDocument, hostsExit, hostsLines, hostsQuiet, hostsText} from '../plain/hosts.ts';
import {changesSince} from '../steps/facts.ts';
import {steps} from '../steps/steps.ts';
import {createView} from '../survey/view.ts';
import {safeLine} from '../text/safe-text.ts';
import {inspectAll} from '../walk/inspect.ts';
import {type Options, stepIds} from './options.ts';
import {complain, say, sayJson, usesAscii, usesColor} from './output.ts';
import {openSession} from './session.ts';
import {UsageError} from './usage-error.ts';

/** As many connections as are made at once. */
const atOnce = 16;

/**
 * `check --on`: the same steps over the machines named, at once, each through a shell that ssh gives. Nothing is installed or
 * changed there, and nothing remembered here. A machine that cannot be asked is named with its reason; the others are shown.
 */
export async function checkHosts(options: Options): Promise<number> {
	refuseWhatIsForThisMachine(options);
	const places = [...new Set(options.on)].map(word => (word === 'this' ? word : addressOf(word)));
	const names = places.map(place => (place === 'this' ? place : place.text));
	const forPerson = process.stdout.isTTY === true && !options.plain && !options.json && !options.quiet;
	if (forPerson && process.stderr.isTTY === true) await complain(`asking ${names.join(', ')}\n`);
	const shells: SshShell[] = [];
	try {
		const results = await inTurns(places, place =>
			place === 'this' ? checkThis(options) : checkOver(place, options, shells)
		);
		await sayResults(results, options, forPerson);
		return hostsExit(results);
	} finally {
		// what a remedy would run there is planned when it is shown
		for (const shell of shells) shell.close();
	}
}

async function sayResults(results: readonly HostResult[], options: Options, forPerson: boolean): Promise<void> {
	const look = {
		order: stepIds,
		now: new Date(),
		ascii: usesAscii(options.ascii),
		color: usesColor(),
		columns: process.stdout.columns ?? 80
	};
	if (options.json) await sayJson(await hostsDocument(results));
	else if (options.quiet) await say(hostsQuiet(results));
	else await say(await (forPerson ? hostsText : hostsLines)(results, look));
}

function addressOf(word: string): SshAddress {
	const address = parseSshAddress(word);
	if (typeof address !== 'string') return address;
	throw new UsageError(
		'unusable-host',
		`--on ${safeLine(word, 200)} ${address}.`,
		'For instance: --on ssh://me@box:22'
	);
}

/** Folders, compilers and files that the command line names are this machine's, and so is what could be mended. */
function refuseWhatIsForThisMachine(options: Options): void {
	const named = (['kdir', 'rustc', 'sysroot', 'module', 'report'] as const).find(flag => options[flag] !== undefined);
	const flag = named ?? (options.mend ? 'mend' : options.hook ? 'hook' : undefined);
	if (flag !== undefined)
		throw new UsageError(
			'flag-elsewhere',
			`--${flag} speaks of this machine, and does not go with --on.`,
			'Leave one of them out.'
		);
}

const asked = (judged: readonly Judged[], {words}: Options): readonly Judged[] =>
	words.length === 0 ? judged : judged.filter(one => words.includes(one.id));

async function checkThis(options: Options): Promise<HostResult> {
	const session = await openSession(options);
	const judged = asked(await session.inspect(), options);
	return {host: 'this', judged, since: await session.since(), notices: session.notices};
}

async function checkOver(address: SshAddress, options: Options, shells: SshShell[]): Promise<HostResult> {
	const host = address.text;
	const opened = await openSshShell(address, process.env);
	if (!opened.ok) return {host, problem: opened.problem};
	const {shell} = opened;
	shells.push(shell);
	const reader = createRemoteReader(shell);
	const memory = await recallThere(reader, stateFolder(reader));
	const view = createView({builder: reader, target: reader, named: {}, memory});
	const all = await inspectAll(steps, view);
	const since = memory.green === undefined ? undefined : await changesSince(memory.green, view, all);
	// what was said after the connection was lost is not what is true there
	const problem = shell.problem();
	return problem === undefined ? {host, judged: asked(all, options), since, notices: []} : {host, problem};
}

/** Does the work for each, at most so many at once; the results stand in the order of what they are of. */
async function inTurns<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
	const results: R[] = [];
	const left = [...all.entries()];
	const worker = async (): Promise<void> => {
		for (let next = left.shift(); next !== undefined; next = left.shift()) results[next[0]] = await work(next[1]);
	};
	await Promise.all(Array.from({length: Math.min(atOnce, all.length)}, worker));
	return results;
}
