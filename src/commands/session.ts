import {join, resolve} from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {withKnownAnswers} from '../machine/answers.ts';
import {createLocalReader} from '../machine/reader.ts';
import {cacheFolder, stateFolder} from '../machine/state-folder.ts';
import {isNews} from '../memory/memo.ts';
import {recall} from '../memory/read.ts';
import type {Since} from '../model/facts.ts';
import type {Reader, Runner} from '../model/machine.ts';
import type {Memory} from '../model/memory.ts';
import type {Memo} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {changesSince, factsOf, isGreen} from '../steps/facts.ts';
import {resumeOf, welcome} from '../steps/resume.ts';
import {steps} from '../steps/steps.ts';
import {createView, type Named, type View} from '../survey/view.ts';
import {inspectAll, inspectEach} from '../walk/inspect.ts';
import type {Options} from './options.ts';
import {UsageError} from './usage-error.ts';

/** What every command works with: the machine's reading half, what the user named, and fresh views on demand. */
export type Session = {
	readonly reader: Reader;
	readonly named: Named;
	/** Sentences about a memory that could not be used. */
	readonly notices: readonly string[];
	/** A new look at the machine, with memory as it is now. */
	look(): Promise<View>;
	inspect(): Promise<readonly Judged[]>;
	/** The same, each step for itself, as if none waited for another. */
	inspectEach(): Promise<readonly Judged[]>;
	/** What the last inspection said. */
	readonly judged: readonly Judged[];
	/** What changed since all last fitted, as the last inspection saw it. Undefined where nothing did, and where flags name another system. */
	since(): Promise<Since | undefined>;
	/** The sentence for who comes back from a reboot they set out for; undefined for everybody else. */
	welcome(): Promise<string | undefined>;
	/** After the welcome to the kernel that was to run: there is nothing to wait for any more. Gives a notice as `noteGreen`. */
	noteArrival(): Promise<string | undefined>;
	/** Remembers that all fits, where the last inspection saw that and it is news. Gives a notice where memory had to be repaired. */
	noteGreen(): Promise<string | undefined>;
	/** Remembers, and from now on prefers what was just chosen to what the command line named. Gives a notice where memory had to be repaired. */
	remember(memos: readonly Memo[]): Promise<string | undefined>;
	/** The running half; loaded when something is to be run. Refused for a mounted system. */
	runner(): Promise<Runner>;
};

