import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {expect, test} from 'vitest';
import {borrowRoot, kdirOf, numbers, repository, run} from './practice.ts';

// the practice root stands for a machine that has a Rust kernel installed: QEMU and Node are this machine's
const at = borrowRoot();
const {inside} = kdirOf(at);
const release = basename(inside);

/** Runs the program on that machine. What is mounted for it is gone when it ends; home and memory stay for the next run. */
function runThere(words: readonly string[]): ReturnType<typeof run> {
	const layer = join(at.cache, 'machine');
	for (const name of ['upper', 'work']) mkdirSync(join(layer, name), {recursive: true});
	const machine = `
		root=$1 layer=$2 repository=$3; shift 3
		mount -t tmpfs tmpfs "$layer"; mkdir "$layer/upper" "$layer/work"
		mount -t overlay -o "lowerdir=$root/usr:/usr,upperdir=$layer/upper,workdir=$layer/work" overlay "$root/usr"
		mount --rbind /dev "$root/dev"; mount -t proc proc "$root/proc"; mount -t tmpfs tmpfs "$root/tmp"
		mkdir -p "$root/srv/work" "$root$repository"; mount --bind "$repository" "$root$repository"
		modules=$(readlink -f "$repository/node_modules"); mkdir -p "$root$modules"; mount --bind "$modules" "$root$modules"
		exec chroot "$root" env -C /srv/work HOME=/srv/work XDG_CACHE_HOME=/tmp/cache XDG_STATE_HOME=/srv/state "$@"`;
	const before = ['unshare', '--mount', 'sh', '-euc', machine, 'sh', at.root, layer, repository];
	return run(words, {at, before});
}

/** The command that builds a module, as it is shown before it runs. */
const builds = /make -C \S+ M=/;

test('an installed kernel is tried before it is booted, with no root folder at all', async () => {
	const {code, stdout, stderr} = await runThere(['practice', '--yes', '--installed', release, '--kdir', inside]);
	expect(stderr).not.toMatch(/debootstrap|fetched/);
	expect(stderr + stdout).toMatch(builds);
	expect(stdout).toMatch(numbers);
	expect(stdout).toContain(`boot: done: running ${release}`);
	expect(code).toBe(0);
});

test('a module is tried before it is loaded: the very file that was built, and memory knows it apart from loads', async () => {
	const folder = '/srv/work/numbers';
	const words = ['load', '--on', 'practice', '--installed', release, '--kdir', inside, folder];
	const {code, stdout, stderr} = await runThere(words);
	expect(stderr + stdout).not.toMatch(builds);
	expect(stdout).toMatch(numbers);
	expect(code).toBe(0);
	const hash = createHash('sha256')
		.update(readFileSync(join(at.root, folder, 'numbers.ko')))
		.digest('hex');
	const memory = JSON.parse(readFileSync(join(at.root, 'srv/state/linux-rust-setup/memory.json'), 'utf8'));
	expect(memory.trials).toMatchObject([{name: 'numbers', hash, release}]);
	expect(memory.loads).toEqual([]);
});

test('one that is not installed: those that are, are named', async () => {
	const {code, stderr} = await runThere(['practice', '--yes', '--installed', '9.9.9-none']);
	expect(stderr).toContain(`9.9.9-none is not installed`);
	expect(stderr).toContain(`Installed: ${release}`);
	expect(code).toBe(1);
});
