import {vermagicRelease} from '../kernel/module-info.ts';
import type {Command} from '../model/command.ts';
import type {Evidence, Remedy, Step} from '../model/step.ts';
import {validateFolder} from '../scaffold/validate.ts';
import {builtWithClang, type Kernel} from '../survey/kernels.ts';
import type {ModuleFolder} from '../survey/module.ts';
import type {View} from '../survey/view.ts';
import {chosenCompiler} from './compiler.ts';
import {done, open, remedy} from './verdict.ts';

/** Is it built, from these sources, for this kernel? */
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
		const {folder, names, built, newest} = module.value;
		const [name] = names;
		const path = validateFolder(folder);
		if (!path.ok)
			return open('todo', 'build.path', {
				summary: 'kbuild cannot build in this folder',
				question: path.why,
				evidence: [{label: 'folder', value: folder}]
			});
		const remedies = [await buildRemedy(view, subject, module.value)];
		if (built.status === 'unknown') {
			return open('unknown', 'build.unreadable', {
				summary: `${name}.ko could not be read`,
				question: `${name}.ko could not be read: ${built.why}.`,
				evidence: [],
				remedies
			});
		}
		if (built.status === 'absent') {
			return open('todo', 'build.never', {
				summary: `${name} is not built`,
				question: `${name} is not built yet. Build it for ${subject.release}?`,
				evidence: [{label: 'module', value: name, source: folder}],
				remedies
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
		if (!info.ok || vermagic === undefined) {
			const why = info.ok ? 'it carries no vermagic' : info.why;
			return open('stale', 'build.damaged', {
				summary: `${name}.ko is damaged`,
				question: `${name}.ko is no whole kernel module (${why}). Build it again?`,
				evidence,
				remedies
			});
		}
		const release = vermagicRelease(vermagic);
		if (release !== subject.release) {
			return open('stale', 'build.other-release', {
				summary: `${name}.ko was built for ${release}`,
				question: `${name}.ko was built for ${release}, and the kernel is ${subject.release}: it would be refused with "Invalid module format". Build it again?`,
				evidence: [...evidence, {label: 'the kernel is', value: subject.release}],
				remedies
			});
		}
		if (newest.modified > built.value.modified) {
			return open('stale', 'build.sources-newer', {
				summary: 'the sources changed since the last build',
				question: `${newest.path} is newer than ${name}.ko. Build it again?`,
				evidence: [...evidence, {label: 'newer', value: newest.path}],
				remedies
			});
		}
		return done(`${name}.ko for ${release}`, evidence);
	}
};

/**
 * The command that builds a module against a kernel's headers. RUSTC is an absolute path always, because which toolchain file
 * rustup's proxy would obey depends on kbuild's working directory, and that changed in 6.13; LLVM=1 exactly for clang kernels.
 */
export function buildCommand(kernel: Kernel, folder: string, rustc: string | undefined): Command {
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

async function buildRemedy(view: View, kernel: Kernel, module: ModuleFolder): Promise<Remedy> {
	const compiler = await chosenCompiler(view);
	const [name] = module.names;
	return remedy({
		id: 'build',
		label: `Build ${name}`,
		consequence: 'Some seconds. Writes only below the module’s folder.',
		actions: [
			{
				kind: 'run',
				title: `building ${name} for ${kernel.release}`,
				stage: 'build',
				command: buildCommand(kernel, module.folder, compiler?.path)
			},
			{kind: 'remember', memo: {kind: 'module', folder: module.folder, name}}
		],
		undo: `make -C ${kernel.kdir} M=${module.folder} clean`
	});
}
