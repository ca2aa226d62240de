import {kernelName, loadAction, loadStep} from '../steps/load.ts';
import {loadedModules} from '../survey/module.ts';
import type {Options} from './options.ts';
import {complain} from './output.ts';
import {announce, concludePlainly, performPlainly} from './perform.ts';
import {refuse} from './refuse.ts';
import {openSession} from './session.ts';

/** `load [dir]`: loads a built module and prints what the kernel says. It stays loaded. */
export async function load(options: Options): Promise<number> {
	const session = await openSession(options, options.words[0]);
	const view = await session.look();
	const [module, {subject}, verdict, loaded] = await Promise.all([
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
	if (built.status !== 'found' || subject === undefined)
		return refuse('load', options, `${names[0]} is not built yet.`, `Build it with: linux-rust-setup build ${folder}`);
	if (loaded.status === 'found' && loaded.value.has(kernelName(names[0])))
		return refuse(
			'load',
			options,
			`${kernelName(names[0])} is already loaded.`,
			`Take it out first: linux-rust-setup unload ${folder}`
		);
	const action = loadAction(module.value, built.value, subject.release, await view.machine());
	const actions = [{kind: 'load', load: {...action, afterwards: 'stay'}}] as const;
	await announce(session, actions, options);
	if (options.dryRun) return 0;
	const outcome = await performPlainly(session, actions, options);
	if (outcome.kind === 'ok' && !options.json && !options.quiet)
		await complain(`Take it out again with: linux-rust-setup unload ${folder}\n`);
	return concludePlainly('load', outcome, options);
}
