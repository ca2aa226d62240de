import type {Reader} from '../model/machine.ts';
import type {Recipe} from '../model/recipe.ts';
import type {Outcome} from '../model/walk.ts';
import {ours} from '../packages/build-commands.ts';
import {ownerOfKey, primaryFingerprints, type RecipeInfo} from '../packages/recipe-info.ts';
import {renderCommand} from '../text/quote.ts';
import {describeExit, troubleFrom} from './explain.ts';
import {runToEnd} from './run-to-end.ts';
import type {Stage} from './stage.ts';

/** Sees to it that the keys the recipe names are in the user's keyring, each with consent to its fingerprint. */
export async function importKeys(info: RecipeInfo, recipe: Recipe, stage: Stage): Promise<Outcome | undefined> {
	const {reader} = stage;
	if (info.keys.length === 0) return undefined;
	if ((await reader.which('gpg')).status !== 'found')
		return {
			kind: 'refused',
			why: 'gpg is not installed, and the signatures of the sources cannot be checked without it',
			command: 'sudo pacman -S --needed gnupg'
		};
	for (const fingerprint of info.keys) {
		if (await hasKey(fingerprint, reader)) continue;
		const file = `${recipe.folder}/keys/pgp/${fingerprint}.asc`;
		const isBrought = await holdsOnly(file, fingerprint, reader);
		const command = ours(
			isBrought
				? ['gpg', '--batch', '--import', file]
				: ['gpg', '--batch', '--keyserver-options', 'timeout=20', '--recv-keys', fingerprint],
			isBrought ? 'imports the key that lies beside the recipe' : 'fetches the key from a key server'
		);
		const agreement = (await stage.ask?.({
			kind: 'key',
			fingerprint,
			owner: ownerOfKey(fingerprint),
			command: renderCommand(command)
		})) ?? {agreed: false};
		if (stage.signal.aborted) return {kind: 'cancelled'};
		if (!agreement.agreed)
			return agreement.why === undefined ? {kind: 'declined'} : {kind: 'refused', why: agreement.why};
		stage.emit({kind: 'phase', text: `importing the key ${fingerprint}`});
		const ended = await runToEnd(command, stage, {name: 'gpg'});
		if (ended.exit.kind === 'cancelled') return {kind: 'cancelled'};
		if (await hasKey(fingerprint, reader)) continue;
		return {
			kind: 'failed',
			trouble: await troubleFrom({
				title: `gpg ${describeExit(ended.exit)}, and the key ${fingerprint} is not in your keyring`,
				output: ended.output,
				exit: ended.exit,
				...(ended.log === undefined ? {} : {log: ended.log})
			})
		};
	}
	return undefined;
}

async function hasKey(fingerprint: string, reader: Reader): Promise<boolean> {
	const listed = await reader.probe(['gpg', '--batch', '--with-colons', '--list-keys', '--', fingerprint]);
	return (
		listed.status === 'found' &&
		listed.value.code === 0 &&
		primaryFingerprints(listed.value.stdout).includes(fingerprint)
	);
}

/** A file may hold other keys beside the one it is named after: then it is not taken. */
async function holdsOnly(file: string, fingerprint: string, reader: Reader): Promise<boolean> {
	if ((await reader.stat(file)).status !== 'found') return false;
	const shown = await reader.probe(['gpg', '--batch', '--with-colons', '--show-keys', '--', file]);
	if (shown.status !== 'found' || shown.value.code !== 0) return false;
	const keys = primaryFingerprints(shown.value.stdout);
	return keys.length === 1 && keys[0] === fingerprint;
}
