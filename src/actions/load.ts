import {exportedSymbols, neededSymbols, symversNames} from '../kernel/symbols.ts';
import type {Command} from '../model/command.ts';
import type {Exit, KernelLogLine, Reader} from '../model/machine.ts';
import type {LoadAction} from '../model/step.ts';
import type {Outcome} from '../model/walk.ts';
import {hashOf, largestModule} from '../survey/module.ts';
import {usersOf} from '../survey/module-users.ts';
import {describeExit, troubleFrom} from './explain.ts';
import {type Heard, readKernelLine} from './kernel-line.ts';
import {becomeRoot, type Stage} from './stage.ts';

/** Quiet for this long after insmod or rmmod means the module said what it had to say, in milliseconds. */
const silence = 250;
const longestWait = 2000;

/**
 * Loads a module with the kernel log open beforehand, so that its first words are not missed; keeps it loaded as long as it is
 * watched; unloads it; remembers what it said, keyed by the file's hash and the release.
 */
export async function performLoad(load: LoadAction, stage: Stage): Promise<Outcome> {
	const lacking = await symbolsLacking(load, stage);
	if (lacking !== undefined) return lacking;
	// one question for the whole action, before the log is opened
	const root = await becomeRoot(stage, load.insmod);
	if (!root.ok) return {kind: 'refused', why: root.why, command: root.command};
	const ear = await listen(load.name, stage);
	try {
		for (;;) {
			const changed = await changedSinceChecked(load, stage);
			if (changed !== undefined) return changed;
			const loaded = await change(load.insmod, stage, ear, `loading ${load.name}`);
			if (loaded !== undefined) return loaded;
			stage.emit({kind: 'loaded', name: load.name});
			if (load.afterwards === 'stay') return {kind: 'ok'};
			const wish = stage.watched === undefined ? 'unload' : await stage.watched();
			if (wish === 'leave') return {kind: 'ok'};
			const unloaded = await change(load.rmmod, stage, ear, `unloading ${load.name}`);
			if (unloaded !== undefined) return unloaded;
			stage.emit({kind: 'unloaded', name: load.name});
			if (wish === 'unload') break;
		}
	} finally {
		ear.close();
	}
	// unheard is no evidence: the step stays open, and the notice said why
	if (!ear.isOpen) return {kind: 'ok'};
	const spoke = ear
		.heard()
		.filter(one => one.line.own)
		.map(one => one.line.text);
	const notice = await stage.remember([
		{
			kind: 'load',
			evidence: {
				name: load.name,
				hash: load.hash,
				release: load.release,
				spoke: spoke.slice(0, 100),
				at: new Date().toISOString()
			}
		}
	]);
	if (notice !== undefined) stage.emit({kind: 'notice', text: notice});
	return {kind: 'ok'};
}

/** Unloads a module with the kernel log open, for its last words. */
export async function performUnload(load: LoadAction, stage: Stage): Promise<Outcome> {
	const root = await becomeRoot(stage, load.rmmod);
	if (!root.ok) return {kind: 'refused', why: root.why, command: root.command};
	const ear = await listen(load.name, stage);
	try {
		const outcome = await change(load.rmmod, stage, ear, `unloading ${load.name}`);
		if (outcome !== undefined) return outcome;
		stage.emit({kind: 'unloaded', name: load.name});
		return {kind: 'ok'};
	} finally {
		ear.close();
	}
}

/** Refuses a file that is no longer the one the plan was made for; one that cannot be read is left to insmod, which says why. */
async function changedSinceChecked({file, hash}: LoadAction, stage: Stage): Promise<Outcome | undefined> {
	const bytes = await stage.reader.readBytes(file, largestModule);
	if (bytes.status !== 'found' || hashOf(bytes.value) === hash) return undefined;
	return {
		kind: 'refused',
		why: `${file} changed since it was checked, and was not loaded: look at it again, then load it`
	};
}

/** Far more than the list of all symbols of a big kernel with all its modules. */
const longestKallsyms = 128 * 1024 * 1024;
const symbolsShown = 3;

/** Refuses a module that needs names the running kernel does not export; where they cannot be listed, insmod decides. */
async function symbolsLacking({name, file, release}: LoadAction, stage: Stage): Promise<Outcome | undefined> {
	const running = await stage.reader.readText('/proc/sys/kernel/osrelease', 256);
	if (running.status !== 'found' || running.value.trim() !== release) return undefined;
	const bytes = await stage.reader.readBytes(file, largestModule);
	const needed = bytes.status === 'found' ? neededSymbols(bytes.value) : undefined;
	if (needed === undefined) return undefined;
	const kallsyms = await stage.reader.readText('/proc/kallsyms', longestKallsyms);
	const listed = kallsyms.status === 'found' ? exportedSymbols(kallsyms.value) : undefined;
	const offered = listed ?? (await symbolsOfHeaders(release, stage.reader));
	if (offered === undefined) return undefined;
	const lacking = needed.filter(symbol => !offered.has(symbol));
	if (lacking.length === 0) return undefined;
	const more = lacking.length > symbolsShown ? ` and ${lacking.length - symbolsShown} more` : '';
	return {
		kind: 'refused',
		why: `${name} needs ${lacking.slice(0, symbolsShown).join(', ')}${more}, which the running kernel does not export: insmod would end with "Unknown symbol in module". Either the headers it was built with are not those of the running kernel (build it again after their package was updated), or another module has to be loaded first`
	};
}

