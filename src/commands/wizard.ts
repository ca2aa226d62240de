import {greet} from './greeting.ts';
import type {Options} from './options.ts';
import {hasScreen} from './output.ts';

/** `wizard`: the walk, on a screen where there is one to draw on, else as lines. */
export async function wizard(options: Options): Promise<number> {
	if (options.yes || options.dryRun || options.script !== undefined)
		return (await import('./unattended.ts')).unattended(options);
	if (!hasScreen(options)) return (await import('./check.ts')).check(options);
	await greet(options);
	// the machine is looked at while ink is loaded: one waits for files and programs, the other computes
	const [{startWizard}, opened] = await Promise.all([import('../ui/start.tsx'), open(options)]);
	const code = await startWizard(opened, options);
	await opened.session.noteGreen();
	await opened.session.noteArrival();
	return code;
}

async function open(options: Options) {
	const {openSession} = await import('./session.ts');
	const session = await openSession(options);
	return {
		session,
		firstLook: session.inspect(),
		openDoor: async () => (await import('./practice-door.ts')).createDoor(options)
	};
}
