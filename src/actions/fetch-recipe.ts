import type {Command} from '../model/command.ts';
import type {Recipe} from '../model/recipe.ts';
import type {Outcome} from '../model/walk.ts';
import {cloneCommand, git, ours} from '../packages/build-commands.ts';
import {describeExit, troubleFrom} from './explain.ts';
import {type Ended, isGood, runToEnd} from './run-to-end.ts';
import type {Stage} from './stage.ts';

/**
 * Brings a recipe into its folder: the newest commit of a repository, or the files that come with this program. A folder of the
 * user stays as it is. A repository that cannot be reached is taken as it was fetched last. Nothing of a recipe is run.
 */
export async function performFetchRecipe(recipe: Recipe, stage: Stage): Promise<Outcome> {
	const {origin, folder} = recipe;
	switch (origin.kind) {
		case 'folder':
			return {kind: 'ok'};
		case 'own': {
			await runToEnd(removal(folder), stage);
			const written = await stage.runner.writeNew(folder, origin.files);
			return written.ok ? {kind: 'ok'} : {kind: 'refused', why: `the recipe was not written: ${written.why}`};
		}
		case 'git':
			return fetchRepository(recipe, origin.url, stage);
	}
}

async function fetchRepository(recipe: Recipe, url: string, stage: Stage): Promise<Outcome> {
	const {folder} = recipe;
	const isThere = (await stage.reader.stat(`${folder}/.git/HEAD`)).status === 'found';
	stage.emit({kind: 'phase', text: `fetching the recipe from ${url}`});
	if (!isThere) {
		// what an interrupted clone leaves has no HEAD
		await runToEnd(removal(folder), stage);
		const cloned = await runToEnd(cloneCommand(url, folder), stage);
		if (cloned.exit.kind === 'cancelled') return {kind: 'cancelled', note: 'Nothing of the recipe was run.'};
		if (!isGood(cloned)) return failed(cloned, 'git clone');
	} else {
		const updated = await update(folder, url, stage);
		if (updated !== undefined) return updated;
	}
	if ((await stage.reader.stat(`${folder}/PKGBUILD`)).status === 'found') return {kind: 'ok'};
	return {
		kind: 'refused',
		why: `${url} holds no PKGBUILD: this is how the AUR answers for a package that it does not have (any more). A folder with a PKGBUILD does as well: --recipe FOLDER`
	};
}

/** Undefined where the folder holds what it should: the newest commit, or the one fetched last where there is no network. */
async function update(folder: string, url: string, stage: Stage): Promise<Outcome | undefined> {
	await runToEnd(gitIn(folder, ['remote', 'set-url', 'origin', url], 'the address may have changed'), stage);
	const fetched = await runToEnd(
		gitIn(folder, ['fetch', '--no-tags', 'origin', 'HEAD'], 'asks for newer commits of the recipe'),
		stage
	);
	if (fetched.exit.kind === 'cancelled') return {kind: 'cancelled', note: 'Nothing of the recipe was run.'};
	const commit = isGood(fetched) ? 'FETCH_HEAD' : 'HEAD';
	if (commit === 'HEAD')
		stage.emit({kind: 'notice', text: `${url} could not be reached: this is the recipe as it was fetched last`});
	const put = [
		gitIn(folder, ['reset', '--quiet', '--hard', commit], 'the files of that commit, and no others'),
		gitIn(folder, ['clean', '--quiet', '-ffdx'], 'what does not belong to the commit is removed')
	];
	for (const command of put) {
		const done = await runToEnd(command, stage);
		if (!isGood(done)) return failed(done, 'git');
	}
	return undefined;
}

const failed = async ({exit, output}: Ended, title: string): Promise<Outcome> => ({
	kind: 'failed',
	trouble: await troubleFrom({title: `${title} ${describeExit(exit)}`, output, exit})
});

const gitIn = (folder: string, argv: readonly string[], why: string): Command => git(['-C', folder, ...argv], why);

const removal = (folder: string): Command =>
	ours(['rm', '-rf', '--one-file-system', '--', folder], 'the folder is this program’s own');
