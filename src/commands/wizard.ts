import type {Options} from './options.ts';

/** `wizard`: the walk, on a screen where there is one to draw on, else as lines. */
export async function wizard(options: Options): Promise<number> {
	if (options.yes || options.dryRun) return (await import('./unattended.ts')).unattended(options);
	const hasScreen = process.stdin.isTTY === true && process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';
	if (!hasScreen || options.plain || options.json || options.quiet) return (await import('./check.ts')).check(options);
	// chalk, which ink colours with, knows FORCE_COLOR but not NO_COLOR (no-color.org), and reads it when it is loaded
	if (process.env['NO_COLOR']) process.env['FORCE_COLOR'] = '0';
	return (await import('../ui/start.tsx')).startWizard(options);
}
