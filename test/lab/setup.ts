import {spawnSync} from 'node:child_process';
import {join} from 'node:path';

/** Builds the lab before the first test, with its progress on the terminal. Throws where this machine cannot have it. */
export function setup(): void {
	const {status} = spawnSync(join(import.meta.dirname, 'build.sh'), {stdio: ['ignore', 'ignore', 'inherit']});
	if (status !== 0) {
		throw new Error(
			`The lab is not there, so its tests cannot run: build.sh ended with ${status}. Its reason is above.`
		);
	}
}
