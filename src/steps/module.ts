import {join, resolve} from 'node:path';
import {type ModuleApi, markersOf, moduleApi} from '../kernel/api-generation.ts';
import {parseVersion} from '../kernel/version.ts';
import type {Reader} from '../model/machine.ts';
import type {Answers, Plan, Question, Remedy, Step} from '../model/step.ts';
import {templates} from '../scaffold/templates.ts';
import {validateFolder, validateModuleName} from '../scaffold/validate.ts';
import {builtWithClang, type Kernel} from '../survey/kernels.ts';
import {loadedModules, surveyModule} from '../survey/module.ts';
import type {View} from '../survey/view.ts';
import {chosenCompiler} from './compiler.ts';
import {done, open} from './verdict.ts';

/** Is there a module to build? */
export const moduleStep: Step<View> = {
	id: 'module',
	question: 'Is there a module to build?',
	needs: ['kernel'],
	async inspect(view) {
		const [{subject}, module] = await Promise.all([view.kernels(), view.module()]);
		if (module.status === 'found') {
			const {folder, names, newest} = module.value;
			return done(`${names.join(', ')} in ${folder}`, [
				{label: 'module', value: names.join(', '), source: folder},
				{label: 'newest source', value: newest.path}
			]);
		}
		const remedies = subject === undefined ? [] : [...(await scaffoldRemedies(view, subject)), existingRemedy(view)];
		if (module.status === 'unknown') {
			return open('unknown', 'module.unreadable', {
				summary: 'the module folder could not be read',
				question: `The module folder could not be read: ${module.why}.`,
				evidence: [],
				remedies
			});
		}
		if (view.named.folder !== undefined) {
			return open('todo', 'module.not-a-module', {
				summary: `${view.named.folder} holds no module`,
				question: `${view.named.folder} has no Kbuild or Makefile with a line "obj-m := NAME.o", so kbuild finds no module there. Start a new one?`,
				evidence: [{label: 'folder', value: 'no obj-m', source: view.named.folder}],
				remedies
			});
		}
		return open('todo', 'module.none', {
			summary: 'no module yet',
			question: 'There is no module yet. What shall the first one be?',
			evidence: [{label: 'looked in', value: 'no Kbuild with obj-m', source: view.builder.cwd}],
			remedies
		});
	}
};

/** The API the subject kernel's modules are written against: found in its metadata, by its number where that is missing. */
export async function apiOf(reader: Reader, kernel: Kernel): Promise<ModuleApi> {
	const version = parseVersion(kernel.support?.kernel ?? kernel.release) ?? [0, 0, 0];
	const [crate, macros] = await Promise.all([
		reader.readBytes(join(kernel.kdir, 'rust/libkernel.rmeta'), 64 * 1024 * 1024),
		reader.readBytes(join(kernel.kdir, 'rust/libmacros.so'), 64 * 1024 * 1024)
	]);
	if (crate.status !== 'found') return moduleApi(version);
	return moduleApi(version, markersOf(crate.value, macros.status === 'found' ? macros.value : undefined));
}

async function scaffoldRemedies(view: View, kernel: Kernel): Promise<readonly Remedy[]> {
	const loaded = await loadedModules(view.target);
	const name: Question = {
		id: 'name',
		flag: '--name',
		label: 'Name of the module',
		validate(value) {
			const checked = validateModuleName(value, loaded.status === 'found' ? {loaded: loaded.value} : {});
			return checked.ok
				? undefined
				: checked.suggestion === undefined
					? checked.why
					: `${checked.why} Try ${checked.suggestion}.`;
		}
	};
	return templates.map(
		(template): Remedy => ({
			id: template.id,
			label: `Start from the template ${template.id}: ${template.title}`,
			consequence: template.teaches,
			answer: `--template ${template.id} --name NAME`,
			questions: [{...name, initial: template.id}],
			plan: answers => planScaffold(view, kernel, template.id, answers),
			undo: 'Delete the new folder.'
		})
	);
}

