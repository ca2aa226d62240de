// Practice mode as it is met: from nothing to the first line of a module, and from a root that is there. On two processors, as few
// machines have fewer; the guest is emulated where KVM does not run. Takes root or what an ordinary user needs for practice mode,
// debootstrap, QEMU, 5 GB of the temporary folder, and a mirror: what is fetched takes its own time, which is shown apart.
import {spawn} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {node, root} from '../ensure.js';
import {median, stolen, ticks} from './measure.js';
import {scratch} from './scene.js';

/** Seconds. */
const limits = {cold: 480, metadata: 90, warm: 20};

export async function practice(count) {
	const rounds = [];
	for (let round = 0; round < count; round++) {
		const place = join(scratch(), 'practice');
		mkdirSync(place);
		const cold = await walk(place, 'first');
		const warm = await walk(place, 'second');
		await run(place, ['practice', 'clean'], () => {});
		rounds.push({cold, warm});
	}
	const of = pick => median(rounds.map(pick));
	const fetched = of(({cold}) => cold.fetched);
	const notes = rounds.map(
		({cold, warm}, round) =>
			`round ${round + 1}: ${told(cold.spoke - cold.fetched)} and ${told(cold.fetched)} of fetching, metadata ${told(cold.metadata)}, then ${told(warm.spoke)}; ${cold.stolen} % of the machine stolen meanwhile`
	);
	return [
		row(
			'practice, nothing there, to the first line of a module',
			of(one => one.cold.spoke - one.cold.fetched),
			limits.cold,
			[`what is fetched takes ${told(fetched)} more`, ...notes]
		),
		row(
			'its metadata, rebuilt and proven',
			of(({cold}) => cold.metadata),
			limits.metadata
		),
		row(
			'practice, the root there, to the first line of a module',
			of(({warm}) => warm.spoke),
			limits.warm
		)
	];
}

const told = seconds => `${seconds.toFixed(1)} s`;

const row = (what, value, limit, notes = []) => ({
	what: `${what} (2 processors)`,
	ours: told(value),
	peer: '',
	value: '',
	limit: told(limit),
	ok: value <= limit,
	notes
});

/** One walk with a module of its own: when it spoke, what fetching took until then, and what the metadata took. In seconds. */
async function walk(place, name) {
	const start = ticks();
	const moments = new Map();
	let fetched = 0;
	let base;
	await run(place, ['practice', '--yes', '--name', name], (line, now) => {
		if (!moments.has(line)) moments.set(line, now);
		// debootstrap fetches everything before it unpacks the first package
		if (/^I: Retrieving InRelease/.test(line)) base = now;
		if (/^I: Chosen extractor/.test(line)) fetched += now - base;
		const [, minutes = 0, seconds] = /^Fetched .* in (?:(\d+)min )?(\d+)s/.exec(line) ?? [];
		if (seconds !== undefined) fetched += 60 * Number(minutes) + Number(seconds);
		if (/^\| +\d+\.\d{3} {2}/.test(line) && !moments.has('spoke')) moments.set('spoke', now);
		if (/^starting the guest/.test(line)) moments.set('guest', now);
	});
	const metadata = moments.get('guest') - (moments.get('checking the compiler') ?? moments.get('guest'));
	return {spoke: moments.get('spoke'), fetched, metadata, stolen: stolen(start, ticks())};
}

/** Runs the program on two processors; each of its lines is heard with the seconds since its start. */
async function run(place, words, hear) {
	const began = performance.now();
	const child = spawn('taskset', ['-c', '0,1', node, join(root, 'bin/linux-rust-setup.js'), ...words], {
		cwd: place,
		env: {...process.env, XDG_CACHE_HOME: join(place, 'cache'), XDG_STATE_HOME: join(place, 'state')},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let last = '';
	for (const stream of [child.stdout, child.stderr]) {
		let rest = '';
		stream.setEncoding('utf8').on('data', text => {
			last = (last + text).slice(-2000);
			const lines = (rest + text).split('\n');
			rest = lines.pop();
			for (const line of lines) hear(line, (performance.now() - began) / 1000);
		});
	}
	const code = await new Promise(resolve => child.on('close', resolve));
	if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}:\n${last}`);
}
