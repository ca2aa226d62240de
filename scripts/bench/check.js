// `check`, the whole process, against the commands that a person would type for the same facts.
import {copyFileSync, readFileSync, rmSync, utimesSync} from 'node:fs';
import {join} from 'node:path';
import {node, root} from '../ensure.js';
import {inTurns, ratio, timeProgram} from './measure.js';
import {environment, moduleScene, scratch} from './scene.js';

const script = join(root, 'scripts/bench/probes.sh');
const anHourAgo = () => Date.now() / 1000 - 3600;

export async function check(count) {
	const scene = moduleScene('true');
	const built = join(scene.module, 'numbers.ko');
	copyFileSync(join(root, 'test/fixtures/modules/built/numbers-6.12.ko'), built);
	// what was built a moment ago may yet change unseen, and is not remembered
	utimesSync(built, anHourAgo(), anHourAgo());
	const options = {cwd: scene.module, env: environment(scratch())};
	const first = {cwd: scene.module, env: environment(scratch())};
	const checking = used =>
		timeProgram(node, [join(root, 'bin/linux-rust-setup.js'), 'check', ...scene.flags], {
			...used,
			// what this machine lacks is no matter here
			codes: [0, 1, 4]
		});
	const {ours, cold, peer, bare} = await inTurns(count, {
		ours: () => checking(options),
		cold() {
			rmSync(first.env.XDG_CACHE_HOME, {recursive: true, force: true});
			return checking(first);
		},
		peer: () => timeProgram('bash', [script, scene.kdir, scene.rustc, scene.module], options),
		bare: () => timeProgram(node, ['-e', '0'], options)
	});
	const probes = readFileSync(script, 'utf8')
		.split('\n')
		.filter(line => line !== '' && !/^(?:#|kdir=|exit)/.test(line));
	return [
		{...ratio(`check, against ${probes.length} probes in a shell script`, ours, peer, 0.7), notes: probes},
		ratio('check, against node that does nothing', ours, bare, 2.0),
		ratio('check for the first time, nothing known and nothing compiled, against the same probes', cold, peer, 0.6)
	];
}
