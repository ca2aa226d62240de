import {stat} from 'node:fs/promises';
import {resolve} from 'node:path';
import {createLocalReader} from '../machine/reader.ts';
import {stateFolder} from '../machine/state-folder.ts';
import {recall} from '../memory/read.ts';
import type {Reader, Runner} from '../model/machine.ts';
import type {Memo} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {steps} from '../steps/steps.ts';
import {createView, type Named, type View} from '../survey/view.ts';
import {inspectAll} from '../walk/inspect.ts';
import type {Options} from './options.ts';
import {UsageError} from './usage-error.ts';

/** What every command works with: the machine's reading half, what the user named, and fresh views on demand. */
export type Session = {
	readonly reader: Reader;
	/** The user's folder for memory and logs. */
	readonly state: string;
	readonly named: Named;
	/** Sentences about a memory that could not be used. */
	readonly notices: readonly string[];
	/** A new look at the machine, with memory as it is now. */
	look(): Promise<View>;
	inspect(): Promise<readonly Judged[]>;
	/** Remembers, and from now on prefers what was just chosen to what the command line named. Gives a notice where memory had to be repaired. */
	remember(memos: readonly Memo[]): Promise<string | undefined>;
	/** The running half; loaded when something is to be run. Refused for a mounted system. */
	runner(): Promise<Runner>;
};

/** Opens a session, or throws UsageError where what the user named cannot be used. */
export async function openSession(options: Options, folder?: string): Promise<Session> {
	const root = options.sysroot === undefined ? '/' : resolve(options.sysroot);
	if (root !== '/') await needFolder('--sysroot', root);
	const reader = createLocalReader({root});
	const module = folder ?? options.module;
	let named: Named = {
		...(options.kdir === undefined ? {} : {kdir: resolve(options.kdir)}),
		...(options.rustc === undefined ? {} : {rustc: resolve(options.rustc)}),
		...(module === undefined ? {} : {folder: resolve(module)})
	};
	const state = stateFolder(reader);
	const recalled = await recall(state);
	const look = async (): Promise<View> =>
		createView({builder: reader, target: reader, named, memory: (await recall(state)).memory});
	await checkNamed(reader, named, look);
	return {
		reader,
		state,
		get named() {
			return named;
		},
		notices: recalled.status === 'ok' ? [] : [`${recalled.why}. The walk goes on from what the machine itself says.`],
		look,
		inspect: async () => inspectAll(steps, await look()),
		async remember(memos) {
			named = memos.reduce(withChoice, named);
			const {remember} = await import('../memory/write.ts');
			return remember(state, memos);
		},
		async runner() {
			if (root !== '/')
				throw new UsageError(
					'sysroot-is-read-only',
					`--sysroot ${root} is looked at, never changed.`,
					'Use it with check or explain.'
				);
			const {createLocalRunner} = await import('../machine/runner.ts');
			return createLocalRunner(reader);
		}
	};
}

/** A choice made on the screen replaces the flag it answers. */
function withChoice(named: Named, memo: Memo): Named {
	switch (memo.kind) {
		case 'rustc':
			return {...named, rustc: memo.path};
		case 'module':
			return {...named, folder: memo.folder};
		case 'load':
			return named;
	}
}

async function needFolder(flag: string, path: string): Promise<void> {
	const facts = await stat(path).catch(() => undefined);
	if (!facts?.isDirectory())
		throw new UsageError('no-such-folder', `${flag} ${path} is no folder.`, 'Name a folder that exists.');
}

async function checkNamed(reader: Reader, named: Named, look: () => Promise<View>): Promise<void> {
	if (named.rustc !== undefined && (await reader.which(named.rustc)).status !== 'found') {
		throw new UsageError(
			'rustc-unusable',
			`--rustc ${named.rustc} is no program that can be run.`,
			'Name the compiler itself, for instance /usr/bin/rustc.'
		);
	}
	if (named.kdir === undefined) return;
	const {kdirProblem} = await (await look()).kernels();
	if (kdirProblem !== undefined) {
		throw new UsageError(
			'kdir-unusable',
			`${kdirProblem}.`,
			'Name the build folder of a kernel, for instance --kdir /lib/modules/$(uname -r)/build.'
		);
	}
}
