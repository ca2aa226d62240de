import {basename, dirname, join} from 'node:path';
import type {Reader} from '../model/machine.ts';
import {hashOf} from './module.ts';

/** A file of a recipe: its path below the recipe's folder, and its bytes; of one that is too large to be read, more than that many zeros. */
export type RecipeContent = {readonly path: string; readonly content: Uint8Array};

export type RecipeRead =
	| {readonly ok: true; readonly files: readonly RecipeContent[]}
	| {readonly ok: false; readonly code: 'no-recipe' | 'unreadable-recipe' | 'too-much'; readonly why: string};

/** What makepkg and git leave in the folder of a recipe that is built there. */
const leftBehind: readonly string[] = ['.git', 'src', 'pkg'];
const mostFiles = 2000;
const mostBytes = 256 * 1024 * 1024;
const deepestFolder = 4;

/**
 * Reads the files of a recipe. `largest`: bytes of a file that is read; `leftOut`: names at the top that are no part of it. Runs
 * nothing.
 */
export async function readRecipe(
	reader: Reader,
	folder: string,
	largest: number,
	leftOut = leftBehind
): Promise<RecipeRead> {
	const names = await reader.list(folder);
	if (names.status === 'unknown') return unreadable(folder, names.why);
	if (names.status === 'absent') return unreadable(folder, 'no such folder');
	if (!names.value.includes('PKGBUILD')) return {ok: false, code: 'no-recipe', why: `${folder} holds no PKGBUILD`};
	const paths: string[] = [];
	const problem = await collect(reader, folder, '', 0, {paths, leftOut});
	if (problem !== undefined) return problem;
	const files: RecipeContent[] = [];
	let bytes = 0;
	for (const path of paths.sort()) {
		const one = await readOne(reader, join(folder, path), largest);
		if (one === undefined) continue;
		if (typeof one === 'string') return unreadable(join(folder, path), one);
		bytes += one.length;
		if (bytes > mostBytes) return tooMuch(folder);
		files.push({path, content: one});
	}
	return {ok: true, files};
}

/**
 * What makes a recipe this very recipe: a hash over the names, contents and permissions of its files. Undefined, with the
 * reason, where one of them cannot be hashed. Files that are too large to be read are hashed by sha256sum.
 */
export async function digestOf(
	reader: Reader,
	folder: string,
	files: readonly RecipeContent[],
	largest: number
): Promise<{readonly ok: true; readonly digest: string} | {readonly ok: false; readonly why: string}> {
	const lines: string[] = [];
	for (const {path, content} of files) {
		const file = join(folder, path);
		const facts = await reader.stat(file);
		if (facts.status !== 'found') return {ok: false, why: `${file} is not there any more`};
		let hash = hashOf(content);
		if (content.length > largest) {
			const said = await reader.probe(['sha256sum', '--', file], {timeout: 60_000});
			const found =
				said.status === 'found' && said.value.code === 0 ? /^\\?([0-9a-f]{64})/.exec(said.value.stdout) : null;
			if (found?.[1] === undefined) return {ok: false, why: `${file} could not be hashed`};
			hash = found[1];
		}
		lines.push(`${hash} ${(facts.value.mode & 0o111) === 0 ? 'file' : 'program'} ${JSON.stringify(path)}`);
	}
	return {ok: true, digest: hashOf(new TextEncoder().encode(lines.join('\n')))};
}

async function collect(
	reader: Reader,
	folder: string,
	below: string,
	depth: number,
	{paths, leftOut}: {readonly paths: string[]; readonly leftOut: readonly string[]}
): Promise<Extract<RecipeRead, {ok: false}> | undefined> {
	const names = await reader.list(join(folder, below));
	if (names.status !== 'found')
		return unreadable(join(folder, below), names.status === 'unknown' ? names.why : 'no such folder');
	for (const name of names.value) {
		const path = below === '' ? name : `${below}/${name}`;
		if (below === '' && leftOut.includes(name)) continue;
		const facts = await reader.stat(join(folder, path));
		// a link that leads nowhere
		if (facts.status === 'absent') continue;
		if (facts.status === 'unknown') return unreadable(join(folder, path), facts.why);
		if (facts.value.kind === 'folder') {
			if (await isLink(reader, join(folder, path))) continue;
			if (depth >= deepestFolder) return tooMuch(folder);
			const problem = await collect(reader, folder, path, depth + 1, {paths, leftOut});
			if (problem !== undefined) return problem;
		} else if (facts.value.kind === 'file') paths.push(path);
		if (paths.length > mostFiles) return tooMuch(folder);
	}
	return undefined;
}

/** A linked folder is no part of the recipe: within it, it is read by its own name; outside, it is the user's. */
async function isLink(reader: Reader, path: string): Promise<boolean> {
	const [own, above] = await Promise.all([reader.realPath(path), reader.realPath(dirname(path))]);
	return own.status === 'found' && above.status === 'found' && own.value !== join(above.value, basename(path));
}

/** Undefined for a file that has gone; its reason for one that cannot be read. */
async function readOne(reader: Reader, file: string, largest: number): Promise<Uint8Array | string | undefined> {
	const facts = await reader.stat(file);
	if (facts.status === 'found' && facts.value.size > largest) return new Uint8Array(largest + 1);
	const bytes = await reader.readBytes(file, largest + 1);
	if (bytes.status === 'absent') return undefined;
	return bytes.status === 'unknown' ? bytes.why : bytes.value;
}

const unreadable = (path: string, why: string): Extract<RecipeRead, {ok: false}> => ({
	ok: false,
	code: 'unreadable-recipe',
	why: `${path} could not be read: ${why}`
});

const tooMuch = (folder: string): Extract<RecipeRead, {ok: false}> => ({
	ok: false,
	code: 'too-much',
	why: `${folder} holds more than a recipe does: over ${mostFiles} files, 256 MiB or ${deepestFolder} levels of folders`
});
