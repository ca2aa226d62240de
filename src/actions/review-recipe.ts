import type {Recipe, RecipeFlag, RecipeQuestion, ReviewedRecipe} from '../model/recipe.ts';
import type {Outcome} from '../model/walk.ts';
import {ours} from '../packages/build-commands.ts';
import {reviewRecipe} from '../review/review.ts';
import {askAur} from '../survey/aur.ts';
import type {RecipeContent} from '../survey/recipe.ts';
import {safeLine, safeText} from '../text/safe-text.ts';
import {type Consents, placeToRun, recipeNow} from './recipe-consent.ts';
import {isGood, runToEnd} from './run-to-end.ts';
import type {Stage} from './stage.ts';

/** A file above this is no text that a person reads through; its flags are shown all the same. In bytes. */
const longestShown = 1024 * 1024;

/** What makepkg and pacman run: it is shown whatever it holds, or not run. */
const isRun = /(?:^|\/)PKGBUILD$|\.install$/;

/**
 * Shows a recipe as text, what to look at first, and goes on only with consent to this very text. What was agreed to before, and
 * has not changed since, is not asked about again. Nothing of the recipe is run.
 */
export async function performReviewRecipe(
	recipe: Recipe,
	last: ReviewedRecipe | undefined,
	stage: Stage,
	consents: Consents
): Promise<Outcome> {
	const {folder, base} = recipe;
	stage.emit({kind: 'phase', text: 'reading the recipe'});
	const now = await recipeNow(stage.reader, recipe);
	if (!now.ok) return {kind: 'refused', why: now.why};
	/** What was agreed to is put where it runs. */
	const consent = async (): Promise<Outcome> => {
		const put = await placeToRun(recipe, now.files, stage);
		if (!put.ok) return {kind: 'refused', why: put.why};
		consents.set(folder, {digest: now.digest, place: put.place});
		return {kind: 'ok'};
	};
	if (last?.digest === now.digest) {
		stage.emit({kind: 'notice', text: `the recipe is as you reviewed it on ${last.at.slice(0, 10)}: ${folder}`});
		return consent();
	}
	const endless = now.files.find(file => isRun.test(file.path) && file.content.length > longestShown);
	if (endless !== undefined)
		return {
			kind: 'refused',
			why: `${safeLine(`${folder}/${endless.path}`, 300)} is longer than anyone reads, and is not run`
		};
	const texts = now.files.map(textOf);
	const reading = `${base}/reading`;
	const reviewed = `${base}/reviewed`;
	await runToEnd(ours(['rm', '-rf', '--one-file-system', '--', reading], 'the folder is this program’s own'), stage);
	const kept = await stage.runner.writeNew(
		reading,
		texts.map(({path, text}) => ({path, content: text}))
	);
	const [origin, maintainer] = await Promise.all([originFacts(recipe, stage), maintainerOf(recipe, stage)]);
	const difference = last === undefined || !kept.ok ? undefined : await differenceIn(base, stage);
	const question: RecipeQuestion = {
		kind: 'recipe',
		folder: safeLine(folder),
		digest: now.digest,
		facts: [...origin.facts, ...maintainerFacts(maintainer, last), ...lastFacts(last)],
		flags: flagsOf(now.files),
		difference,
		files: texts.map(({path, text}) => ({path: safeLine(path, 300), text: safeText(text)}))
	};
	if (stage.ask === undefined)
		return {kind: 'refused', why: 'a recipe runs only after somebody has read it, and nobody can be asked here'};
	const answer = await stage.ask(question);
	if (stage.signal.aborted) return {kind: 'cancelled', note: 'Nothing of the recipe was run.'};
	if (!answer.agreed) return answer.why === undefined ? {kind: 'declined'} : {kind: 'refused', why: answer.why};
	const put = await consent();
	if (put.kind !== 'ok' || answer.unread) return put;
	if (kept.ok) {
		await runToEnd(ours(['rm', '-rf', '--one-file-system', '--', reviewed], 'the text reviewed before'), stage);
		await runToEnd(ours(['mv', '--', reading, reviewed], 'the text reviewed now, for the next difference'), stage);
	}
	const notice = await stage.remember([
		{
			kind: 'review',
			review: {
				recipe: recipe.id,
				digest: now.digest,
				...(origin.commit === undefined ? {} : {commit: origin.commit}),
				...(maintainer === undefined ? {} : {maintainer}),
				at: new Date().toISOString()
			}
		}
	]);
	if (notice !== undefined) stage.emit({kind: 'notice', text: notice});
	return {kind: 'ok'};
}

