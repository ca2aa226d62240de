// `explain`, the whole process, on five megabytes in which every line is an error: the log it takes longest for.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {node, root} from '../ensure.js';
import {inTurns, median, ms, timeProgram} from './measure.js';
import {environment, scratch} from './scene.js';

const size = 5_000_000;
const limit = 300;
const kinds = {
	'errors of many kinds': [
		'error[E0425]: cannot find value `foo{}` in this scope',
		'/src/x.rs:{}:5: error: something odd',
		'make[2]: *** [scripts/Makefile.build:{}: foo.o] Error 1',
		'error: linking with `cc` failed: exit status: {}'
	],
	'errors that nobody knows': ['error: something that nobody knows, number {}']
};

export async function explain(count) {
	const folder = scratch();
	const options = {cwd: folder, env: environment(scratch()), codes: [0, 1]};
	const program = join(root, 'bin/linux-rust-setup.js');
	const rows = [];
	for (const [what, lines] of Object.entries(kinds)) {
		const file = join(folder, 'log');
		writeFileSync(file, logOf(lines));
		const {ours} = await inTurns(count, {ours: () => timeProgram(node, [program, 'explain', file], options)});
		rows.push({
			what: `explain, 5 MB of ${what}`,
			ours: ms(median(ours)),
			peer: '',
			value: '',
			limit: ms(limit),
			ok: median(ours) <= limit
		});
	}
	return rows;
}

function logOf(lines) {
	const log = [];
	for (let length = 0, number = 0; length < size; number++) {
		const line = lines[number % lines.length].replace('{}', number);
		log.push(line);
		length += line.length + 1;
	}
	return `${log.join('\n')}\n`;
}
