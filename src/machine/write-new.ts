import {mkdir, open, readdir, rename, rm, rmdir, stat, unlink} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import type {WriteResult} from '../model/machine.ts';
import {messageOf} from './message.ts';

type Files = readonly {readonly path: string; readonly content: string}[];

/**
 * Writes files that do not exist yet, all or nothing. A folder that is new gets its name when it is whole: a process that is killed
 * meanwhile leaves nothing that looks like a module.
 */
export async function writeNew(folder: string, files: Files): Promise<WriteResult> {
	return (await isThere(folder)) ? writeInto(folder, files) : writeWhole(folder, files);
}

const isThere = (path: string): Promise<boolean> =>
	stat(path).then(
		() => true,
		() => false
	);

/** The name a folder has until it is whole: hidden, and with the process that writes it. */
const halfName = (folder: string): string => `.${basename(folder)}.half-written-`;

let writers = 0;

async function writeWhole(folder: string, files: Files): Promise<WriteResult> {
	const parent = dirname(folder);
	writers += 1;
	const half = join(parent, `${halfName(folder)}${process.pid}-${writers}`);
	let outermost: string | undefined;
	try {
		outermost = await mkdir(parent, {recursive: true});
		await sweep(folder);
		const written = await writeInto(half, files);
		if (!written.ok) throw new Error(written.why.replaceAll(half, folder));
		// fails where another process was faster: a folder with something in it is not replaced (rename(2), ENOTEMPTY)
		await rename(half, folder);
		return {ok: true, written: files.map(({path}) => join(folder, path))};
	} catch (error) {
		await rm(half, {recursive: true, force: true});
		if (outermost !== undefined) await removeFolders(parent, outermost);
		const {code} = error as NodeJS.ErrnoException;
		return {ok: false, why: code === 'ENOTEMPTY' || code === 'EEXIST' ? `${folder} exists already` : messageOf(error)};
	}
}

/** Removes what processes that were killed have left of this folder. */
async function sweep(folder: string): Promise<void> {
	const parent = dirname(folder);
	for (const name of await readdir(parent)) {
		const [, pid] = name.startsWith(halfName(folder)) ? (/-(\d+)-\d+$/.exec(name) ?? []) : [];
		if (pid === undefined || lives(Number(pid))) continue;
		await rm(join(parent, name), {recursive: true, force: true});
	}
}

function lives(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// somebody else's
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** What this call made goes again where one file cannot be written; what was there before stays untouched. */
async function writeInto(folder: string, files: Files): Promise<WriteResult> {
	const written: string[] = [];
	const made: (readonly [string, string])[] = [];
	const need = async (wanted: string): Promise<void> => {
		const outermost = await mkdir(wanted, {recursive: true});
		if (outermost !== undefined) made.push([wanted, outermost]);
	};
	try {
		await need(folder);
		for (const {path, content} of files) {
			const file = join(folder, path);
			await need(dirname(file));
			const handle = await open(file, 'wx', 0o644);
			written.push(file);
			try {
				await handle.writeFile(content);
			} finally {
				await handle.close();
			}
		}
		return {ok: true, written};
	} catch (error) {
		await Promise.all(written.map(file => unlink(file).catch(() => undefined)));
		for (const [wanted, outermost] of made.toReversed()) await removeFolders(wanted, outermost);
		const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
		return {ok: false, why: exists ? `${(error as NodeJS.ErrnoException).path} exists already` : messageOf(error)};
	}
}

/** Empty folders from `innermost` up to `outermost`. */
async function removeFolders(innermost: string, outermost: string): Promise<void> {
	for (let one = innermost; one.length >= outermost.length; one = dirname(one)) await rmdir(one).catch(() => undefined);
}
