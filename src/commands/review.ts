import {readdir, readFile, stat} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {messageOf} from '../machine/message.ts';
import type {Flag} from '../review/flag.ts';
import {largestFile, type RecipeFile, reviewRecipe} from '../review/review.ts';
import {safeLine} from '../text/safe-text.ts';
import type {Options} from './options.ts';
import {exitCodes, say, sayJson} from './output.ts';
import {UsageError} from './usage-error.ts';

/** What makepkg and git leave in a recipe's folder. */
const leftOut = new Set(['.git', 'src', 'pkg']);
const mostFiles = 2000;
const mostBytes = 256 * 1024 * 1024;
const deepestFolder = 4;

/** `review [folder]`: what to look at in a PKGBUILD and what belongs to it, as text; nothing of it is run. 1: a red flag. */
export async function review(options: Options): Promise<number> {
	const folder = resolve(options.words[0] ?? '.');
	const files = await readRecipe(folder);
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
async function readRecipe(folder: string): Promise<readonly RecipeFile[]> {
	const names = await readdir(folder).catch((error: unknown) => {
		throw unreadable(folder, error);
	});
	if (!names.includes('PKGBUILD')) {
		throw new UsageError(
			'no-recipe',
			`${folder} holds no PKGBUILD.`,
			'Name the folder of a recipe, for instance one that git clone https://aur.archlinux.org/NAME.git made.'
		);
	}
	const paths: string[] = [];
	await collect(folder, '', 0, paths);
	const files: RecipeFile[] = [];
	let bytes = 0;
	for (const path of paths.sort()) {
		const content = await readOne(join(folder, path));
		if (content === undefined) continue;
		bytes += content.length;
		if (bytes > mostBytes) throw tooMuch(folder);
		files.push({path, content});
	}
	return files;
}

async function collect(folder: string, below: string, depth: number, paths: string[]): Promise<void> {
	const entries = await readdir(join(folder, below), {withFileTypes: true}).catch((error: unknown) => {
		throw unreadable(join(folder, below), error);
	});
	for (const entry of entries) {
		const path = below === '' ? entry.name : `${below}/${entry.name}`;
		if (entry.isDirectory()) {
			if (below === '' && leftOut.has(entry.name)) continue;
			if (depth >= deepestFolder) throw tooMuch(folder);
			await collect(folder, path, depth + 1, paths);
		} else if (entry.isFile() || entry.isSymbolicLink()) paths.push(path);
		if (paths.length > mostFiles) throw tooMuch(folder);
	}
}

/** One byte more than is looked at, so that a file too large shows; undefined for what is no file. */
async function readOne(path: string): Promise<Uint8Array | undefined> {
	try {
		const facts = await stat(path);
		if (!facts.isFile()) return undefined;
		if (facts.size > largestFile) return new Uint8Array(largestFile + 1);
		return await readFile(path);
	} catch (error) {
		// a link that leads nowhere
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw unreadable(path, error);
	}
}

const unreadable = (path: string, error: unknown): UsageError =>
	new UsageError(
		'unreadable-recipe',
		`${path} could not be read: ${messageOf(error)}.`,
		'Name the folder of a recipe that you may read.'
	);

const tooMuch = (folder: string): UsageError =>
	new UsageError(
		'too-much',
		`${folder} holds more than a recipe does: over ${mostFiles} files, 256 MiB or ${deepestFolder} levels of folders.`,
		'Name the folder that holds the PKGBUILD alone.'
	);
