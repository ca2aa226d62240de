import {cp, rm} from 'node:fs/promises';
import {basename, join} from 'node:path';
import type {PracticePaths} from '../practice/paths.ts';
import type {PracticeMachine} from '../practice/prepare.ts';

/**
 * Copies a module to where practice mode may build it, so that what is built for this machine's kernel stays as it is. With what is
 * built, where an installed kernel runs it: what was built for that very kernel is then the file that is tried.
 */
export async function copyModule(
	paths: PracticePaths,
	folder: string,
	{root}: Pick<PracticeMachine, 'root'>
): Promise<string> {
	const copy = join(paths.folder, 'tried', basename(folder));
	await rm(copy, {recursive: true, force: true});
	await cp(folder, copy, {
		recursive: true,
		// what is built has to stay newer than its sources
		preserveTimestamps: true,
		filter: path => !isGit(path) && (root === undefined || !isBuilt(path))
	});
	return copy;
}

const isGit = (path: string): boolean => basename(path) === '.git';

/** What kbuild makes. */
const isBuilt = (path: string): boolean =>
	/\.(?:o|ko|mod|mod\.c|cmd|rmeta|d)$|^(?:Module\.symvers|modules\.order)$/.test(basename(path));
