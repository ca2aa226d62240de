import {readdirSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Flag} from '../../src/review/flag.ts';
import {type RecipeFile, reviewRecipe} from '../../src/review/review.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The files of a folder, as the command hands them over. */
export const filesIn = (folder: string): readonly RecipeFile[] =>
	readdirSync(folder, {recursive: true, withFileTypes: true})
		.filter(entry => entry.isFile())
		.map(entry => join(entry.parentPath, entry.name))
		.map(path => ({path: relative(folder, path), content: readFileSync(path)}));

/** The flags of a PKGBUILD that is this text. */
export const reviewOf = (text: string, path = 'PKGBUILD'): readonly Flag[] =>
	reviewRecipe([{path, content: new TextEncoder().encode(text)}]);

export const idsOf = (flags: readonly Flag[]): readonly string[] => [...new Set(flags.map(flag => flag.id))].sort();
