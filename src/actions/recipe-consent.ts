import type {Reader} from '../model/machine.ts';
import type {Recipe} from '../model/recipe.ts';
import type {RecipeInfo} from '../packages/recipe-info.ts';
import {largestFile} from '../review/review.ts';
import {digestOf, type RecipeContent, readRecipe} from '../survey/recipe.ts';

/** The recipes agreed to while one plan is performed, by their folders; `info`: what each declares, once makepkg was asked. */
export type Consents = Map<string, {readonly digest: string; readonly info?: RecipeInfo}>;

export type RecipeNow =
	| {readonly ok: true; readonly files: readonly RecipeContent[]; readonly digest: string}
	| {readonly ok: false; readonly why: string};

/**
 * The files of a recipe as they are now, and the digest that tells them from any others. In a folder that this program made,
 * nothing but `.git` is left out: a repository that brings a `src` of its own is read whole.
 */
export async function recipeNow(reader: Reader, {folder, origin}: Recipe): Promise<RecipeNow> {
	const read = await (origin.kind === 'folder'
		? readRecipe(reader, folder, largestFile)
		: readRecipe(reader, folder, largestFile, ['.git']));
	if (!read.ok) return {ok: false, why: read.why};
	const digest = await digestOf(reader, folder, read.files, largestFile);
	return digest.ok ? {ok: true, files: read.files, digest: digest.digest} : digest;
}

/** Why a recipe must not run: it is not, or no longer, the text that was agreed to. Gives its digest where it may. */
export async function checkConsent(
	recipe: Recipe,
	reader: Reader,
	consents: Consents
): Promise<{readonly ok: true; readonly digest: string} | {readonly ok: false; readonly why: string}> {
	const agreed = consents.get(recipe.folder)?.digest;
	if (agreed === undefined) return {ok: false, why: `the recipe in ${recipe.folder} was not reviewed`};
	const now = await recipeNow(reader, recipe);
	if (!now.ok) return now;
	return now.digest === agreed
		? {ok: true, digest: now.digest}
		: {
				ok: false,
				why: `the files in ${recipe.folder} changed since they were reviewed, and nothing of them was run: review them again`
			};
}
