import type {Command} from '../model/command.ts';
import type {Action, Evidence, Remedy, Step, Verdict} from '../model/step.ts';
import {validateFolder} from '../scaffold/validate.ts';
import type {Dkms} from '../survey/dkms.ts';
import {builtWithClang, type Kernel} from '../survey/kernels.ts';
import type {ModuleFolder} from '../survey/module.ts';
import type {View} from '../survey/view.ts';
import {chosenCompiler} from './compiler.ts';
import {builtFor} from './facts.ts';
import {done, open, remedy} from './verdict.ts';

/** Is it built, from these sources, for this kernel? Where no module was named, the others worked on before are looked at too. */
export const buildStep: Step<View> = {
	id: 'build',
	question: 'Does it build?',
	needs: ['toolchain', 'metadata', 'module'],
	async inspect(view) {
		const [{subject}, module] = await Promise.all([view.kernels(), view.module()]);
		if (subject === undefined || module.status !== 'found') {
			return open('blocked', 'build.no-module', {
				summary: 'there is nothing to build yet',
				question: 'There is nothing to build yet.',
				evidence: []
			});
		}
		const [verdict, others] = await Promise.all([
			inspectModule(view, subject, module.value),
			otherModules(view, module.value)
		]);
		const stale = others.flatMap(one => {
			const staleness = stalenessOf(subject, one);
			return staleness === undefined ? [] : [{module: one, ...staleness}];
		});
		if (stale.length === 0) return verdict;
		const own = stalenessOf(subject, module.value);
		const evidence = [
			...verdict.evidence,
			...stale.map(({module: {names}, what, source}) => ({label: `${names[0]}.ko`, value: what, source}))
		];
		// what is open of the module spoken of comes first; the others wait their turn
		if (verdict.status !== 'done' && own === undefined) return {...verdict, evidence};
		const all = [...(own === undefined ? [] : [{module: module.value, ...own}]), ...stale];
		const names = all.map(one => one.module.names[0]);
		return open(
			'stale',
			all.some(one => one.reason === 'build.other-release')
				? 'build.other-release'
				: (all[0]?.reason ?? 'build.damaged'),
			{
				summary: `${counted(all.length)} a rebuild`,
				question: `${all.map(one => `${one.module.names[0]}.ko ${one.what}`).join(', ')}; the kernel is ${subject.release}. Build ${all.length === 1 ? 'it' : 'them'} again?`,
				evidence,
				remedies: [
					await buildRemedy(
						view,
						subject,
						all.map(one => one.module),
						{id: 'rebuild', label: `Build ${names.join(', ')} again`, mends: true}
					)
				]
			}
		);
	}
};

async function inspectModule(view: View, subject: Kernel, module: ModuleFolder): Promise<Verdict> {
	const {folder, names, built} = module;
	const [name] = names;
	const path = validateFolder(folder);
	if (!path.ok)
		return open('todo', 'build.path', {
			summary: 'kbuild cannot build in this folder',
			question: path.why,
			evidence: [{label: 'folder', value: folder}]
		});
	const first = await buildRemedy(view, subject, [module], {id: 'build', label: `Build ${name}`});
	if (built.status === 'unknown') {
		return open('unknown', 'build.unreadable', {
			summary: `${name}.ko could not be read`,
			question: `${name}.ko could not be read: ${built.why}.`,
			evidence: [],
			remedies: [first]
		});
	}
	if (built.status === 'absent') {
		return open('todo', 'build.never', {
			summary: `${name} is not built`,
			question: `${name} is not built yet. Build it for ${subject.release}?`,
			evidence: [{label: 'module', value: name, source: folder}],
			remedies: [first]
		});
	}
	const {info} = built.value;
	const vermagic = info.ok ? info.info.vermagic : undefined;
	const evidence: Evidence[] = [
		{
			label: `${name}.ko`,
			value: vermagic === undefined ? 'no vermagic' : `vermagic ${vermagic}`,
			source: built.value.path
		}
	];
	const stale = stalenessOf(subject, module);
	if (stale === undefined) {
		const byDkms = builtByDkms(subject, module);
		return byDkms === undefined
			? done(`${name}.ko for ${subject.release}`, evidence)
			: done(`DKMS built ${name} for ${subject.release}`, [...evidence, {label: 'DKMS', value: byDkms}]);
	}
	const {dkms} = module;
	const rebuild =
		stale.reason === 'build.other-release' && dkms !== undefined
			? [
					await buildRemedy(view, subject, [module], {
						id: 'dkms',
						label: `Let DKMS build ${dkms.package}`,
						mends: true
					}),
					first
				]
			: [{...first, mends: true as const}];
	switch (stale.reason) {
		case 'build.damaged':
			return open('stale', 'build.damaged', {
				summary: `${name}.ko is damaged`,
				question: `${name}.ko is no whole kernel module (${stale.what}). Build it again?`,
				evidence,
				remedies: rebuild
			});
		case 'build.other-release':
			return open('stale', 'build.other-release', {
				summary: `${name}.ko ${stale.what}`,
				question: `${name}.ko ${stale.what}, and the kernel is ${subject.release}: it would be refused with "Invalid module format". Build it again?`,
				evidence: [...evidence, {label: 'the kernel is', value: subject.release}],
				remedies: rebuild
			});
		case 'build.sources-newer':
			return open('stale', 'build.sources-newer', {
				summary: 'the sources changed since the last build',
				question: `${stale.source} is newer than ${name}.ko. Build it again?`,
				evidence: [...evidence, {label: 'newer', value: stale.source}],
				remedies: rebuild
			});
	}
}

type Staleness = {
	readonly reason: 'build.damaged' | 'build.other-release' | 'build.sources-newer';
	/** Behind the name of the file, in the user's words. */
	readonly what: string;
	readonly source: string;
};

