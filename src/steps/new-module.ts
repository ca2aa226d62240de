import {dirname, join, resolve} from 'node:path';
import {type ModuleApi, markersOf, moduleApi} from '../kernel/api-generation.ts';
import {parseVersion} from '../kernel/version.ts';
import type {Command} from '../model/command.ts';
import type {Reader} from '../model/machine.ts';
import type {Action, Answers, NewFile, Plan} from '../model/step.ts';
import {type Difference, differences} from '../scaffold/differences.ts';
import {authorOf, type GitUser, gitUser} from '../scaffold/git-settings.ts';
import {kernelCrates} from '../scaffold/kernel-crates.ts';
import type {EditorFacts} from '../scaffold/rust-project.ts';
import {templates} from '../scaffold/templates.ts';
import {validateFolder, validateModuleName} from '../scaffold/validate.ts';
import {builtWithClang, type Kernel} from '../survey/kernels.ts';
import type {View} from '../survey/view.ts';
import {chosenCompiler} from './compiler.ts';

/** A plan for a new module; where files stand in the way, also what writing would change in each. */
export type ScaffoldPlan =
	| Plan
	| {
			readonly ok: false;
			readonly why: string;
			readonly folder: string;
			readonly differences: readonly Difference[];
	  };

/**
 * The files of a new module below the current folder, and `git init` where the folder lies in no repository; or why they cannot
 * be written. Looks, writes nothing. Answers: `name`, and optionally `folder`, `author`, `dkms` (`yes`).
 */
export async function planScaffold(
	view: View,
	kernel: Kernel,
	template: string,
	answers: Answers
): Promise<ScaffoldPlan> {
	const {builder} = view;
	if (builder.user.uid === 0 && builder.environment['SUDO_USER'] !== undefined) {
		return {
			ok: false,
			why: 'this runs as root through sudo, and the files of a module should belong to you: run it again without sudo'
		};
	}
	const name = answers['name'] ?? '';
	const valid = validateModuleName(name);
	if (!valid.ok) return {ok: false, why: valid.why};
	const folder = resolve(builder.cwd, answers['folder'] ?? name);
	const path = validateFolder(folder);
	if (!path.ok) return {ok: false, why: path.why};
	const chosen = templates.find(one => one.id === template);
	if (chosen === undefined)
		return {ok: false, why: `there is no template ${template}; there are ${templates.map(one => one.id).join(', ')}`};
	const api = await apiOf(builder, kernel);
	const available = chosen.available(api);
	if (!available.ok) return {ok: false, why: available.why};
	const repository = await repositoryOf(builder, folder);
	const [compiler, author] = await Promise.all([
		chosenCompiler(view),
		answers['author'] ?? authorFromGit(builder, repository)
	]);
	const editor = await editorFacts(view, kernel, compiler?.path);
	// the templates' texts are loaded only when they are to be filled in
	const {scaffold} = await import('../scaffold/scaffold.ts');
	const files = scaffold({
		template: chosen.id,
		name,
		...(author === undefined ? {} : {author}),
		api,
		llvm: builtWithClang(kernel) ?? false,
		...(compiler === undefined ? {} : {rustc: compiler.path}),
		...(editor === undefined ? {} : {editor}),
		dkms: answers['dkms'] === 'yes'
	});
	const taken = await standingInTheWay(builder, folder, files);
	if (taken.size > 0)
		return {
			ok: false,
			why: `${folder} already has ${[...taken.keys()].join(', ')}, and nothing is overwritten. Choose another name, or another folder with --folder`,
			folder,
			differences: differences(taken, files)
		};
	const git = repository === undefined && (await builder.which('git')).status === 'found';
	return {
		ok: true,
		actions: [
			// remembered first: who is killed in between finds nothing where a module is remembered, not a module that nobody knows
			{kind: 'remember', memo: {kind: 'module', folder, name}},
			{kind: 'write', folder, files},
			...(git ? [gitInit(folder)] : [])
		]
	};
}

