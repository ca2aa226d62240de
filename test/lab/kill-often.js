// Run in a guest, by node, in an empty folder: starts the wizard's walk again and again, and kills it with -9, its children left as
// they are. It is killed after a time, or before one of its effects (kill-before-effect.mjs). After each kill it is asked what is
// true, and that is compared with what the files and the kernel say. `node kill-often.js prepare` leaves in /results what a walk makes
// and does; with that in /job, `node kill-often.js KILLS SEED` prints one JSON document.
import {spawn, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const [wanted, seed] = process.argv.slice(2).map(Number);
const isPreparing = process.argv[2] === 'prepare';
const state = join(homedir(), '.local/state/linux-rust-setup');
const memory = join(state, 'memory.json');
const kept = join(homedir(), 'kept');
const tracer = fileURLToPath(new URL('./kill-before-effect.mjs', import.meta.url));
const words = ['--yes', '--plain', '--template', 'hello', '--name', 'hello'];
const result = {seed, kills: 0, killedAt: {}, problems: []};

/** The same numbers for the same seed, from 0 to 1 (mulberry32). */
let numbers = seed;
function random() {
	numbers = (numbers + 0x6d2b79f5) | 0;
	let mixed = Math.imul(numbers ^ (numbers >>> 15), 1 | numbers);
	mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
	return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
/** One of them, each as often as its weight says: [weight, value]. */
function oneOf(choices) {
	let at = random() * choices.reduce((sum, [weight]) => sum + weight, 0);
	for (const [weight, value] of choices) {
		at -= weight;
		if (at < 0) return value;
	}
	return choices[0][1];
}

const text = path => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const inode = path => (existsSync(path) ? statSync(path).ino : undefined);
const remembered = () => (text(memory) === '' ? {modules: [], loads: []} : JSON.parse(text(memory)));
const hash = path => (existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : '');
const isLoaded = () => /^hello /m.test(text('/proc/modules'));

/** The step that the files and the kernel say is next; null where all is done. */
function nextByFacts() {
	if (!existsSync('hello/Kbuild') || !existsSync('hello/hello.rs')) return 'module';
	if (!existsSync('hello/hello.ko')) return 'build';
	if (!isLoaded() && !remembered().loads.some(load => load.hash === hash('hello/hello.ko'))) return 'load';
	return null;
}

/** What is there and must not be made again. */
const effects = () => ({
	sources: inode('hello/hello.rs'),
	module: hash('hello/hello.ko'),
	loads: remembered().loads.length,
	modules: remembered().modules.length
});

/** What is killed leaves children that end by themselves; what they do until then is no fault. */
function settled() {
	for (;;) {
		const left = spawnSync('pgrep', ['-x', 'make|rustc|clang|sh|git|sudo|insmod|rmmod|ld|ld.lld|gcc'], {
			encoding: 'utf8'
		}).stdout;
		if (left === '') return;
		spawnSync('sleep', ['0.05']);
	}
}

function check(when) {
	const {stdout, status} = spawnSync('linux-rust-setup', ['check', '--json'], {encoding: 'utf8'});
	let document;
	try {
		document = JSON.parse(stdout);
	} catch {
		result.problems.push(`${when}: check printed no JSON: ${stdout.slice(0, 200)}`);
		return;
	}
	const {next, notices = []} = document;
	const facts = nextByFacts();
	if (next !== facts)
		result.problems.push(
			`${when}: check says ${next}, and it is ${facts}; ${JSON.stringify(document.steps.find(step => step.id === next))}`
		);
	if (notices.length > 0) result.problems.push(`${when}: ${notices.join('; ')}`);
	if (![0, 1].includes(status)) result.problems.push(`${when}: check ended with ${status}`);
}

/** A walk to its end, or until it is killed before an effect: how long it takes, in milliseconds, and its effects. */
function walk(environment = {}) {
	const trace = join(homedir(), 'trace');
	rmSync(trace, {force: true});
	const started = performance.now();
	const {status, signal, stderr, stdout} = spawnSync('linux-rust-setup', words, {
		encoding: 'utf8',
		env: {...process.env, NODE_OPTIONS: `--import=${tracer}`, KILL_TRACE: trace, ...environment}
	});
	const length = performance.now() - started;
	if (status !== 0 && signal !== 'SIGKILL')
		result.problems.push(
			`a walk that nobody stopped ended with ${status}: ${stdout.slice(-300)} ${stderr.slice(-500)}`
		);
	return {length, effects: text(trace).split('\n').slice(0, -1)};
}

const places = [
	['src', '.'],
	['state', state]
];
function forget() {
	if (isLoaded()) spawnSync('sudo', ['rmmod', 'hello']);
	for (const name of readdirSync('.')) rmSync(name, {recursive: true, force: true});
	rmSync(state, {recursive: true, force: true});
}
/** Keeps what is there under the name of the step that is next. */
function keep(name) {
	for (const [part, place] of places)
		cpSync(place, join(kept, name, part), {recursive: true, preserveTimestamps: true});
}
function restore(name) {
	forget();
	if (!existsSync(join(kept, name))) return;
	for (const [part, place] of places)
		cpSync(join(kept, name, part), place, {recursive: true, preserveTimestamps: true});
}

/** Starts the walk and kills it; false where it ended before. */
async function killed({after, before}) {
	const env = before === undefined ? {} : {NODE_OPTIONS: `--import=${tracer}`, KILL_BEFORE: String(before)};
	const child = spawn('linux-rust-setup', words, {
		stdio: 'ignore',
		detached: true,
		env: {...process.env, ...env}
	});
	const ended = new Promise(resolve => child.on('close', (_code, signal) => resolve(signal)));
	const timer = after === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), after);
	const signal = await ended;
	clearTimeout(timer);
	return signal === 'SIGKILL';
}

