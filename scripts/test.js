// `npm test`: types, lint and all tests that need no machine of their own; `npm run test:lab`: those on the real kernel;
// `npm run test:practice`: practice mode for real, with its root and its virtual machine.
// Further words go to vitest: npm test -- test/kernel
import {join} from 'node:path';
import {ensureBuilt, ensureInstalled, ensureTerminal, must, node, root} from './ensure.js';

ensureInstalled();
ensureTerminal();
ensureBuilt();
const [first, ...rest] = process.argv.slice(2);
const folder = {lab: 'test/lab', practice: 'test/practice-vm'}[first];
const words = folder ? rest : process.argv.slice(2);
const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
const options = {stdio: 'inherit', env: {...process.env, PATH: path}};
if (!folder && words.length === 0) {
	must(join(root, 'node_modules/.bin/tsc'), ['--noEmit', '-p', '.'], options);
	must(join(root, 'node_modules/.bin/biome'), ['check', '.'], options);
}
must(
	node,
	[
		join(root, 'node_modules/vitest/vitest.mjs'),
		'run',
		...(folder ? ['--config', `${folder}/vitest.config.ts`] : []),
		...words
	],
	options
);