/** A file as it is read; of one that is no text, or too long, what it is. */
function textOf({path, content}: RecipeContent): {readonly path: string; readonly text: string} {
	if (content.length > longestShown) return {path, text: `Not shown: longer than ${longestShown / 1024} KiB.\n`};
	// bash passes over bytes that are zero
	if (content.includes(0) && !isRun.test(path))
		return {path, text: `Not shown: ${content.length} bytes that are no text.\n`};
	return {path, text: new TextDecoder().decode(content)};
}

const flagsOf = (files: readonly RecipeContent[]): readonly RecipeFlag[] =>
	reviewRecipe(files).map(flag => ({...flag, file: safeLine(flag.file, 300), text: safeLine(flag.text, 300)}));

/** Where the recipe comes from, and which commit this is. A commit by someone new is said to be one. */
async function originFacts(
	{origin, folder, id}: Recipe,
	stage: Stage
): Promise<{readonly facts: {label: string; value: string}[]; readonly commit?: string}> {
	if (origin.kind === 'own') return {facts: [{label: 'from', value: 'this program'}]};
	const from = {label: 'from', value: safeLine(id, 300)};
	if (origin.kind === 'folder') return {facts: [from]};
	const log = await stage.reader.probe(['git', '-C', folder, 'log', '-n', '50', '--format=%H%x09%cs%x09%an%x09%s']);
	if (log.status !== 'found' || log.value.code !== 0) return {facts: [from]};
	const [head, ...before] = log.value.stdout
		.split('\n')
		.filter(line => line !== '')
		.map(line => line.split('\t'));
	const [commit = '', date = '', author = '', subject = ''] = head ?? [];
	if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(commit)) return {facts: [from]};
	const isNew = before.length > 0 && !before.some(one => one[2] === author);
	return {
		commit,
		facts: [
			from,
			{label: 'commit', value: safeLine(`${commit.slice(0, 12)} of ${date} by ${author}: ${subject}`, 300)},
			...(isNew
				? [
						{
							label: 'new author',
							value: safeLine(`${author} wrote none of the ${before.length} commits before this one`, 300)
						}
					]
				: [])
		]
	};
}

async function maintainerOf({origin}: Recipe, stage: Stage): Promise<string | undefined> {
	if (origin.kind !== 'git' || origin.rpc === undefined) return undefined;
	const answer = await askAur(stage.reader, origin.rpc, 'linux-rust');
	return answer.kind === 'listed' ? answer.package.maintainer : undefined;
}

function maintainerFacts(now: string | undefined, last: ReviewedRecipe | undefined): {label: string; value: string}[] {
	if (now === undefined) return [];
	const changed = last?.maintainer !== undefined && last.maintainer !== now;
	return [
		{label: 'maintainer', value: changed ? `${now}; it was ${safeLine(last.maintainer ?? '', 100)} before` : now}
	];
}

const lastFacts = (last: ReviewedRecipe | undefined): {label: string; value: string}[] => [
	{
		label: 'reviewed',
		value:
			last === undefined
				? 'never here'
				: safeLine(
						`${last.at.slice(0, 10)}${last.commit === undefined ? '' : `, commit ${last.commit.slice(0, 12)}`}`,
						200
					)
	}
];

/** What `diff` says, safe; undefined where the text reviewed before is not there any more. */
async function differenceIn(base: string, stage: Stage): Promise<string | undefined> {
	if ((await stage.reader.stat(`${base}/reviewed/PKGBUILD`)).status !== 'found') return undefined;
	const said = await runToEnd(
		{
			...ours(['diff', '--recursive', '--unified', '--new-file', '--', 'reviewed', 'reading'], 'shows what changed'),
			cwd: base
		},
		stage
	);
	// 1: they differ
	const {exit, output} = said;
	return isGood(said) || (exit.kind === 'exited' && exit.code === 1) ? safeText(output) : undefined;
}
