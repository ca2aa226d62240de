// `npm run bench`: how fast this program is, in one run and against its peers, because milliseconds of two machines compare to
// nothing. Ends with 1 where a limit does not hold.  npm run bench -- --rounds 5 --only check
import {execFileSync} from 'node:child_process';
import {parseArgs} from 'node:util';
import {ensureBuilt, ensureInstalled, ensureTerminal, node} from './ensure.js';

/** Each is a file of its own, which gives its rows for a number of rounds. */
const benches = {
	'first-frame': async count => (await import('./bench/first-frame.js')).firstFrame(count),
	check: async count => (await import('./bench/check.js')).check(count),
	toolchain: async count => (await import('./bench/toolchain.js')).toolchain(count),
	explain: async count => (await import('./bench/explain.js')).explain(count),
	'kernel-line': async () => (await import('./bench/kernel-line.js')).kernelLine(),
	output: async count => (await import('./bench/output.js')).output(count),
	build: async count => (await import('./bench/build.js')).build(count),
	packages: async count => (await import('./bench/packages.js')).packages(count),
	metadata: async count => (await import('./bench/metadata.js')).metadata(count),
	practice: async count => (await import('./bench/practice.js')).practice(count)
};
/** These take minutes, and are measured only where they are named: `--only packages --rounds 3`. */
const onlyWhereNamed = new Set(['packages', 'metadata', 'practice']);

const {values} = parseArgs({options: {rounds: {type: 'string', default: '21'}, only: {type: 'string'}}});
const count = Number(values.rounds);
if (!Number.isInteger(count) || count < 1 || (values.only !== undefined && !(values.only in benches))) {
	console.error(`Usage: npm run bench -- [--rounds N] [--only ${Object.keys(benches).join('|')}]`);
	process.exit(2);
}

ensureInstalled();
ensureTerminal();
ensureBuilt();
const version = execFileSync(node, ['--version'], {encoding: 'utf8'}).trim();
console.log(`Medians of ${count} rounds in turns, on Node ${version}.\n`);
const missed = [];
for (const [name, bench] of Object.entries(benches)) {
	if (values.only === undefined ? onlyWhereNamed.has(name) : values.only !== name) continue;
	for (const row of await bench(count)) {
		const measured = [row.ours, row.peer].filter(text => text !== '').join(' : ');
		console.log(`${row.ok ? 'pass' : 'MISS'}  ${row.what}`);
		console.log(`      ${measured}${row.value === '' ? '' : `   ${row.value}`}   limit ${row.limit}`);
		for (const note of row.notes ?? []) console.log(`        ${note}`);
		if (!row.ok) missed.push(row.what);
	}
}
if (missed.length > 0) {
	console.log(`\nDoes not hold:\n${missed.map(what => `  ${what}`).join('\n')}`);
	process.exitCode = 1;
} else console.log('\nAll limits hold.');
