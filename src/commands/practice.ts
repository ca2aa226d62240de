import {rm} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import type {Guest} from '../practice/guest.ts';
import {speakWith} from '../practice/guest.ts';
import {findLaunched} from '../practice/launch.ts';
import {type PracticeMachine, rootsMade} from '../practice/prepare.ts';
import {removeRoot} from '../practice/root.ts';
import {perform} from '../practice/run.ts';
import {connectShell} from '../practice/shell.ts';
import {surveyModule} from '../survey/module.ts';
import {greet} from './greeting.ts';
import type {Options} from './options.ts';
import {complain, exitCodes, hasScreen} from './output.ts';
import {concludePlainly} from './perform.ts';
import {copyModule} from './practice-copy.ts';
import {atWorkplace, sayLastWords, type Workplace, withGuest, workStage} from './practice-machine.ts';
import {openPracticeSession} from './practice-session.ts';
import {refuse} from './refuse.ts';

/** `practice`: the whole walk in a virtual machine of its own; with a word, one thing of it. */
export async function practice(options: Options): Promise<number> {
	if (options.words.length === 0 && !options.yes && !options.dryRun && hasScreen(options)) return onScreen(options);
	return atWorkplace(options, place => {
		switch (options.words[0]) {
			case 'clean':
				return clean(place);
			case 'start':
				return start(place);
			case 'stop':
				return stop(place);
			case 'shell':
				return shell(place);
			default:
				return withGuest(place, async (root, guest) => walk(place, root, guest, await ownModule(place)));
		}
	});
}

/** `load --on practice [dir]`: builds a copy of the module for the practice kernel, and loads that in the guest. */
export function loadInPractice(options: Options): Promise<number> {
	return atWorkplace(options, async place => {
		const folder = resolve(options.words[0] ?? options.module ?? place.host.cwd);
		const module = await surveyModule(place.host, folder);
		if (module.status !== 'found')
			return refuse('load', options, `${folder} holds no module.`, 'Start one with: linux-rust-setup new NAME');
		return withGuest(place, async (root, guest) => {
			const copy = await copyModule(place.paths, folder, root);
			return walk({...place, options: {...options, yes: true}}, root, guest, {
				folder: copy,
				answers: {},
				tried: folder
			});
		});
	});
}

type OwnModule = {
	readonly folder: string | undefined;
	readonly answers: Pick<Options, 'template' | 'name'>;
	/** Set where the folder is a copy: of what. */
	readonly tried?: string;
};

/** The module the walk is about: the one named, the one in the current folder, else a new one. */
async function ownModule({host, options}: Workplace): Promise<OwnModule> {
	if (options.module !== undefined) return {folder: options.module, answers: {}};
	if (options.name === undefined && (await surveyModule(host, host.cwd)).status === 'found')
		return {folder: undefined, answers: {}};
	// somebody who is there is asked
	if (options.name === undefined && !options.yes) return {folder: undefined, answers: {}};
	const template = options.template ?? 'numbers';
	const name = options.name ?? template;
	return {folder: resolve(options.folder ?? join(host.cwd, name)), answers: {template, name}};
}

async function walk(place: Workplace, practice: PracticeMachine, guest: Guest, module: OwnModule): Promise<number> {
	const {host, local, state, options} = place;
	const {tried} = module;
	const session = await openPracticeSession(
		{host, local, state, practice, guest, ...(tried === undefined ? {} : {tried})},
		options,
		module.folder
	);
	place.letGoOfSignals();
	const {unattended} = await import('./unattended.ts');
	// with nobody to ask and nobody's consent, what would be done is shown
	const code = await unattended({...options, ...module.answers, dryRun: options.dryRun || !options.yes}, session);
	if (guest.why() !== undefined) await sayLastWords(guest);
	return code;
}

/** The walk by keys: the wizard's own screens, which lead into practice mode at once. */
async function onScreen(options: Options): Promise<number> {
	await greet(options);
	const [{startWizard}, {createDoor, createOutside}] = await Promise.all([
		import('../ui/start.tsx'),
		import('./practice-door.ts')
	]);
	const session = createOutside(options);
	return startWizard(
		{session, firstLook: session.inspect(), openDoor: async () => createDoor(options), goesIn: true},
		options
	);
}

async function start(place: Workplace): Promise<number> {
	return withGuest(
		place,
		async (root, guest) => {
			await complain(
				`The guest runs ${root.release}; its console is ${guest.paths.console}.\nTry a module: linux-rust-setup load --on practice FOLDER. End it: linux-rust-setup practice stop\n`
			);
			return exitCodes.done;
		},
		true
	);
}

async function stop({paths}: Workplace): Promise<number> {
	const launched = await findLaunched(paths.guest);
	if (launched === undefined) {
		await complain('No guest runs.\n');
		return exitCodes.done;
	}
	await speakWith(launched).stop();
	return exitCodes.done;
}

function shell(place: Workplace): Promise<number> {
	return withGuest(place, async (_root, guest) => {
		await complain('A shell in the guest, as root; exit or Ctrl-D leaves it.\n');
		place.letGoOfSignals();
		await connectShell(guest, process.stdin, text => process.stdout.write(text));
		if (guest.why() === undefined) return exitCodes.done;
		await sayLastWords(guest);
		return exitCodes.programFailed;
	});
}

/** Removes everything practice mode made. */
async function clean(place: Workplace): Promise<number> {
	const {host, paths, options} = place;
	const launched = await findLaunched(paths.guest);
	if (launched !== undefined) await speakWith(launched).stop();
	const stage = workStage(place);
	for (const root of await rootsMade(paths, host)) {
		if ((await host.stat(root.path)).status === 'absent') continue;
		const outcome = await perform(stage, `removing ${root.path}`, removeRoot(root));
		if (outcome.kind !== 'ok') return concludePlainly('practice', outcome, options);
	}
	await rm(paths.folder, {recursive: true, force: true});
	return exitCodes.done;
}