/** What a walk makes, kept under the step that is next, and what it does from there on; from `module` and `build` until make runs. */
function prepare() {
	mkdirSync(kept);
	const all = walk();
	keep('done');
	if (!all.effects.includes('spawn make')) result.problems.push(`a walk runs no make: ${all.effects.join(', ')}`);
	writeFileSync(memory, JSON.stringify({...remembered(), loads: []}));
	keep('load');
	const load = walk();
	forget();
	const module = walk({KILL_BEFORE: 'spawn make'});
	keep('build');
	const build = walk({KILL_BEFORE: 'spawn make'});
	spawnSync('tar', ['-cf', '/results/kept.tar', '-C', homedir(), 'kept']);
	writeFileSync('/results/walks.json', JSON.stringify({module, build, load, all}));
	writeFileSync('/results/problems.json', JSON.stringify(result.problems));
}
if (isPreparing) {
	prepare();
	process.exit();
}

spawnSync('tar', ['-xpf', '/job/kept.tar', '-C', homedir()]);
const walks = JSON.parse(text('/job/walks.json'));
const effectOf = name => Math.ceil(random() * walks[name].effects.length);
const momentOf = length => random() * length;
/** Kills while make runs cost as long as make does, which goes on by itself: there are fewer of them. */
const ways = {
	module: [
		[5, () => ({before: effectOf('module')})],
		[3, () => ({after: momentOf(walks.module.length)})]
	],
	build: [
		[5, () => ({before: effectOf('build')})],
		[3, () => ({after: momentOf(walks.build.length)})],
		[1, () => ({after: momentOf(walks.all.length - walks.load.length)})]
	],
	load: [
		[5, () => ({before: effectOf('load')})],
		[4, () => ({after: momentOf(walks.load.length)})]
	],
	done: [[1, () => ({after: momentOf(500)})]]
};

restore('module');
while (result.kills < wanted && result.problems.length < 5) {
	const at = nextByFacts();
	const before = effects();
	const way = oneOf(ways[at ?? 'done'])();
	const wasKilled = await killed(way);
	settled();
	const name = `${at} to ${nextByFacts()}`;
	if (wasKilled) {
		result.kills += 1;
		result.killedAt[name] = (result.killedAt[name] ?? 0) + 1;
	}
	const point = way.before === undefined ? `after ${Math.round(way.after)} ms` : `before effect ${way.before}`;
	const when = `kill ${result.kills}, ${point}, ${name}`;
	process.stderr.write(`${wasKilled ? when : `not killed, ${point}, ${name}`}\n`);
	const after = effects();
	if (before.sources !== undefined && after.sources !== before.sources)
		result.problems.push(`${when}: the sources were written again`);
	if (before.module !== '' && after.module !== before.module)
		result.problems.push(`${when}: what was built was built again`);
	if (at === null && after.loads !== before.loads) result.problems.push(`${when}: what was loaded was loaded again`);
	if (after.loads < before.loads || after.modules < before.modules)
		result.problems.push(`${when}: something remembered was lost`);
	check(when);
	// it goes on from where the kill left it, or from another place
	const next = nextByFacts();
	if (random() < (next === null ? 0.1 : next === 'build' ? 0.3 : 0.6)) continue;
	restore(
		oneOf([
			[4, 'module'],
			[3, 'build'],
			[4, 'load'],
			[1, 'done']
		])
	);
}

// the last one goes to its end, and after it there is nothing to do
walk();
if (nextByFacts() !== null) result.problems.push(`the last walk ended at ${nextByFacts()}`);
const done = JSON.stringify(effects());
walk();
if (JSON.stringify(effects()) !== done) result.problems.push('a walk that was done did something');
const left = [
	...readdirSync('.').filter(name => name.startsWith('.hello')),
	...readdirSync('/tmp').filter(name => name.startsWith('linux-rust-setup'))
];
if (left.length > 0) result.problems.push(`left behind: ${left.join(', ')}`);
process.stdout.write(`${JSON.stringify(result)}\n`);
