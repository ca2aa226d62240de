import type {Command} from '../model/command.ts';
import type {PackageBuild} from '../model/recipe.ts';
import type {Outcome} from '../model/walk.ts';
import {declarationCommand, environmentOf, ours} from '../packages/build-commands.ts';
import {parseRecipeInfo, type RecipeInfo} from '../packages/recipe-info.ts';
import {describeExit, troubleFrom} from './explain.ts';
import {type Consents, checkConsent, type RecipeConsent} from './recipe-consent.ts';
import {type Ended, isGood, runToEnd} from './run-to-end.ts';
import type {Stage} from './stage.ts';

type Info =
	| {readonly ok: true; readonly info: RecipeInfo; readonly consent: RecipeConsent}
	| {readonly ok: false; readonly outcome: Outcome};

/** What the recipe declares. It is run to find out, as makepkg does: only after consent to this very text. */
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
	const {digest, place} = consent;
	if (consent.info !== undefined) return {ok: true, info: consent.info, consent};
	const ask = (command: Command): Promise<Ended> => runToEnd({...command, env: environmentOf(build)}, stage);
	const infoIn = (said: Ended): RecipeInfo | undefined =>
		isGood(said) ? parseRecipeInfo(said.output, reader.architecture) : undefined;
	let said = await ask(declarationCommand(place, reader.architecture));
	let info = infoIn(said);
	if (info === undefined) {
		// makepkg's own words, where bash alone does not understand it
		said = await ask(ours(['makepkg', '--printsrcinfo'], 'says what the recipe declares', place));
		info = infoIn(said);
	}
	if (said.exit.kind === 'cancelled') return no({kind: 'cancelled'});
	if (info !== undefined) {
		consents.set(recipe.folder, {digest, place, info});
		return {ok: true, info, consent};
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
