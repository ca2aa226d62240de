// What the wizard adds to the makepkg it runs, in wall time: a recipe whose make compiles C on all processors for more than a minute,
// from Enter under "Build from …" to the moment at which root is asked for, against plain makepkg with the same settings. As root it
// runs behind a mount namespace in which the system is called Arch Linux, and builds as an ordinary user.
import {execFileSync} from 'node:child_process';
import {chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {node, root} from '../ensure.js';
import {median, stolen, ticks} from './measure.js';
import {environment, scratch} from './scene.js';
import {onTerminal} from './terminal.js';

const limit = 1.02;
/** Seconds that makepkg is to take. */
const leastSeconds = 60;
/** Longer than any build here, in milliseconds. */
const patience = 1_800_000;
const user = 4343;
const jobs = availableParallelism();

export async function packages(count) {
	if (process.getuid() !== 0)
		throw new Error('This measurement takes root, to name the system and to be another user.');
	const folder = scratch();
	const recipe = makeRecipe(folder);
	const pairs = [];
	const notes = [];
	for (let round = 0; round < count; round++) {
		const turns = {plain: () => plain(folder, recipe), wizard: () => wizard(folder, recipe)};
		const taken = {};
		// who comes second meets a warmer machine, and another noise
		for (const name of round % 2 === 0 ? ['plain', 'wizard'] : ['wizard', 'plain']) {
			const before = ticks();
			taken[name] = await turns[name]();
			taken[name].steal = stolen(before, ticks());
		}
		pairs.push(taken);
		const {plain: bare, wizard: ours} = taken;
		notes.push(
			`pair ${round + 1}: ${seconds(ours.wall)} : ${seconds(bare.wall)}, ${(ours.wall / bare.wall).toFixed(3)} x; ` +
				`before makepkg ${seconds(ours.before)}, after it ${seconds(ours.after)}, the wizard's own processor time ${seconds(ours.own)}; ` +
				`stolen ${ours.steal} % and ${bare.steal} %`
		);
	}
	const ratios = pairs.map(pair => pair.wizard.wall / pair.plain.wall);
	const [ours, peer] = ['wizard', 'plain'].map(name => median(pairs.map(pair => pair[name].wall)));
	return [
		{
			what: `a build with makepkg of ${seconds(peer)} in the wizard, against plain makepkg (median of the pairs)`,
			ours: seconds(ours),
			peer: seconds(peer),
			value: `${median(ratios).toFixed(3)} x, at best ${Math.min(...ratios).toFixed(3)} x`,
			limit: `${limit.toFixed(2)} x, and ${leastSeconds} s`,
			ok: median(ratios) <= limit && peer >= leastSeconds * 1000,
			notes
		}
	];
}

const seconds = milliseconds => `${(milliseconds / 1000).toFixed(1)} s`;

/** A recipe with as many files of C as keep all processors busy for a little longer than the least time. */
function makeRecipe(folder) {
	const recipe = join(folder, 'recipe');
	const source = join(folder, 'units');
	mkdirSync(recipe);
	mkdirSync(source);
	const text = Array.from(
		{length: 40},
		(_, index) => `
int step_${index}(const int *from, int count) {
	int sum = ${index};
	for (int at = 0; at < count; at++) switch ((from[at] + sum) % 17) {
${Array.from({length: 17}, (_, one) => `		case ${one}: sum += from[at] * ${one + index} ^ (sum >> ${one % 7}); break;`).join('\n')}
	}
	return sum;
}`
	).join('\n');
	const unit = join(source, 'unit.c');
	writeFileSync(unit, text);
	const trial = 2 * jobs;
	const started = performance.now();
	execFileSync('sh', ['-c', `seq ${trial} | xargs -P ${jobs} -I@ gcc -O2 -c ${unit} -o ${folder}/trial-@.o`]);
	const each = (performance.now() - started) / trial;
	const units = Math.ceil((1.25 * leastSeconds * 1000) / each);
	rmSync(unit);
	for (let one = 0; one < units; one++)
		writeFileSync(join(source, `unit_${one}.c`), `static int own = ${one};\n${text}\nint used(void) { return own; }\n`);
	writeFileSync(
		join(source, 'Makefile'),
		'all: $(patsubst %.c,%.o,$(wildcard *.c))\n%.o: %.c\n\t@echo "  CC      drivers/bench/$@"\n\t@gcc -O2 -c $< -o $@\n'
	);
	execFileSync('tar', ['-cf', join(recipe, 'units.tar'), '-C', folder, 'units']);
	rmSync(source, {recursive: true});
	writeFileSync(
		join(recipe, 'PKGBUILD'),
		`pkgbase=linux-bench
pkgname=(linux-bench linux-bench-headers)
pkgver=1
pkgrel=1
pkgdesc='A measured build'
arch=(any)
license=(GPL-2.0-only)
options=(!strip !debug)
source=(units.tar)
sha256sums=(SKIP)
build() { make -C units; }
package_linux-bench() { install -Dm644 units/unit_0.o "$pkgdir/usr/lib/bench/unit_0.o"; }
package_linux-bench-headers() { install -Dm644 units/unit_1.o "$pkgdir/usr/lib/bench/unit_1.o"; }
`
	);
	writeFileSync(join(folder, 'os-release'), 'NAME="Arch Linux"\nPRETTY_NAME="Arch Linux"\nID=arch\n');
	for (const path of [folder, recipe, ...readdirSync(recipe).map(name => join(recipe, name))])
		chownSync(path, user, user);
	return recipe;
}

/** The words before a program: the system is called Arch Linux, and the user is an ordinary one. */
const asUser = folder => [
	...[
		'--mount',
		'sh',
		'-c',
		'mount --bind "$1/os-release" "$(realpath /etc/os-release)" && shift && exec "$@"',
		'sh',
		folder
	],
	...['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups']
];

/** A home, a memory and a cache that are empty. */
function place(folder, name) {
	const home = join(folder, name);
	rmSync(home, {recursive: true, force: true});
	mkdirSync(home);
	chownSync(home, user, user);
	return {home, env: {...environment(home), HOME: home, USER: 'bench', PATH: '/usr/local/bin:/usr/bin:/bin'}};
}

async function plain(folder, recipe) {
	const {home, env} = place(folder, 'plain');
	const child = onTerminal(
		'unshare',
		[...asUser(folder), 'makepkg', '--force', '--noconfirm', '--nocolor', '--cleanbuild'],
		{
			cwd: recipe,
			env: {
				...env,
				SRCDEST: home,
				PKGDEST: home,
				BUILDDIR: join(home, 'build'),
				MAKEFLAGS: `-j${jobs}`,
				LC_ALL: 'C.UTF-8'
			}
		}
	);
	const {code, at} = await child.exit;
	if (code !== 0) throw new Error(`makepkg ended with ${code}:\n${child.text()}`);
	return {wall: at - child.started};
}

async function wizard(folder, recipe) {
	const {home, env} = place(folder, 'wizard');
	const base = join(home, 'built');
	const screen = onTerminal(
		'unshare',
		[...asUser(folder), node, join(root, 'bin/linux-rust-setup.js'), '--recipe', recipe, '--build-folder', base],
		{cwd: home, env: {...env, LC_ALL: 'C.UTF-8'}}
	);
	await untilOffered(screen);
	const started = performance.now();
	screen.press('\r');
	await screen.painted(/May it run, as you\?/);
	screen.press('y');
	const ended = await screen.painted(/sudo asks for your password/, patience);
	const own = ownTime(screen.pid);
	const clock = Date.now() - performance.now();
	const [log] = readdirSync(join(home, 'linux-rust-setup/logs')).filter(name => name.startsWith('makepkg'));
	const begun = statSync(join(home, 'linux-rust-setup/logs', log)).birthtimeMs - clock;
	const last = statSync(join(home, 'linux-rust-setup/logs', log)).mtimeMs - clock;
	await screen.leave('q');
	return {wall: ended - started, before: begun - started, after: ended - last, own};
}

/** Leaves for later what this machine lacks, until the build is the decision. */
async function untilOffered(screen) {
	for (;;) {
		await screen.painted(/q quit/);
		if (/❯ Build from /.test(screen.text())) return;
		if (!screen.text().includes('Leave it for later')) throw new Error(`The build is not offered:\n${screen.text()}`);
		screen.press('\u001b[F');
		await screen.painted(/❯ Leave it for later/);
		screen.press('\r');
	}
}

/** Processor time of a process without its children, in milliseconds; the clock of /proc ticks a hundred times a second. */
function ownTime(pid) {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
	return 10 * (Number(fields[11]) + Number(fields[12]));
}
