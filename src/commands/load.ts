import {checkParameters} from '../kernel/module-parameters.ts';
import {kernelName, loadAction, loadStep} from '../steps/load.ts';
import {loadRefusal} from '../steps/load-check.ts';
import {loadedModules} from '../survey/module.ts';
import type {Options} from './options.ts';
import {complain} from './output.ts';
import {announce, concludePlainly, performPlainly} from './perform.ts';
import {refuse} from './refuse.ts';
import {openSession} from './session.ts';
import {UsageError} from './usage-error.ts';

/** `load [dir] [name=value…]`: loads a built module and prints what the kernel says. It stays loaded. */
export async function load(options: Options): Promise<number> {
	if (options.on.includes('practice')) return (await import('./practice.ts')).loadInPractice(options);
	const [folderNamed, given] = wordsOf(options);
	const session = await openSession(options, folderNamed);
	const view = await session.look();
	const [module, {running}, verdict, loaded] = await Promise.all([
		view.module(),
		view.kernels(),
		loadStep.inspect(view),
		loadedModules(view.target)
	]);
	if (module.status !== 'found')
		return refuse(
			'load',
			options,
			`${session.named.folder ?? session.reader.cwd} holds no module.`,
			'Start one with: linux-rust-setup new NAME'
		);
	if (verdict.status === 'blocked' && verdict.reason === 'load.kernel-oopsed')
		return refuse('load', options, verdict.question, 'Save your work and reboot: sudo reboot');
	const {built, folder, names} = module.value;
	if (built.status !== 'found' || running === undefined)
		return refuse('load', options, `${names[0]} is not built yet.`, `Build it with: linux-rust-setup build ${folder}`);
	if (loaded.status === 'found' && loaded.value.has(kernelName(names[0])))
		return refuse(
			'load',
			options,
			`${kernelName(names[0])} is already loaded.`,
			`Take it out first: linux-rust-setup unload ${folder}`
		);
	const machine = await view.machine();
	const refusal = loadRefusal(machine, built.value, running.release, folder);
	if (refusal !== undefined) return refuse('load', options, refusal.why, refusal.cure);
	const declared = built.value.info.ok ? built.value.info.info.parameters : [];
	const parameters = checkParameters(given, declared);
	if (!parameters.ok) return refuse('load', options, parameters.why, parameters.known);
	const action = loadAction(module.value, built.value, running.release, machine, parameters.words);
	const actions = [{kind: 'load', load: {...action, afterwards: 'stay'}}] as const;
	await announce(session, actions, options);
	if (options.dryRun) return 0;
	const outcome = await performPlainly(session, actions, options);
	if (outcome.kind === 'ok' && !options.json && !options.quiet)
		await complain(`Take it out again with: linux-rust-setup unload ${folder}\n`);
	return concludePlainly('load', outcome, options);
}

/** The folder, and the parameters, which are told by their `=`. */
function wordsOf({words}: Options): readonly [string | undefined, readonly string[]] {
	const isParameter = (word: string): boolean => /^[A-Za-z_][\w-]*=/.test(word);
	const [folder, second] = words.filter(word => !isParameter(word));
	if (second !== undefined)
		throw new UsageError(
			'wrong-words',
			`load takes one folder, and parameters as NAME=VALUE; "${second}" is neither.`,
			'For instance: linux-rust-setup load . times=5'
		);
	return [folder, words.filter(isParameter)];
}
