import {mkdir, readdir, readFile, rename, rm, stat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import type {Memory} from '../model/memory.ts';
import type {Memo} from '../model/step.ts';
import {withLock} from './lock.ts';
import {isNews, withMemo} from './memo.ts';
import {memoryFile, memoryName, memorySchema, recall} from './read.ts';

/**
 * Remembers memos in the state folder: read and written again under a lock, in one step, mode 0600. A broken file is set aside
 * under a name with the time; a newer version's file and another user's are left alone. Gives a sentence for the user where
 * something of that kind happened, or where nothing could be written; never throws. `owner` as for `recall`.
 */
export async function remember(
	folder: string,
	memos: readonly Memo[],
	owner = process.getuid?.()
): Promise<string | undefined> {
	if (memos.length === 0) return undefined;
	const lost = 'nothing is remembered of this run';
	try {
		const stranger = await ownerAbove(folder, owner);
		if (stranger !== undefined) return `${folder} would be in a folder of another user (uid ${stranger}): ${lost}`;
		await mkdir(folder, {recursive: true, mode: 0o700});
		const locked = await withLock(join(folder, `${memoryName}.lock`), () => rememberLocked(folder, memos, owner));
		if (locked.ok) return locked.value;
		return `${memoryFile(folder)} is held by another linux-rust-setup (process ${locked.pid}): ${lost}`;
	} catch (error) {
		// what was done stays done, whether it is remembered or not
		const {code, message} = error as NodeJS.ErrnoException;
		return `${memoryFile(folder)} cannot be written (${code ?? message}): ${lost}`;
	}
}

async function rememberLocked(
	folder: string,
	memos: readonly Memo[],
	owner: number | undefined
): Promise<string | undefined> {
	const recalled = await recall(folder, owner);
	if (recalled.status !== 'ok' && recalled.status !== 'broken')
		return `${recalled.why}: nothing is remembered of this run`;
	const memory = memos.reduce(withMemo, recalled.memory);
	if (!isNews(recalled, memos)) return undefined;
	await sweep(folder);
	const notice = recalled.status === 'broken' ? `${recalled.why}. ${await setAside(folder)}` : undefined;
	await write(folder, {schema: memorySchema, ...memory});
	return notice;
}

/** The name a new memory has until it is whole. */
const nextName = `${memoryName}.next`;

/**
 * conf writes the new memory beside the old one, which it replaces when it was read back whole: on a disk that is nearly full
 * a write may end early without an error.
 */
async function write(folder: string, memory: Memory & {readonly schema: number}): Promise<void> {
	const {Conf} = await import('./conf.ts');
	const next = join(folder, `${nextName}.json`);
	try {
		const store = new Conf<Memory & {schema: number}>({
			cwd: folder,
			configName: nextName,
			configFileMode: 0o600,
			clearInvalidConfig: false
		});
		store.store = memory;
		const written: unknown = JSON.parse(await readFile(next, 'utf8').then(text => text || 'null'));
		if (!isDeepStrictEqual(written, JSON.parse(JSON.stringify(memory)))) throw new Error('the disk is full');
		await rename(next, memoryFile(folder));
	} catch (error) {
		await rm(next, {force: true});
		throw error instanceof SyntaxError ? new Error('the disk is full') : error;
	}
}

/** Removes what a process that was killed while it wrote has left. Only who holds the lock writes, so none of it is in use. */
async function sweep(folder: string): Promise<void> {
	const left = (await readdir(folder)).filter(name => name.startsWith(`${nextName}.json`));
	await Promise.all(left.map(name => rm(join(folder, name), {force: true})));
}

async function setAside(folder: string): Promise<string> {
	const aside = `${memoryFile(folder)}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
	await rename(memoryFile(folder), aside);
	return `It is kept as ${aside}; a new one was started`;
}

/** Root may write anywhere, and would leave files in a user's home that the user cannot write any more (sudo with HOME kept). */
async function ownerAbove(folder: string, owner: number | undefined): Promise<number | undefined> {
	if (owner !== 0) return undefined;
	for (let place = folder; ; place = dirname(place)) {
		const facts = await stat(place).catch(() => undefined);
		if (facts !== undefined) return facts.uid === 0 ? undefined : facts.uid;
		if (place === dirname(place)) return undefined;
	}
}
