import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/**
 * This very machine under an overlay: its programs, users and folders, and whatever is changed is gone afterwards. Real sudo, real
 * pacman, as root of a mount namespace. What one run leaves, the next one finds, as on a disk.
 */
const enter = [
	'set -e',
	'disk=$1 node=$2 repository=$3; shift 3',
	'mount -t overlay overlay -o lowerdir=/,upperdir=$disk/upper,workdir=$disk/work $disk/root',
	'cd $disk/root',
	'mkdir -p dev proc sys tmp',
	'mount --rbind /dev dev',
	'mount -t proc proc proc',
	'mount -t tmpfs -o mode=1777 tmpfs tmp',
	// afterwards, because these may be below /tmp
	'mkdir -p ".$repository" "./$(dirname "$node")"',
	'[ -z "$BOOT_SIZE" ] || { mkdir -p boot; mount -t tmpfs -o "size=$BOOT_SIZE" tmpfs boot; }',
	'mount --bind -o ro "$repository" ".$repository"',
	'[ ! -d "$repository/node_modules/" ] || { real=$(realpath "$repository/node_modules"); mkdir -p ".$real"; mount --bind -o ro "$real" ".$real"; }',
	'exec chroot . "$@"'
].join('\n');

export type ScratchMachine = {
	/** What is written is below `upper` of this folder. */
	readonly disk: string;
	/** The words to put before a program and its arguments, to run it there as root. */
	readonly prefix: readonly [string, ...string[]];
	/** Runs a shell script there as root and gives its output; throws with it where the script fails. */
	run(script: string, environment?: Readonly<Record<string, string>>): string;
	/** Writes a file there. */
	write(path: string, content: string | Uint8Array, mode?: number): void;
	forget(): void;
};

/** Makes one, or says why this machine cannot have it. */
export function scratchMachine(): ScratchMachine | {readonly why: string} {
	if (process.getuid?.() !== 0) return {why: 'it takes root to mount an overlay'};
	// not on the disk that is the lower layer
	let disk: string;
	try {
		disk = mkdtempSync('/dev/shm/scratch-machine-');
	} catch {
		return {why: 'there is no /dev/shm to write to'};
	}
	for (const name of ['upper', 'work', 'root']) mkdirSync(join(disk, name));
	const forget = (): void => rmSync(disk, {recursive: true, force: true});
	const words = [
		'--mount',
		'--pid',
		'--fork',
		'--kill-child',
		'sh',
		'-c',
		enter,
		'sh',
		disk,
		process.execPath,
		repository.replace(/\/$/, '')
	];
	const environment = {
		PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
		LC_ALL: 'C.UTF-8',
		BOOT_SIZE: ''
	};
	const run: ScratchMachine['run'] = (script, more = {}) =>
		execFileSync('unshare', [...words, 'sh', '-euc', script], {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'pipe'],
			env: {...environment, ...more}
		});
	try {
		run('true');
	} catch (error) {
		forget();
		return {
			why: `no overlay of this machine can be mounted: ${String((error as {stderr?: unknown}).stderr ?? error).trim()}`
		};
	}
	return {
		disk,
		prefix: ['unshare', ...words],
		run,
		write(path, content, mode = 0o644) {
			const file = join(disk, 'upper', path);
			mkdirSync(dirname(file), {recursive: true});
			writeFileSync(file, content, {mode});
		},
		forget
	};
}
