import {cp, rm} from 'node:fs/promises';
import {basename, join} from 'node:path';
import type {PracticePaths} from '../practice/paths.ts';

/** Copies a module's sources to where practice mode may build them, so that what is built for this machine's kernel stays as it is. */
export async function copyModule(paths: PracticePaths, folder: string): Promise<string> {
	const copy = join(paths.folder, 'tried', basename(folder));
	await rm(copy, {recursive: true, force: true});
	await cp(folder, copy, {recursive: true, filter: path => !isBuilt(path)});
	return copy;
}

/** What kbuild makes, and git's own folder. */
const isBuilt = (path: string): boolean =>
	/\.(?:o|ko|mod|mod\.c|cmd|rmeta|d)$|^(?:Module\.symvers|modules\.order|\.git)$/.test(basename(path));
