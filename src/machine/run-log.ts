import {closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readdirSync, unlinkSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';
import {messageOf} from './message.ts';

const keptLogs = 20;

/** What a log may grow to before its disk is full: make and what it runs fail when their output cannot be written. */
const roomForLog = Buffer.alloc(256 * 1024);

/** Where a log goes when the state folder cannot take it: the temporary folder, or memory. */
const otherFolders = [tmpdir(), '/dev/shm'] as const;

/**
 * Makes an empty log for a run of `program` and gives its path. Falls back to another folder where the state folder cannot be
 * written or has no room, and says why; old logs beyond the newest twenty go. All at once and not in node's thread pool, because
 * the build that somebody waits for begins only afterwards. Throws where no folder can take it.
 */
export function newRunLog(state: string, program: string, onElsewhere?: (why: string) => void): string {
	const name = basename(program);
	const stamp = new Date().toISOString().replace(/[:.]/g, '-');
	const folder = join(state, 'logs');
	const problems: string[] = [];
	try {
		mkdirSync(folder, {recursive: true, mode: 0o700});
		sweep(folder);
		const log = join(folder, `${name}-${stamp}.log`);
		makeLog(log);
		return log;
	} catch (error) {
		problems.push(messageOf(error));
	}
	for (const other of otherFolders) {
		try {
			const log = join(mkdtempSync(join(other, 'linux-rust-setup-')), `${name}-${stamp}.log`);
			makeLog(log);
			onElsewhere?.(`No log can be written to ${folder} (${problems[0]}). It is in ${dirname(log)} instead.`);
			return log;
		} catch (error) {
			problems.push(messageOf(error));
		}
	}
	throw new Error(`no log can be written: ${problems.join('; ')}`);
}

/** Makes room for one more log: only the newest ones stay. Those that are not ours to remove stay too. */
function sweep(folder: string): void {
	const logs = readdirSync(folder).filter(file => file.endsWith('.log'));
	if (logs.length < keptLogs) return;
	// not localeCompare: the tables it loads take longer than all else here
	const byAge = logs.sort((one, other) => (stampOf(one) < stampOf(other) ? -1 : 1));
	for (const file of byAge.slice(0, logs.length - keptLogs + 1)) {
		try {
			unlinkSync(join(folder, file));
		} catch {
			// one more log than wanted
		}
	}
}

/** Makes an empty file on a disk that has room for more, or leaves none behind. */
function makeLog(log: string): void {
	const descriptor = openSync(log, 'wx', 0o600);
	try {
		// a disk that is nearly full takes a part of it, and refuses the next write
		for (let written = 0; written < roomForLog.length; ) written += writeSync(descriptor, roomForLog, written);
		ftruncateSync(descriptor);
	} catch (error) {
		unlinkSync(log);
		throw error;
	} finally {
		closeSync(descriptor);
	}
}

const stampOf = (log: string): string => log.slice(-'2026-01-31T10-00-00-000Z.log'.length);
