import {kernelName, loadAction} from '../steps/load.ts';
import {loadedModules} from '../survey/module.ts';
import type {Options} from './options.ts';
import {announce, concludePlainly, performPlainly} from './perform.ts';
import {refuse} from './refuse.ts';
import {openSession} from './session.ts';

/** `unload [dir]`: takes a module out of the kernel and prints its last words. */
export async function unload(options: Options): Promise<number> {
	const session = await openSession(options, options.words[0]);
	const view = await session.look();
	const [module, {running}, loaded] = await Promise.all([view.module(), view.kernels(), loadedModules(view.target)]);
	if (module.status !== 'found')
		return refuse('unload', options, `${session.named.folder ?? session.reader.cwd} holds no module.`);
	const name = kernelName(module.value.names[0]);
	if (loaded.status === 'found' && !loaded.value.has(name))
		return refuse('unload', options, `${name} is not loaded.`, 'linux-rust-setup check load says what is.');
	const {built} = module.value;
	if (built.status !== 'found' || running === undefined)
		return refuse('unload', options, `${name}.ko is not there any more.`, `sudo rmmod ${name}`);
	const action = loadAction(module.value, built.value, running.release, await view.machine());
	const actions = [{kind: 'unload', load: action}] as const;
	await announce(session, actions, options);
	if (options.dryRun) return 0;
	const outcome = await performPlainly(session, actions, options);
	return concludePlainly('unload', outcome, options);
}
