import type {PackageBuild} from '../model/recipe.ts';
import type {Outcome} from '../model/walk.ts';
import {environmentOf, ours} from '../packages/build-commands.ts';
import {parseRecipeInfo, type RecipeInfo} from '../packages/recipe-info.ts';
import {describeExit, troubleFrom} from './explain.ts';
import {type Consents, checkConsent} from './recipe-consent.ts';
import {isGood, runToEnd} from './run-to-end.ts';
import type {Stage} from './stage.ts';

type Info =
	| {readonly ok: true; readonly info: RecipeInfo; readonly digest: string}
	| {readonly ok: false; readonly outcome: Outcome};

/** What the recipe declares, from makepkg, which runs it to find out: only after consent to this very text. */
export async function readInfo(build: PackageBuild, stage: Stage, consents: Consents): Promise<Info> {
	const {reader} = stage;
	const {recipe} = build;
	const no = (outcome: Outcome): Info => ({ok: false, outcome});
	if ((await reader.which('makepkg')).status !== 'found')
		return no({
			kind: 'refused',
			why: 'makepkg is not installed, and packages cannot be built without it',
			command: 'sudo pacman -S --needed base-devel'
		});
	const consent = await checkConsent(recipe, reader, consents);
	if (!consent.ok) return no({kind: 'refused', why: consent.why});
	const known = consents.get(recipe.folder)?.info;
	if (known !== undefined) return {ok: true, info: known, digest: consent.digest};
	const said = await runToEnd(
		{
			...ours(['makepkg', '--printsrcinfo'], 'says what the recipe declares', recipe.folder),
			env: environmentOf(build)
		},
		stage
	);
	if (said.exit.kind === 'cancelled') return no({kind: 'cancelled'});
	const info = isGood(said) ? parseRecipeInfo(said.output, reader.architecture) : undefined;
	if (info !== undefined) {
		consents.set(recipe.folder, {digest: consent.digest, info});
		return {ok: true, info, digest: consent.digest};
	}
	return no({
		kind: 'failed',
		trouble: await troubleFrom({
			title: `makepkg could not read the recipe and ${describeExit(said.exit)}`,
			output: said.output,
			exit: said.exit
		})
	});
}
