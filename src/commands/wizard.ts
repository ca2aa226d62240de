import {greeting} from './greeting.ts';
import type {Options} from './options.ts';

/** `wizard`: the walk, on a screen where there is one to draw on, else as lines. */
export async function wizard(options: Options): Promise<number> {
	if (options.yes || options.dryRun || options.script !== undefined)
		return (await import('./unattended.ts')).unattended(options);
	const hasScreen = process.stdin.isTTY === true && process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';
	if (!hasScreen || options.plain || options.json || options.quiet) return (await import('./check.ts')).check(options);
	// chalk, which ink colours with, knows FORCE_COLOR but not NO_COLOR (no-color.org), and reads it when it is loaded
	if (process.env['NO_COLOR']) process.env['FORCE_COLOR'] = '0';
	process.stdout.write(`${await greeting(options)}\n\n`);
	// the machine is looked at while ink is loaded: one waits for files and programs, the other computes
	const [{startWizard}, opened] = await Promise.all([import('../ui/start.tsx'), open(options)]);
	const code = await startWizard(opened, options);
	await opened.session.noteGreen();
	return code;
}

async function open(options: Options) {
	const {openSession} = await import('./session.ts');
	const session = await openSession(options);
	return {session, firstLook: session.inspect()};
}