/**
 * What the headers of the running kernel say it exports, for one that does not list that itself. They name the exports of modules
 * that are not loaded as well, but not of those from outside of its tree: undefined where one of them is loaded.
 */
async function symbolsOfHeaders(release: string, reader: Reader): Promise<ReadonlySet<string> | undefined> {
	const [symvers, modules] = await Promise.all([
		reader.readText(`/lib/modules/${release}/build/Module.symvers`, largestModule),
		reader.readText('/proc/modules', 1024 * 1024)
	]);
	// the flags of a module's taint end its line (kernel/module/procfs.c)
	if (symvers.status !== 'found' || modules.status !== 'found' || /\([A-Z]*O[A-Z]*\)$/m.test(modules.value))
		return undefined;
	const names = symversNames(symvers.value);
	return names.size === 0 ? undefined : names;
}

/** One insmod or rmmod, and the words it brought forth. Gives the outcome that ends the action, or undefined when it went well. */
async function change(command: Command, stage: Stage, ear: Ear, title: string): Promise<Outcome | undefined> {
	const root = await becomeRoot(stage, command);
	if (!root.ok) return {kind: 'refused', why: root.why, command: root.command};
	stage.emit({kind: 'phase', text: title});
	const before = ear.heard().length;
	ear.mark();
	let output = '';
	const running = await stage.runner.run(command, {
		onOutput(text) {
			output += text;
		}
	});
	// a kernel of this machine is not interrupted, one that is thrown away can be; a wish from before is not about this
	const cancel = (): void => running.cancel();
	stage.signal.addEventListener('abort', cancel, {once: true});
	const exit = await running.exit;
	stage.signal.removeEventListener('abort', cancel);
	if (exit.kind === 'cancelled') return {kind: 'cancelled'};
	await ear.settle();
	const said = ear.heard().slice(before);
	const broke = said.find(one => one.line.note?.harmless === false && /panicked|BUG|Oops|panic/i.test(one.raw));
	if (exit.kind === 'exited' && exit.code === 0 && broke === undefined) return undefined;
	return {
		kind: 'failed',
		trouble: await troubleFrom({
			title: titleOf(command, exit),
			output: `${said.map(one => one.raw).join('\n')}\n${await withUsers(output, stage.reader)}`,
			exit
		})
	};
}

/** rmmod says that a module is in use, not by whom: that is looked up, and put where modprobe would say it. */
async function withUsers(output: string, reader: Reader): Promise<string> {
	const name = /Module (\S+) is in use$/m.exec(output)?.[1];
	const users = name === undefined ? undefined : await usersOf(reader, name);
	return users === undefined ? output : output.replace(/ is in use$/m, () => ` is in use by: ${users}`);
}

const titleOf = (command: Command, exit: Exit): string => `${command.argv[0]} ${describeExit(exit)}`;

type Ear = {
	/** Whether the kernel log could be opened at all. */
	readonly isOpen: boolean;
	heard(): readonly Heard[];
	/** Times count from the first mark. */
	mark(): void;
	/** Waits until the kernel fell silent. */
	settle(): Promise<void>;
	close(): void;
};

async function listen(name: string, stage: Stage): Promise<Ear> {
	const heard: Heard[] = [];
	let zero: number | undefined;
	let marked = false;
	let lastWord = 0;
	const hear = (raw: KernelLogLine): void => {
		const one = readKernelLine(raw, name, microseconds => {
			if (marked) zero ??= microseconds;
			return zero ?? microseconds;
		});
		if (one === undefined) return;
		lastWord = performance.now();
		heard.push(one);
		stage.emit({kind: 'kernel', line: one.line});
	};
	const close = await followLog(stage, hear);
	return {
		isOpen: close !== undefined,
		heard: () => heard,
		mark() {
			marked = true;
		},
		async settle() {
			const until = performance.now() + longestWait;
			lastWord = performance.now();
			while (performance.now() < until && performance.now() - lastWord < silence)
				await new Promise(resolve => setTimeout(resolve, 30));
		},
		close: () => close?.()
	};
}

/** Opens the log; where that needs root and root cannot be had, the walk goes on without it and says so. */
async function followLog(stage: Stage, hear: (line: KernelLogLine) => void): Promise<(() => void) | undefined> {
	const missed = (): void =>
		stage.emit({kind: 'notice', text: 'the kernel said more than could be read: some lines are missing here'});
	const following = await stage.runner.followKernelLog(
		hear,
		missed,
		async command => (await becomeRoot(stage, command)).ok
	);
	if (following.source === undefined) {
		stage.emit({kind: 'notice', text: `the kernel log could not be read: ${following.why}`});
		return undefined;
	}
	stage.emit({kind: 'source', text: following.source});
	return () => following.close();
}
