import type {Answers} from '../model/step.ts';
import {plannedCommands} from '../plain/plan-text.ts';
import {templates} from '../scaffold/scaffold.ts';
import {validateModuleName} from '../scaffold/validate.ts';
import {planScaffold, type ScaffoldPlan} from '../steps/new-module.ts';
import {loadedModules} from '../survey/module.ts';
import {safeLine} from '../text/safe-text.ts';
import type {Options} from './options.ts';
import {complain, exitCodes, say, sayJson} from './output.ts';
import {announce, concludePlainly, performPlainly} from './perform.ts';
import {refuse} from './refuse.ts';
import {openSession} from './session.ts';
import {UsageError} from './usage-error.ts';

/** `new <name>`: writes a module that fits the kernel into a new folder; nothing that exists is touched. */
export async function newModule(options: Options): Promise<number> {
	const name = options.words[0] ?? '';
	const template = options.template ?? 'hello';
	if (!templates.some(one => one.id === template)) {
		throw new UsageError(
			'unknown-template',
			`There is no template "${template}".`,
			`Templates: ${templates.map(one => one.id).join(', ')}.`
		);
	}
	const session = await openSession(options);
	const view = await session.look();
	const [loaded, {subject}] = await Promise.all([loadedModules(view.target), view.kernels()]);
	const valid = validateModuleName(name, loaded.status === 'found' ? {loaded: loaded.value} : {});
	if (!valid.ok)
		throw new UsageError(
			'module-name',
			valid.why,
			valid.suggestion === undefined
				? 'For instance: linux-rust-setup new my_module'
				: `For instance: linux-rust-setup new ${valid.suggestion}`
		);
	if (subject === undefined)
		return refuse(
			'new',
			options,
			'No kernel was found, and a module is written for one.',
			'Name its build folder: --kdir FOLDER'
		);
	const answers: Answers = {
		name,
		...(options.folder === undefined ? {} : {folder: options.folder}),
		...(options.author === undefined ? {} : {author: options.author}),
		...(options.dkms ? {dkms: 'yes'} : {})
	};
	const plan = await planScaffold(view, subject, template, answers);
	if (!plan.ok) return 'differences' in plan ? showDifferences(plan, options) : refuse('new', options, `${plan.why}.`);
	if (options.dryRun) {
		const files = plan.actions.flatMap(action =>
			action.kind === 'write' ? action.files.map(file => ({folder: action.folder, ...file})) : []
		);
		const commands = plannedCommands(plan.actions, {asRoot: session.reader.user.uid === 0});
		if (options.json) await sayJson({schema: 1, command: 'new', files, commands});
		else {
			for (const file of files) await say(`==> ${file.folder}/${file.path}\n${file.content}\n`);
			for (const {text, why} of commands) await say(`${text}   (${why})\n`);
		}
		return exitCodes.done;
	}
	await announce(session, plan.actions, options);
	const outcome = await performPlainly(session, plan.actions, options);
	const written = plan.actions.find(action => action.kind === 'write');
	if (outcome.kind === 'ok' && written !== undefined && !options.json && !options.quiet) {
		await complain(`Written for ${subject.release}. Build it with: linux-rust-setup build ${written.folder}\n`);
	}
	return concludePlainly('new', outcome, options);
}

/** Refuses, and shows for each file that is there what writing would change in it. */
async function showDifferences(
	plan: Extract<ScaffoldPlan, {readonly folder: string}>,
	options: Options
): Promise<number> {
	const {why, folder, differences} = plan;
	if (options.json) {
		await sayJson({
			schema: 1,
			command: 'new',
			outcome: 'refused',
			exit: exitCodes.open,
			why: `${why}.`,
			folder,
			differences
		});
		return exitCodes.open;
	}
	if (!options.quiet) {
		for (const one of differences) {
			await say(
				`${one.status === 'new' ? 'would be new' : one.status === 'same' ? 'is the same' : 'differs'}: ${one.path}\n`
			);
			if (one.status !== 'differs') continue;
			for (const line of one.diff.trimEnd().split('\n')) await say(`   ${safeLine(line.replaceAll('\t', '    '))}\n`);
		}
	}
	await complain(`${why}.\n`);
	return exitCodes.open;
}
