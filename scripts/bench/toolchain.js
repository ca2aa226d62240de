// How long step `toolchain` takes to its verdict, once compilers have told who they are.
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {node, root} from '../ensure.js';
import {inTurns, median, ms} from './measure.js';
import {environment, moduleScene, scratch} from './scene.js';

const limit = 50;

export async function toolchain(count) {
	const scene = moduleScene('true');
	const state = scratch();
	const options = {cwd: scene.module, env: environment(state), encoding: 'utf8'};
	const program = join(root, 'scripts/bench/toolchain-verdict.js');
	// a process of its own for each: what it reads it reads anew, and its code is as cold as after the start of `check`
	const {verdict} = await inTurns(count, {
		verdict() {
			const [status, taken] = execFileSync(
				node,
				[program, scene.kdir, scene.rustc, join(state, 'compilers.json')],
				options
			).split(' ');
			if (status !== 'done') throw new Error(`The compiler of the measured scene is not found to fit: ${status}`);
			return Number(taken);
		}
	});
	return [
		{
			what: 'verdict on the toolchain, compilers known',
			ours: ms(median(verdict)),
			peer: '',
			value: '',
			limit: ms(limit),
			ok: median(verdict) <= limit
		}
	];
}
