import {join} from 'node:path';
import {dataFolder} from '../machine/state-folder.ts';
import type {Found, Reader} from '../model/machine.ts';
import type {Memory} from '../model/memory.ts';
import {parseIdentity} from '../toolchain/identity.ts';
import {type BootLoader, surveyBootLoader} from './boot-loader.ts';
import {type CrateHashes, surveyCrateHashes} from './crate-hash.ts';
import {configuredRustc, type Kernels, readBuilder, type Sourced, sourceVersion, surveyKernels} from './kernels.ts';
import {type MachineFacts, surveyMachine} from './machine.ts';
import {type ModuleFolder, surveyModule} from './module.ts';
import {findSources, findUnpacked, type KernelSource} from './sources.ts';
import {surveyToolchains, type Toolchains} from './toolchains.ts';

/** What the user named; each is a flag of the same name. */
export type Named = {
	readonly kdir?: string;
	readonly rustc?: string;
	/** The source of the kernel, a folder or a tarball, absolute. */
	readonly source?: string;
	/** The module's folder, absolute. */
	readonly folder?: string;
	/** The folder of a recipe for a kernel, absolute. */
	readonly recipe?: string;
	/** Where packages are built, absolute. */
	readonly buildFolder?: string;
	/** The address of the AUR, or of a place of its shape. */
	readonly aur?: string;
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
	bootLoader(): Promise<BootLoader>;
	/** Another one each time the machine starts. */
	bootId(): Promise<string | undefined>;
	toolchains(): Promise<Toolchains>;
	/** The rustc string in the subject kernel's own metadata. */
	kernelRustc(): Promise<Found<Sourced<string>>>;
	/**
	 * Which compiler built the subject kernel, by its symbols: for a kernel without metadata, of the compilers with the number that
	 * its configuration names, because more than the number may differ. Undefined where this tells nothing.
	 */
	crateHashes(): Promise<CrateHashes | undefined>;
	/** What may be the source of the subject kernel. */
	sources(): Promise<readonly KernelSource[]>;
	/** The folder of an unpacked source that fits the kernel, where there is one. */
	unpackedSource(): Promise<string | undefined>;
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
	const toolchains = once(() =>
		surveyToolchains(
			builder,
			named.rustc === undefined ? {rustc: memory.rustc, origin: 'chosen earlier'} : {rustc: named.rustc}
		)
	);
	const kernelRustc = once(async (): Promise<Found<Sourced<string>>> => {
		const {subject} = await kernels();
		return subject === undefined ? {status: 'absent'} : readBuilder(builder, subject.kdir);
	});
	return {
		...options,
		machine: once(() => surveyMachine(target)),
		kernels,
		bootLoader: once(() => surveyBootLoader(target)),
		bootId: once(async () => {
			const text = await target.readText('/proc/sys/kernel/random/boot_id', 64);
			return text.status === 'found' ? text.value.trim() || undefined : undefined;
		}),
		toolchains,
		kernelRustc,
		crateHashes: once(async () => {
			const [{subject}, metadata, {compilers}] = await Promise.all([kernels(), kernelRustc(), toolchains()]);
			if (subject === undefined || subject.rust !== 'on' || metadata.status === 'found') return undefined;
			const number = parseIdentity(configuredRustc(subject) ?? '')?.versionText;
			const asked = compilers.filter(
				({identity}) =>
					identity.status === 'found' && (number ?? identity.value.versionText) === identity.value.versionText
			);
			return asked.length === 0 ? undefined : surveyCrateHashes(builder, subject, asked);
		}),
		sources: once(async () => {
			const {subject} = await kernels();
			const version = subject && sourceVersion(subject);
			return version === undefined
				? []
				: findSources(builder, version, {named: named.source, kept: join(dataFolder(builder), 'sources')});
		}),
		unpackedSource: once(async () => {
			const {subject} = await kernels();
			return subject === undefined
				? undefined
				: findUnpacked(builder, sourceVersion(subject) ?? subject.release, {
						named: named.source,
						kdir: subject.kdir,
						kept: join(dataFolder(builder), 'sources')
					});
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
