import type {Reader} from '../model/machine.ts';
import type {Recipe} from '../model/recipe.ts';
import {ours} from '../packages/build-commands.ts';
import type {RecipeInfo} from '../packages/recipe-info.ts';
import {largestFile} from '../review/review.ts';
import {digestOf, type RecipeContent, readRecipe} from '../survey/recipe.ts';
import {isGood, runToEnd} from './run-to-end.ts';
import type {Stage} from './stage.ts';

/** What was agreed to: the text, the folder in which it runs, and what it declares, once it was asked. */
export type RecipeConsent = {readonly digest: string; readonly place: string; readonly info?: RecipeInfo};

/** The recipes agreed to while one plan is performed, by their folders. */
export type Consents = Map<string, RecipeConsent>;

export type RecipeNow =
	| {readonly ok: true; readonly files: readonly RecipeContent[]; readonly digest: string}
	| {readonly ok: false; readonly why: string};

/**
 * The files of a recipe as they are now, and the digest that tells them from any others. In a folder of the user's, what makepkg and
 * git made there is left out; in one that this program made, nothing but `.git` is: a repository that brings a `src` of its own is
 * read whole.
 */
export const recipeNow = (reader: Reader, {folder, origin}: Recipe): Promise<RecipeNow> =>
	origin.kind === 'folder' ? contentOf(reader, folder) : contentOf(reader, folder, ['.git']);

async function contentOf(reader: Reader, folder: string, leftOut?: readonly string[]): Promise<RecipeNow> {
	const read = await readRecipe(reader, folder, largestFile, leftOut);
	if (!read.ok) return {ok: false, why: read.why};
	const digest = await digestOf(reader, folder, read.files, largestFile);
	return digest.ok ? {ok: true, files: read.files, digest: digest.digest} : digest;
}

/**
 * The folder in which a recipe runs that was agreed to: its own, or for one of the user's a copy of what was read, so that nothing
 * runs that was left out (a `src` in that folder may be anybody's) and nothing that is changed there later.
 */
export async function placeToRun(
	{folder, base, origin}: Recipe,
	files: readonly RecipeContent[],
	stage: Stage
): Promise<{readonly ok: true; readonly place: string} | {readonly ok: false; readonly why: string}> {
	if (origin.kind !== 'folder') return {ok: true, place: folder};
	const place = `${base}/recipe`;
	const commands = [
		ours(['rm', '-rf', '--one-file-system', '--', place], 'the copy of an earlier build'),
		ours(['mkdir', '-p', '--', place], 'a copy of what was read: it runs there'),
		ours(
			[
				...([
					'cp',
					'--dereference',
					'--preserve=mode,timestamps',
					'--parents',
					`--target-directory=${place}`,
					'--'
				] as const),
				...files.map(file => file.path)
			],
			'copies what was read',
			folder
		)
	];
	for (const command of commands) {
		const ended = await runToEnd(command, stage);
		if (!isGood(ended)) return {ok: false, why: `the recipe could not be copied to ${place}: ${ended.output.trim()}`};
	}
	return {ok: true, place};
}

/** Why a recipe must not run: it is not, or no longer, the text that was agreed to. Gives the consent where it may. */
export async function checkConsent(
	recipe: Recipe,
	reader: Reader,
	consents: Consents
): Promise<({readonly ok: true} & RecipeConsent) | {readonly ok: false; readonly why: string}> {
	const agreed = consents.get(recipe.folder);
	if (agreed === undefined) return {ok: false, why: `the recipe in ${recipe.folder} was not reviewed`};
	const now = await contentOf(reader, agreed.place, ['.git']);
	if (!now.ok) return now;
	return now.digest === agreed.digest
		? {ok: true, ...agreed}
		: {
				ok: false,
				why: `the files in ${agreed.place} changed since they were reviewed, and nothing of them was run: review them again`
			};
}
