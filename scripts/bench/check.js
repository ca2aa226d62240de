// `check`, the whole process, against the commands that a person would type for the same facts.
import {copyFileSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {node, root} from '../ensure.js';
import {inTurns, ratio, timeProgram} from './measure.js';
import {environment, moduleScene, scratch} from './scene.js';

const script = join(root, 'scripts/bench/probes.sh');

export async function check(count) {
	const scene = moduleScene('true');
	copyFileSync(join(root, 'test/fixtures/modules/built/numbers-6.12.ko'), join(scene.module, 'numbers.ko'));
	const options = {cwd: scene.module, env: environment(scratch())};
	const {ours, peer} = await inTurns(count, {
		// what this machine lacks is no matter here
		ours: () =>
			timeProgram(node, [join(root, 'bin/linux-rust-setup.js'), 'check', ...scene.flags], {
				...options,
				codes: [0, 1, 4]
			}),
		peer: () => timeProgram('bash', [script, scene.kdir, scene.rustc, scene.module], options)
	});
	const probes = readFileSync(script, 'utf8')
		.split('\n')
		.filter(line => line !== '' && !/^(?:#|kdir=|exit)/.test(line));
	return [{...ratio(`check, against ${probes.length} probes in a shell script`, ours, peer, 0.7), notes: probes}];
}
