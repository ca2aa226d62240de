import type {Runner} from '../model/machine.ts';
import type {Root} from './root.ts';

/** sudo forgets a password after 5 minutes, and later where a distribution says so (`timestamp_timeout` of sudoers(5)). */
const refreshEvery = 120_000;

/** A root that is worked in through sudo can be for as long as practice mode lasts: until the function that this gives is called. */
export function keepRoot(runner: Runner, root: Root | undefined): () => void {
	if (root?.way !== 'root') return () => {};
	const timer = setInterval(() => void runner.canBeRoot(), refreshEvery);
	timer.unref();
	return () => clearInterval(timer);
}
