import {loadAction} from '../steps/load.ts';
import {steps} from '../steps/steps.ts';
import {inspectAll} from '../walk/inspect.ts';
import type {Options} from './options.ts';
import {complain} from './output.ts';
import {announce, concludePlainly, performPlainly} from './perform.ts';
import {refuse} from './refuse.ts';
import {openSession} from './session.ts';

/** `load [dir]`: loads a built module and prints what the kernel says. It stays loaded. */
export async function load(options: Options): Promise<number> {
	const session = await openSession(options, options.words[0]);
	const view = await session.look();
	const [module, {subject}, judged] = await Promise.all([view.module(), view.kernels(), inspectAll(steps, view)]);
	if (module.status !== 'found')
		return refuse(
			'load',
			options,
			`${session.named.folder ?? session.reader.cwd} holds no module.`,
			'Start one with: linux-rust-setup new NAME'
		);
	const verdict = judged.find(one => one.id === 'load')?.verdict;
	if (verdict?.status === 'blocked' && verdict.reason === 'load.kernel-oopsed')
		return refuse('load', options, verdict.question, 'Save your work and reboot: sudo reboot');
	const {built, folder, names} = module.value;
	if (built.status !== 'found' || subject === undefined)
		return refuse('load', options, `${names[0]} is not built yet.`, `Build it with: linux-rust-setup build ${folder}`);
	const action = loadAction(module.value, built.value, subject.release, await view.machine());
	const actions = [{kind: 'load', load: action}] as const;
	await announce(session, actions, options);
	if (options.dryRun) return 0;
	const outcome = await performPlainly(session, actions, options, true);
	if (outcome.kind === 'ok' && !options.json && !options.quiet)
		await complain(`Take it out again with: linux-rust-setup unload ${folder}\n`);
	return concludePlainly('load', outcome, options);
}
