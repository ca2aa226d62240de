// What `build` adds to the make it runs.
import {join} from 'node:path';
import {node, root} from '../ensure.js';
import {difference, inTurns, timeProgram} from './measure.js';
import {environment, moduleScene, scratch} from './scene.js';

export async function build(count) {
	const scene = moduleScene('sleep 0.2');
	const options = {cwd: scene.module, env: environment(scratch())};
	const {ours, peer} = await inTurns(count, {
		ours: () => timeProgram(node, [join(root, 'bin/linux-rust-setup.js'), 'build', ...scene.flags], options),
		peer: () => timeProgram('make', scene.make, options)
	});
	return [difference('build, against plain make in the same folder', ours, peer, 100)];
}
