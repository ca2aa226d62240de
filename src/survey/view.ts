import type {Found, Reader} from '../model/machine.ts';
import type {Memory} from '../model/memory.ts';
import {type Kernels, readBuilder, type Sourced, surveyKernels} from './kernels.ts';
import {type MachineFacts, surveyMachine} from './machine.ts';
import {type ModuleFolder, surveyModule} from './module.ts';
import {surveyToolchains, type Toolchains} from './toolchains.ts';

/** What the user named; each is a flag of the same name. */
export type Named = {
	readonly kdir?: string;
	readonly rustc?: string;
	/** The module's folder, absolute. */
	readonly folder?: string;
};

/**
 * What the steps look at. Each survey is made once, when the first step asks for it; a new round of inspection makes a new
 * view, so that nothing is judged by what was true before. The builder has compilers and headers, the target runs the module.
 */
export type View = {
	readonly builder: Reader;
	readonly target: Reader;
	readonly named: Named;
	readonly memory: Memory;
	machine(): Promise<MachineFacts>;
	kernels(): Promise<Kernels>;
	toolchains(): Promise<Toolchains>;
	/** The rustc string in the subject kernel's own metadata. */
	kernelRustc(): Promise<Found<Sourced<string>>>;
	module(): Promise<Found<ModuleFolder>>;
	/** Every module worked on before that is still there, the latest first. */
	remembered(): Promise<readonly ModuleFolder[]>;
};

/** `builder` and `target` are one and the same machine, unless a module is tried elsewhere than it is built. */
export function createView(options: {
	readonly builder: Reader;
	readonly target: Reader;
	readonly named: Named;
	readonly memory: Memory;
}): View {
	const {builder, target, named, memory} = options;
	const kernels = once(() => surveyKernels(builder, {kdir: named.kdir}));
	const remembered = once(() => surveyRemembered(builder, memory));
	return {
		...options,
		machine: once(() => surveyMachine(target)),
		kernels,
		toolchains: once(() =>
			surveyToolchains(
				builder,
				named.rustc === undefined ? {rustc: memory.rustc, origin: 'chosen earlier'} : {rustc: named.rustc}
			)
		),
		kernelRustc: once(async () => {
			const {subject} = await kernels();
			return subject === undefined ? {status: 'absent'} : readBuilder(builder, subject.kdir);
		}),
		module: once(() => findModule(builder, named, remembered)),
		remembered
	};
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | undefined;
	return () => {
		made ??= make();
		return made;
	};
}

/** The folder named, else the current one if it holds a module, else the module worked on last. */
async function findModule(
	reader: Reader,
	named: Named,
	remembered: () => Promise<readonly ModuleFolder[]>
): Promise<Found<ModuleFolder>> {
	if (named.folder !== undefined) return surveyModule(reader, named.folder);
	const here = await surveyModule(reader, reader.cwd);
	if (here.status !== 'absent') return here;
	const [latest] = await remembered();
	return latest === undefined ? {status: 'absent'} : {status: 'found', value: latest};
}

async function surveyRemembered(reader: Reader, memory: Memory): Promise<readonly ModuleFolder[]> {
	const found = await Promise.all(memory.modules.map(({folder}) => surveyModule(reader, folder)));
	return found.flatMap(one => (one.status === 'found' ? [one.value] : []));
}
