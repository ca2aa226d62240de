import {resolve} from 'node:path';
import {createLocalReader} from '../machine/reader.ts';
import type {Flag} from '../review/flag.ts';
import {largestFile, type RecipeFile, reviewRecipe} from '../review/review.ts';
import {readRecipe} from '../survey/recipe.ts';
import {safeLine} from '../text/safe-text.ts';
import type {Options} from './options.ts';
import {exitCodes, say, sayJson} from './output.ts';
import {UsageError} from './usage-error.ts';

/** `review [folder]`: what to look at in a PKGBUILD and what belongs to it, as text; nothing of it is run. 1: a red flag. */
export async function review(options: Options): Promise<number> {
	const folder = resolve(options.words[0] ?? '.');
	const files = await filesIn(folder);
	const flags = reviewRecipe(files).map(shown);
	const code = flags.some(flag => flag.severity === 'red') ? exitCodes.open : exitCodes.done;
	if (options.json) await sayJson({schema: 1, flags});
	else if (!options.quiet) await say(reviewText(flags, files));
	return code;
}

const shown = (flag: Flag): Flag => ({...flag, file: safeLine(flag.file, 300), text: safeLine(flag.text, 300)});

function reviewText(flags: readonly Flag[], files: readonly RecipeFile[]): string {
	const said = flags.map(
		flag => `${flag.file}:${flag.line}: ${flag.severity}: ${flag.id}\n   ${flag.text}\n   ${flag.why}\n\n`
	);
	const red = flags.filter(flag => flag.severity === 'red').length;
	const amber = flags.length - red;
	const read = files.length === 1 ? 'one file' : `${files.length} files`;
	const verdict =
		red > 0
			? `${red} red, ${amber} amber in ${read}. Do not build this before you understand what is red.`
			: amber > 0
				? `Nothing red, ${amber} amber in ${read}: worth a look, and found in honest recipes too.`
				: `Nothing red and nothing amber in ${read}.`;
	return `${said.join('')}${verdict}\nThis looks for known signs and proves nothing: read the recipe yourself.\n`;
}

/** The files of a recipe, or UsageError where there is none, or where it cannot be read whole. */
async function filesIn(folder: string): Promise<readonly RecipeFile[]> {
	const read = await readRecipe(createLocalReader(), folder, largestFile);
	if (read.ok) return read.files;
	throw new UsageError(read.code, `${read.why}.`, wayOn[read.code]);
}

const wayOn = {
	'no-recipe': 'Name the folder of a recipe, for instance one that git clone https://aur.archlinux.org/NAME.git made.',
	'unreadable-recipe': 'Name the folder of a recipe that you may read.',
	'too-much': 'Name the folder that holds the PKGBUILD alone.'
} as const;
