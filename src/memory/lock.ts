import {readFile, readlink, symlink, unlink} from 'node:fs/promises';

/** A process as no other one ever was since the machine booted: its id and when it started (proc(5), /proc/PID/stat, field 22). */
type Holder = {readonly pid: number; readonly started: string};

export type Locked<T> = {readonly ok: true; readonly value: T} | {readonly ok: false; readonly pid: number};

/** How long another process is waited for, in milliseconds: it holds the lock for one read and one write. */
const patience = 10_000;

/**
 * Does `work` while no other process holds the lock `file`: a symbolic link whose target names its holder, because that is made
 * with its content in one step. A holder that died, by `kill -9` too, holds nothing. Gives the holder's id where it could not be
 * waited for. Throws where the link cannot be made.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, wait = patience): Promise<Locked<T>> {
	const own = targetOf(await startOf(process.pid), process.pid);
	const pid = await take(file, own, wait);
	if (pid !== undefined) return {ok: false, pid};
	try {
		return {ok: true, value: await work()};
	} finally {
		// whoever took it away by hand wanted just this
		await unlink(file).catch(() => {});
	}
}

/** Gives the id of the process that holds it still when patience is over. */
async function take(file: string, own: string, wait: number): Promise<number | undefined> {
	const deadline = performance.now() + wait;
	for (;;) {
		try {
			await symlink(own, file);
			return undefined;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		}
		const target = await targetAt(file);
		if (target === undefined) continue;
		const holder = holderFrom(target);
		if (holder !== undefined && (await lives(holder))) {
			if (performance.now() > deadline) return holder.pid;
			// often, because a holder that works on takes it again at once; not in step with others that wait
			await new Promise(resolve => setTimeout(resolve, 1 + Math.random() * 3));
			continue;
		}
		const broken = await breakLock(file, target, wait);
		if (broken !== undefined) return broken;
	}
}

/**
 * Takes away a lock whose holder is dead. Two may find that out at once, and the second must not take away what the first has
 * locked since: only who holds the lock's own lock may, after looking once more.
 */
async function breakLock(file: string, dead: string, wait: number): Promise<number | undefined> {
	const broken = await withLock(
		`${file}.breaking`,
		async () => {
			if ((await targetAt(file)) === dead) await unlink(file);
		},
		wait
	);
	return broken.ok ? undefined : broken.pid;
}

/** Undefined where there is no lock any more; something else in its place has no holder. */
async function targetAt(file: string): Promise<string | undefined> {
	try {
		return await readlink(file);
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT') return undefined;
		if (code === 'EINVAL') return '';
		throw error;
	}
}

const targetOf = (started: string | undefined, pid: number): string => `${pid}-${started ?? 0}`;

function holderFrom(target: string): Holder | undefined {
	const [, pid, started] = /^([1-9]\d{0,9})-(\d+)$/.exec(target) ?? [];
	return pid === undefined || started === undefined ? undefined : {pid: Number(pid), started};
}

/** Whether the process that took the lock is still there; another one may have got its id since. */
const lives = async ({pid, started}: Holder): Promise<boolean> => (await startOf(pid)) === started;

/** When a process was started, in clock ticks after boot; undefined for one that is not there, or is dead and not yet buried. */
async function startOf(pid: number): Promise<string | undefined> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	// the name in parentheses may hold anything, parentheses too
	const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return state === undefined || /^[ZXx]?$/.test(state) ? undefined : fields[18];
}
