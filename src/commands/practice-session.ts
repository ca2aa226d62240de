import {join, resolve} from 'node:path';
import {recall} from '../memory/read.ts';
import type {Reader, Runner} from '../model/machine.ts';
import type {Memory} from '../model/memory.ts';
import type {LoadEvidence, Memo, Trial} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import type {Guest} from '../practice/guest.ts';
import {createPracticeReader, createPracticeRunner} from '../practice/machine.ts';
import type {PracticeMachine} from '../practice/prepare.ts';
import {type GuestEnd, inGuest, withoutGuest} from '../steps/practice-guest.ts';
import {steps} from '../steps/steps.ts';
import {createView, type Named, type View} from '../survey/view.ts';
import {inspectAll, inspectEach} from '../walk/inspect.ts';
import type {Options} from './options.ts';
import type {Session} from './session.ts';

/**
 * The session of a walk in practice mode: the same steps, over the practice root and its guest. Modules are remembered as
 * everywhere; what was loaded does not count there again, because the next guest is a new one; the compiler chosen for this machine is asked only where modules are built on it.
 */
export async function openPracticeSession(
	parts: {
		readonly host: Reader;
		readonly local: Runner;
		readonly state: string;
		readonly practice: PracticeMachine;
		readonly guest: Guest;
		/** The folder of the module that is tried in a copy; the copy is not remembered. */
		readonly tried?: string;
	},
	options: Options,
	folder: string | undefined
): Promise<Session> {
	const {host, local, state, practice, guest, tried} = parts;
	const recalled = await recall(state);
	let memory: Memory = recalled.memory;
	let loads: readonly LoadEvidence[] = [];
	const kdir = practice.kdir ?? options.kdir;
	const here = practice.root === undefined;
	const trial: Trial = {folder: tried, ...(here ? {installed: practice.release} : {})};
	let named: Named = {
		...(kdir === undefined ? {} : {kdir}),
		...(here && options.rustc !== undefined ? {rustc: options.rustc} : {}),
		...(folder === undefined ? {} : {folder: resolve(folder)})
	};
	const shared = (): readonly string[] => [
		...(host.cwd === '/' ? [] : [host.cwd]),
		...(named.folder === undefined ? [] : [named.folder]),
		...(options.folder === undefined ? [] : [resolve(options.folder)]),
		...memory.modules.map(module => module.folder),
		join(host.user.home, '.gitconfig'),
		join(host.user.home, '.config/git')
	];
	const reader = createPracticeReader({host, practice, guest, shared});
	const look = async (): Promise<View> => {
		memory = (await recall(state)).memory;
		return createView({
			builder: reader,
			target: reader,
			named,
			memory: {modules: memory.modules, loads, ...(here && memory.rustc !== undefined ? {rustc: memory.rustc} : {})}
		});
	};
	let judged: readonly Judged[] = [];
	return {
		reader,
		get named() {
			return named;
		},
		notices: recalled.status === 'ok' ? [] : [`${recalled.why}. The walk goes on from what the machine itself says.`],
		look,
		async inspect() {
			const now = guest.why() === undefined ? await inspectAll(steps, await look()) : judged;
			const why = guest.why();
			// a guest that ended while it was looked at answered no question any more
			judged = why === undefined ? inGuest(now, trial) : withoutGuest(judged, await endOf(guest, why), trial);
			return judged;
		},
		inspectEach: async () => inspectEach(steps, await look()),
		get judged() {
			return judged;
		},
		since: async () => undefined,
		welcome: async () => undefined,
		noteArrival: async () => undefined,
		noteGreen: async () => undefined,
		async remember(memos) {
			const kept: Memo[] = [];
			for (const memo of memos) {
				if (memo.kind === 'load') {
					loads = [memo.evidence, ...loads];
					// of a kernel of this machine, it is told when the same file is to be loaded here
					if (here) kept.push({kind: 'trial', evidence: memo.evidence});
				}
				if (memo.kind !== 'module') continue;
				named = {...named, folder: memo.folder};
				if (tried === undefined) kept.push(memo);
			}
			const {remember} = await import('../memory/write.ts');
			return remember(state, kept);
		},
		runner: async () => createPracticeRunner({host, local, practice, guest})
	};
}

/** How a guest ended, once it has: what it said last is complete then. */
async function endOf(guest: Guest, why: string): Promise<GuestEnd> {
	await guest.ended;
	const log = guest.log();
	return {why, lastWords: guest.lastWords(), ...(log === undefined ? {} : {log})};
}