/** The API the subject kernel's modules are written against: found in its metadata, by its number where that is missing. */
async function apiOf(reader: Reader, kernel: Kernel): Promise<ModuleApi> {
	const version = parseVersion(kernel.support?.kernel ?? kernel.release) ?? [0, 0, 0];
	const [crate, macros] = await Promise.all([
		reader.readBytes(join(kernel.kdir, 'rust/libkernel.rmeta'), 64 * 1024 * 1024),
		reader.readBytes(join(kernel.kdir, 'rust/libmacros.so'), 64 * 1024 * 1024)
	]);
	if (crate.status !== 'found') return moduleApi(version);
	return moduleApi(version, markersOf(crate.value, macros.status === 'found' ? macros.value : undefined));
}

/** The files that are there already, with their text; of one that cannot be read as text, nothing. */
async function standingInTheWay(
	reader: Reader,
	folder: string,
	files: readonly NewFile[]
): Promise<ReadonlyMap<string, string>> {
	const present = await Promise.all(
		files.map(async ({path}) => {
			if ((await reader.stat(join(folder, path))).status === 'absent') return undefined;
			const text = await reader.readText(join(folder, path), 4 * 1024 * 1024);
			return [path, text.status === 'found' ? text.value : ''] as const;
		})
	);
	return new Map(present.filter(one => one !== undefined));
}

/** The innermost folder at or above this one that has a `.git`. */
export async function repositoryOf(reader: Reader, folder: string): Promise<string | undefined> {
	for (let one = folder; ; one = dirname(one)) {
		if ((await reader.stat(join(one, '.git'))).status === 'found') return one;
		if (one === dirname(one)) return undefined;
	}
}

const gitInit = (folder: string): Action => ({
	kind: 'run',
	title: `making ${folder} a git repository`,
	stage: 'other',
	command: {
		argv: ['git', 'init', '--quiet', folder],
		as: 'user',
		terminal: 'captured',
		interrupt: 'group',
		why: 'makes the new folder a git repository; nothing is committed'
	} satisfies Command
});

/** The user of git's settings, as git finds it: the environment, the repository, the user's two files, the machine's (git-config(1), "FILES"). */
async function authorFromGit(reader: Reader, repository: string | undefined): Promise<string | undefined> {
	const {environment, user} = reader;
	const base = environment['XDG_CONFIG_HOME'] ?? join(user.home, '.config');
	const files = [
		'/etc/gitconfig',
		join(base, 'git/config'),
		join(user.home, '.gitconfig'),
		...(repository === undefined ? [] : [join(repository, '.git/config')])
	];
	const texts = await Promise.all(files.map(file => reader.readText(file, 256 * 1024)));
	const [name, email] = [environment['GIT_AUTHOR_NAME'], environment['GIT_AUTHOR_EMAIL']];
	const users = texts.map((text): GitUser => (text.status === 'found' ? gitUser(text.value) : {}));
	return authorOf(Object.assign({}, ...users, name ? {name} : {}, email ? {email} : {}) as GitUser);
}

/** Undefined where the headers carry no configuration for rustc: then no editor can be told anything. */
async function editorFacts(view: View, kernel: Kernel, rustc: string | undefined): Promise<EditorFacts | undefined> {
	const {builder: reader} = view;
	const {kdir} = kernel;
	const [rustcCfg, printed, folder] = await Promise.all([
		reader.readText(join(kdir, 'include/generated/rustc_cfg'), 4 * 1024 * 1024),
		rustc === undefined ? undefined : reader.probe([rustc, '--print', 'sysroot']),
		view.unpackedSource()
	]);
	if (rustcCfg.status !== 'found') return undefined;
	const facts = {
		kdir,
		rustcCfg: rustcCfg.value,
		...(folder === undefined ? {} : {source: {folder, files: await cratesIn(reader, folder)}})
	};
	const sysroot = printed?.status === 'found' && printed.value.code === 0 ? printed.value.stdout.trim() : '';
	if (!sysroot.startsWith('/')) return facts;
	const source = join(sysroot, 'lib/rustlib/src/rust/library');
	return {
		...facts,
		sysroot,
		...((await reader.stat(source)).status === 'found' ? {sysrootSource: source} : {})
	};
}

/** The files of the kernel's crates that a source has: other versions have others. */
async function cratesIn(reader: Reader, folder: string): Promise<readonly string[]> {
	const found = await Promise.all(
		kernelCrates.map(async ({file}) => ((await reader.stat(join(folder, file))).status === 'found' ? [file] : []))
	);
	return found.flat();
}
