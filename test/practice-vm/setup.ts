import {run, sweepLoans} from './practice.ts';

/** Makes the practice root, where it is not whole yet, and says how long that took. */
export async function setup(): Promise<void> {
	sweepLoans();
	const {code, stderr, seconds} = await run(['practice', '--yes', '--name', 'warm_up'], {patience: 2_700_000});
	if (code !== 0) throw new Error(`the practice root could not be made (code ${code}):\n${stderr.slice(-4000)}`);
	process.stderr.write(`practice root ready, first module heard: ${Math.round(seconds)} s\n`);
}
