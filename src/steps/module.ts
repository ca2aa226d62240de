import {resolve} from 'node:path';
import type {Question, Remedy, Step} from '../model/step.ts';
import {templates} from '../scaffold/templates.ts';
import {validateModuleName} from '../scaffold/validate.ts';
import type {Kernel} from '../survey/kernels.ts';
import {loadedModules, surveyModule} from '../survey/module.ts';
import type {View} from '../survey/view.ts';
import {planScaffold, repositoryOf} from './new-module.ts';
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

async function scaffoldRemedies(view: View, kernel: Kernel): Promise<readonly Remedy[]> {
	const {builder} = view;
	const [loaded, repository, git] = await Promise.all([
		loadedModules(view.target),
		repositoryOf(builder, builder.cwd),
		builder.which('git')
	]);
	const initialised =
		repository === undefined && git.status === 'found'
			? ' Its folder becomes a git repository (git init); nothing is committed.'
			: '';
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
			consequence: `${template.teaches}${initialised}`,
			answer: `--template ${template.id} --name NAME`,
			questions: [{...name, initial: template.id}],
			plan: answers => planScaffold(view, kernel, template.id, answers),
			undo: 'Delete the new folder.'
		})
	);
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
