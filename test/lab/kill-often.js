// Run in a guest, by node, in an empty folder: starts the wizard's whole walk again and again, and kills it with -9 at any moment,
// its children left as they are. After each kill it is asked what is true, and that is compared with what the files and the
// kernel say. `node kill-often.js KILLS` prints one JSON document.
import {spawn, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';

const wanted = Number(process.argv[2]);
const memory = join(homedir(), '.local/state/linux-rust-setup/memory.json');
const words = ['--yes', '--plain', '--template', 'hello', '--name', 'hello'];
const result = {kills: 0, walks: 0, killedAt: {}, problems: []};

const text = path => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const inode = path => (existsSync(path) ? statSync(path).ino : undefined);
const remembered = () => (text(memory) === '' ? {loads: []} : JSON.parse(text(memory)));
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
	loads: remembered().loads.length
});

/**
 * What is killed leaves children that end by themselves; what they do until then is no fault. dmesg behind sudo, which follows the
 * kernel log, ends with the next line of it.
 */
function settled() {
	for (;;) {
		const left = spawnSync('pgrep', ['-x', 'make|rustc|insmod|rmmod|ld|gcc'], {encoding: 'utf8'}).stdout;
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
	return next;
}

/** One walk to its end: how long it takes, in milliseconds. */
function whole() {
	const started = performance.now();
	const {status, stderr, stdout} = spawnSync('linux-rust-setup', words, {encoding: 'utf8'});
	if (status !== 0)
		result.problems.push(
			`a walk that nobody stopped ended with ${status}: ${stdout.slice(-300)} ${stderr.slice(-500)}`
		);
	result.walks += 1;
	return performance.now() - started;
}

function forget() {
	if (isLoaded()) spawnSync('sudo', ['rmmod', 'hello']);
	rmSync('hello', {recursive: true, force: true});
	rmSync(memory, {force: true});
}

const length = whole();
process.stderr.write(`a walk takes ${Math.round(length)} ms\n`);
forget();
while (result.kills < wanted && result.problems.length < 5) {
	const at = nextByFacts();
	const before = effects();
	const child = spawn('linux-rust-setup', words, {stdio: 'ignore', detached: true});
	const ended = new Promise(resolve => child.on('close', (_code, signal) => resolve(signal)));
	// early moments are many: that is when it looks, decides and begins to write
	await new Promise(resolve => setTimeout(resolve, Math.random() ** 2 * length));
	child.kill('SIGKILL');
	const signal = await ended;
	settled();
	if (signal === 'SIGKILL') {
		result.kills += 1;
		const now = nextByFacts();
		const name = `${at} to ${now}`;
		process.stderr.write(`${result.kills}: ${name}\n`);
		result.killedAt[name] = (result.killedAt[name] ?? 0) + 1;
	}
	const when = `kill ${result.kills}`;
	const after = effects();
	if (before.sources !== undefined && after.sources !== before.sources)
		result.problems.push(`${when}: the sources were written again`);
	if (before.module !== '' && after.module !== before.module)
		result.problems.push(`${when}: what was built was built again`);
	if (at === null && after.loads !== before.loads) result.problems.push(`${when}: what was loaded was loaded again`);
	check(when);
	if (nextByFacts() === null) {
		// all is done: another start changes nothing
		const done = effects();
		whole();
		if (JSON.stringify(effects()) !== JSON.stringify(done))
			result.problems.push(`${when}: a walk that was done did something`);
		forget();
	}
}
const left = existsSync('.') ? readdirSync('.').filter(name => name.startsWith('.hello')) : [];
// at most what the last kill left, which the next writer takes away
if (left.length > 1) result.problems.push(`left behind: ${left.join(', ')}`);
process.stdout.write(`${JSON.stringify(result)}\n`);
