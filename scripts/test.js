// `npm test`: types, lint and all tests that need no lab; `npm test lab` (npm run test:lab) those on the real kernel.
// Further words go to vitest: npm test -- test/kernel
import {join} from 'node:path';
import {ensureBuilt, ensureInstalled, must, node, root} from './ensure.js';

ensureInstalled();
ensureBuilt();
const [first, ...rest] = process.argv.slice(2);
const lab = first === 'lab';
const words = lab ? rest : process.argv.slice(2);
const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
const options = {stdio: 'inherit', env: {...process.env, PATH: path}};
if (!lab && words.length === 0) {
	must(join(root, 'node_modules/.bin/tsc'), ['--noEmit', '-p', '.'], options);
	must(join(root, 'node_modules/.bin/biome'), ['check', '.'], options);
}
must(
	node,
	[
		join(root, 'node_modules/vitest/vitest.mjs'),
		'run',
		...(lab ? ['--config', 'test/lab/vitest.config.ts'] : []),
		...words
	],
	options
);
