import {vermagicRelease} from '../kernel/module-info.ts';
import type {Change, Facts, Green, Since} from '../model/facts.ts';
import type {StepId, Verdict} from '../model/step.ts';
import {releaseOfKdir} from '../survey/kernels.ts';
import type {ModuleFolder} from '../survey/module.ts';
import type {View} from '../survey/view.ts';
import {chosenCompiler, wantedCompiler} from './compiler.ts';
import {nameOf} from './kernel.ts';

type Judged = {readonly id: StepId; readonly verdict: Verdict};

/** The steps that say whether this machine can build and load; the others are about one module. */
const foundation: readonly StepId[] = ['machine', 'kernel', 'boot', 'toolchain', 'metadata'];

/** Whether all fits: the foundation is there, and no module waits for a rebuild. */
export function isGreen(judged: readonly Judged[]): boolean {
	const status = (id: StepId) => judged.find(one => one.id === id)?.verdict.status;
	return foundation.every(id => status(id) === 'done') && status('build') !== 'stale';
}

/** What is to be remembered of a green machine; undefined where a part of it could not be read. */
export async function factsOf(view: View): Promise<Facts | undefined> {
	const [{subject}, wanted, compiler] = await Promise.all([view.kernels(), wantedCompiler(view), chosenCompiler(view)]);
	if (subject === undefined || wanted.status !== 'found' || compiler?.identity.status !== 'found') return undefined;
	const [headers, modules] = await Promise.all([releaseOfKdir(view.builder, subject.kdir), view.remembered()]);
	if (headers === undefined) return undefined;
	return {
		kernel: {release: subject.release, ...(subject.package === undefined ? {} : {package: subject.package})},
		wanted: wanted.value.identity.text,
		rustc: {path: compiler.path, text: compiler.identity.value.text},
		kdir: subject.kdir,
		headers,
		modules: modules.flatMap(module => {
			const release = builtFor(module);
			return release === undefined ? [] : [{folder: module.folder, name: module.names[0], release}];
		})
	};
}

/** The release a module was built for; undefined for one that is not built, or damaged. */
export function builtFor({built}: ModuleFolder): string | undefined {
	if (built.status !== 'found' || !built.value.info.ok) return undefined;
	const {vermagic} = built.value.info.info;
	return vermagic === undefined ? undefined : vermagicRelease(vermagic);
}

/**
 * What is not as it was when the machine was last green, and which steps are not done because of it. Undefined where nothing of
 * it changed.
 */
export async function changesSince(green: Green, view: View, judged: readonly Judged[]): Promise<Since | undefined> {
	const [{subject, running}, wanted, {compilers}, modules] = await Promise.all([
		view.kernels(),
		wantedCompiler(view),
		view.toolchains(),
		view.remembered()
	]);
	const open = judged.filter(one => one.verdict.status !== 'done').map(one => one.id);
	const changes: Change[] = [];
	const add = (fact: string, before: string, after: string | undefined, steps: readonly StepId[], note?: string) => {
		if (before === after) return;
		// in the walk's order, which is the order in which they can be mended
		const stale = open.filter(id => steps.includes(id));
		changes.push({fact, before, after, ...(note === undefined ? {} : {note}), stale});
	};

	const note = subject?.running ? 'running' : running === undefined ? undefined : 'not running yet: reboot';
	add(
		'kernel',
		nameOf({release: green.kernel.release, package: green.kernel.package}),
		subject && nameOf(subject),
		['kernel', 'boot', 'metadata', 'build', 'load'],
		note
	);
	const wantedNow = wanted.status === 'found' ? wanted.value.identity.text : undefined;
	add('its rustc', green.wanted, wantedNow, ['toolchain', 'metadata', 'build', 'load']);
	const compiler = compilers.find(one => one.path === green.rustc.path);
	// what could not be found out is no change
	if (compiler?.identity.status !== 'unknown') {
		const text = compiler?.identity.status === 'found' ? compiler.identity.value.text : undefined;
		add('rustc', green.rustc.text, text, ['toolchain', 'build', 'load'], green.rustc.path);
	}
	if (subject !== undefined) {
		// a new kernel has its own KDIR: only what differs from the kernel is news
		const headers = await releaseOfKdir(view.builder, subject.kdir);
		if (headers !== subject.release)
			add('headers', green.headers, headers, ['metadata', 'build', 'load'], subject.kdir);
	}
	for (const before of green.modules) {
		const module = modules.find(one => one.folder === before.folder);
		const after = module && builtFor(module);
		// built for the present kernel by now: nothing to mend
		if (after !== undefined && after === subject?.release) continue;
		const steps: readonly StepId[] = module === undefined ? ['module', 'build', 'load'] : ['build', 'load'];
		add(`module ${before.name}`, `built for ${before.release}`, after && `built for ${after}`, steps, before.folder);
	}
	return changes.length === 0 ? undefined : {at: green.at, changes};
}