/** Why a built module is not what a build would make now; undefined where it is, and where it was never built. */
function stalenessOf(kernel: Kernel, module: ModuleFolder): Staleness | undefined {
	const {built, newest} = module;
	if (built.status !== 'found') return undefined;
	const {info, path, modified} = built.value;
	const release = builtFor(module);
	if (release === undefined)
		return {reason: 'build.damaged', what: info.ok ? 'it carries no vermagic' : info.why, source: path};
	if (builtByDkms(kernel, module) !== undefined) return undefined;
	if (release !== kernel.release)
		return {reason: 'build.other-release', what: `was built for ${release}`, source: path};
	if (newest.modified > modified)
		return {reason: 'build.sources-newer', what: 'is older than its sources', source: newest.path};
	return undefined;
}

/** The file that DKMS made for this kernel, where the folder's own module is for another one. */
export function builtByDkms(kernel: Kernel, module: ModuleFolder): string | undefined {
	return builtFor(module) === kernel.release ? undefined : module.dkms?.built.get(kernel.release);
}

/** The modules worked on before, beside the one spoken of; none where the user named one or stands in its folder. */
async function otherModules(view: View, module: ModuleFolder): Promise<readonly ModuleFolder[]> {
	if (view.named.folder !== undefined || module.folder === view.builder.cwd) return [];
	return (await view.remembered()).filter(one => one.folder !== module.folder && validateFolder(one.folder).ok);
}

const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

const counted = (count: number): string =>
	`${numbers[count] ?? count} ${count === 1 ? 'module needs' : 'modules need'}`;

/**
 * The command that builds a module against a kernel's headers. RUSTC is an absolute path always, because which toolchain file
 * rustup's proxy would obey depends on kbuild's working directory, and that changed in 6.13; LLVM=1 exactly for clang kernels.
 */
function buildCommand(kernel: Kernel, folder: string, rustc: string | undefined): Command {
	return {
		argv: [
			'make',
			'-C',
			kernel.kdir,
			`M=${folder}`,
			...(builtWithClang(kernel) ? ['LLVM=1'] : []),
			...(rustc === undefined ? [] : [`RUSTC=${rustc}`]),
			'modules'
		],
		cwd: folder,
		as: 'user',
		terminal: 'captured',
		interrupt: 'group',
		why: `builds the module with the kernel's own build system${builtWithClang(kernel) ? '; LLVM=1 because the kernel was built with clang' : ''}`
	};
}

/**
 * What building a module is. One that is there and was built for another release, or is damaged, is cleaned away first: make goes
 * by time alone, and a kernel's headers may well be older than the module (after a downgrade always).
 */
export function buildActions(kernel: Kernel, module: ModuleFolder, rustc: string | undefined): readonly Action[] {
	const {folder, names} = module;
	const [name] = names;
	const stale = stalenessOf(kernel, module);
	const remember: Action = {kind: 'remember', memo: {kind: 'module', folder, name}};
	const command = buildCommand(kernel, folder, rustc);
	const clean: Command = {
		...command,
		argv: ['make', '-C', kernel.kdir, `M=${folder}`, 'clean'],
		why: 'takes away what was built before: it is newer than these headers, and make would leave it as it is'
	};
	return [
		...(stale === undefined || stale.reason === 'build.sources-newer'
			? []
			: [{kind: 'run', title: `cleaning ${name}`, stage: 'build', command: clean} as const]),
		{kind: 'run', title: `building ${name} for ${kernel.release}`, stage: 'build', command},
		remember
	];
}

/** What handing a module to DKMS is: it builds of the sources it was given, with the rustc that dkms.conf finds. */
function dkmsActions(kernel: Kernel, {package: name}: Dkms, module: ModuleFolder): readonly Action[] {
	const command = (word: 'build' | 'install', why: string): Action => ({
		kind: 'run',
		title: `dkms ${word} ${name}`,
		stage: 'build',
		command: {
			argv: ['dkms', word, name, '-k', kernel.release],
			as: 'root',
			terminal: 'captured',
			interrupt: 'group',
			why
		}
	});
	return [
		command('build', 'builds the module of the sources that DKMS has of it; DKMS is root’s'),
		command('install', `puts it where modprobe of ${kernel.release} finds it`),
		{kind: 'remember', memo: {kind: 'module', folder: module.folder, name: module.names[0]}}
	];
}

async function buildRemedy(
	view: View,
	kernel: Kernel,
	modules: readonly ModuleFolder[],
	said: {readonly id: string; readonly label: string; readonly mends?: true}
): Promise<Remedy> {
	const compiler = await chosenCompiler(view);
	const byDkms =
		said.id === 'build'
			? []
			: modules.filter(one => stalenessOf(kernel, one)?.reason === 'build.other-release' && one.dkms !== undefined);
	return remedy({
		...said,
		consequence: `Some seconds. Writes only below ${byDkms.length === modules.length ? '/var/lib/dkms and /lib/modules' : `${modules.length === 1 ? 'the module’s folder' : 'the modules’ folders'}${byDkms.length === 0 ? '' : ', /var/lib/dkms and /lib/modules'}`}.`,
		// the one spoken of is built last, so that it stays the one worked on last
		actions: modules
			.toReversed()
			.flatMap(module =>
				module.dkms !== undefined && byDkms.includes(module)
					? dkmsActions(kernel, module.dkms, module)
					: buildActions(kernel, module, compiler?.path)
			),
		undo: modules
			.map(module =>
				module.dkms !== undefined && byDkms.includes(module)
					? `sudo dkms unbuild ${module.dkms.package} -k ${kernel.release}`
					: `make -C ${kernel.kdir} M=${module.folder} clean`
			)
			.join(' && ')
	});
}