/** Opens a session, or throws UsageError where what the user named cannot be used. */
export async function openSession(options: Options, folder?: string): Promise<Session> {
	const root = options.sysroot === undefined ? '/' : resolve(options.sysroot);
	if (root !== '/') await needFolder('--sysroot', root);
	const local = createLocalReader({root});
	const reader = withKnownAnswers(local, join(cacheFolder(local), 'compilers.json'));
	const module = folder ?? options.module;
	let named: Named = {
		...(options.kdir === undefined ? {} : {kdir: resolve(options.kdir)}),
		...(options.rustc === undefined ? {} : {rustc: resolve(options.rustc)}),
		...(options.source === undefined ? {} : {source: resolve(options.source)}),
		...(module === undefined ? {} : {folder: resolve(module)}),
		...(options.recipe === undefined ? {} : {recipe: resolve(options.recipe)}),
		...(options['build-folder'] === undefined ? {} : {buildFolder: resolve(options['build-folder'])}),
		...(options.aur === undefined ? {} : {aur: checkedAddress(options.aur)})
	};
	const state = stateFolder(reader);
	const recalled = await recall(state);
	const view = (memory: Memory): View => createView({builder: reader, target: reader, named, memory});
	// what the flags name was looked at just now: the first look goes on from there
	const opened = view(recalled.memory);
	let first: View | undefined = opened;
	let hasArrived = false;
	await checkNamed(reader, named, first);
	const look = async (): Promise<View> => {
		const taken = first ?? view((await recall(state)).memory);
		first = undefined;
		return taken;
	};
	let last: {readonly view: View; readonly judged: readonly Judged[]} | undefined;
	/** The system as it stands: not a mounted one, no other kernel or compiler than it has itself. */
	const isOwn = root === '/' && options.kdir === undefined && options.rustc === undefined;
	const rememberAll = async (memos: readonly Memo[]): Promise<string | undefined> => {
		if (!isNews(await recall(state), memos)) return undefined;
		const {remember} = await import('../memory/write.ts');
		return remember(state, memos);
	};
	return {
		reader,
		get named() {
			return named;
		},
		notices: recalled.status === 'ok' ? [] : [`${recalled.why}. The walk goes on from what the machine itself says.`],
		look,
		async inspect() {
			const view = await look();
			const judged = await inspectAll(steps, view);
			last = {view, judged};
			return judged;
		},
		inspectEach: async () => inspectEach(steps, await look()),
		get judged() {
			return last?.judged ?? [];
		},
		async since() {
			const green = last?.view.memory.green;
			return isOwn && last !== undefined && green !== undefined
				? changesSince(green, last.view, last.judged)
				: undefined;
		},
		async welcome() {
			if (!isOwn || recalled.memory.expectedBoot === undefined) return undefined;
			const resume = await resumeOf(opened);
			hasArrived = resume.kind === 'arrived';
			return welcome(resume);
		},
		async noteArrival() {
			if (!hasArrived) return undefined;
			hasArrived = false;
			return rememberAll([{kind: 'expected-boot', boot: undefined}]);
		},
		async noteGreen() {
			if (!isOwn || last === undefined || !isGreen(last.judged)) return undefined;
			const facts = await factsOf(last.view);
			if (facts === undefined) return undefined;
			const at = new Date().toISOString();
			// once a day where nothing else is new: what writes is heavy to load
			const {at: before, ...known} = last.view.memory.green ?? {at: ''};
			if (before.slice(0, 10) === at.slice(0, 10) && isDeepStrictEqual(known, facts)) return undefined;
			return rememberAll([{kind: 'green', green: {at, ...facts}}]);
		},
		async remember(memos) {
			named = memos.reduce(withChoice, named);
			return rememberAll(memos);
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
		case 'trial':
		case 'green':
		case 'review':
		case 'package-build':
		case 'packages':
		case 'expected-boot':
			return named;
	}
}

async function needFolder(flag: string, path: string): Promise<void> {
	const facts = await createLocalReader().stat(path);
	if (facts.status !== 'found' || facts.value.kind !== 'folder')
		throw new UsageError('no-such-folder', `${flag} ${path} is no folder.`, 'Name a folder that exists.');
}

/** An address that curl and git both take, and nothing that either would read as an option or a program to run. */
function checkedAddress(text: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol === 'https:' || url?.protocol === 'http:') return text;
	throw new UsageError(
		'aur-unusable',
		`--aur ${text} is no address that begins with https:// or http://.`,
		'Leave it out for https://aur.archlinux.org.'
	);
}

async function checkNamed(reader: Reader, named: Named, view: View): Promise<void> {
	if (named.rustc !== undefined && (await reader.which(named.rustc)).status !== 'found') {
		throw new UsageError(
			'rustc-unusable',
			`--rustc ${named.rustc} is no program that can be run.`,
			'Name the compiler itself, for instance /usr/bin/rustc.'
		);
	}
	if (named.source !== undefined && (await reader.stat(named.source)).status !== 'found') {
		throw new UsageError(
			'no-such-source',
			`--source ${named.source} does not exist.`,
			'Name the source of the kernel: its folder, or a tarball of it.'
		);
	}
	if (named.recipe !== undefined && (await reader.stat(join(named.recipe, 'PKGBUILD'))).status !== 'found') {
		throw new UsageError(
			'recipe-unusable',
			`--recipe ${named.recipe} holds no PKGBUILD that can be read.`,
			'Name the folder that holds the PKGBUILD.'
		);
	}
	if (named.kdir === undefined) return;
	const {kdirProblem} = await view.kernels();
	if (kdirProblem !== undefined) {
		throw new UsageError(
			'kdir-unusable',
			`${kdirProblem}.`,
			'Name the build folder of a kernel, for instance --kdir /lib/modules/$(uname -r)/build.'
		);
	}
}