/** The files of a new module below the current folder, or why they cannot be written. Looks, writes nothing. */
export async function planScaffold(view: View, kernel: Kernel, template: string, answers: Answers): Promise<Plan> {
	if (view.builder.user.uid === 0 && view.builder.environment['SUDO_USER'] !== undefined) {
		return {
			ok: false,
			why: 'this runs as root through sudo, and the files of a module should belong to you: run it again without sudo'
		};
	}
	const name = answers['name'] ?? '';
	const valid = validateModuleName(name);
	if (!valid.ok) return {ok: false, why: valid.why};
	const folder = resolve(view.builder.cwd, answers['folder'] ?? name);
	const path = validateFolder(folder);
	if (!path.ok) return {ok: false, why: path.why};
	const chosen = templates.find(one => one.id === template);
	if (chosen === undefined)
		return {ok: false, why: `there is no template ${template}; there are ${templates.map(one => one.id).join(', ')}`};
	const api = await apiOf(view.builder, kernel);
	const available = chosen.available(api);
	if (!available.ok) return {ok: false, why: available.why};
	const author = answers['author'] ?? (await authorFromGit(view.builder));
	const compiler = await chosenCompiler(view);
	// the templates' texts are loaded only when they are to be filled in
	const {scaffold} = await import('../scaffold/scaffold.ts');
	const files = scaffold({
		template: chosen.id,
		name,
		...(author === undefined ? {} : {author}),
		api,
		llvm: builtWithClang(kernel) ?? false,
		...(compiler === undefined ? {} : {rustc: compiler.path})
	});
	const existing = await Promise.all(
		files.map(async file => ({file, facts: await view.builder.stat(join(folder, file.path))}))
	);
	const taken = existing.filter(one => one.facts.status !== 'absent').map(one => one.file.path);
	if (taken.length > 0)
		return {
			ok: false,
			why: `${folder} already has ${taken.join(', ')}, and nothing is overwritten. Choose another name, or another folder with --folder`
		};
	return {
		ok: true,
		actions: [
			{kind: 'write', folder, files},
			{kind: 'remember', memo: {kind: 'module', folder, name}}
		]
	};
}

/** `user.name` of the user's own git settings; includes and other scopes are left to git. */
async function authorFromGit(reader: Reader): Promise<string | undefined> {
	const base = reader.environment['XDG_CONFIG_HOME'] ?? join(reader.user.home, '.config');
	for (const file of [join(reader.user.home, '.gitconfig'), join(base, 'git/config')]) {
		const text = await reader.readText(file, 256 * 1024);
		if (text.status !== 'found') continue;
		const section = /^\s*\[user\]\s*$([^[]*)/m.exec(text.value)?.[1];
		const name = section && /^\s*name\s*=\s*"?([^"\n#;]+)/m.exec(section)?.[1]?.trim();
		if (name) return name;
	}
	return undefined;
}

function existingRemedy(view: View): Remedy {
	return {
		id: 'existing',
		label: 'Use a module that exists already',
		consequence: 'Its folder is remembered; nothing is written there.',
		answer: '--module FOLDER',
		questions: [
			{
				id: 'folder',
				flag: '--module',
				label: 'Folder of the module',
				validate: value => (value.trim() === '' ? 'A folder is needed, for instance ~/src/my_module.' : undefined)
			}
		],
		async plan(answers) {
			const given = (answers['folder'] ?? '').trim().replace(/^~(?=\/|$)/, view.builder.user.home);
			const folder = resolve(view.builder.cwd, given);
			const module = await surveyModule(view.builder, folder);
			if (module.status === 'found')
				return {ok: true, actions: [{kind: 'remember', memo: {kind: 'module', folder, name: module.value.names[0]}}]};
			return {
				ok: false,
				why:
					module.status === 'unknown' ? module.why : `${folder} has no Kbuild or Makefile with a line "obj-m := NAME.o"`
			};
		}
	};
}
