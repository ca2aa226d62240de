import type {Command} from '../model/command.ts';
import type {Reader} from '../model/machine.ts';
import type {PackageBuild} from '../model/recipe.ts';
import type {Outcome} from '../model/walk.ts';
import {makepkgArgv, ours, type Places, placesOf} from '../packages/build-commands.ts';
import {createBuildReader, parseSoFar} from '../packages/build-progress.ts';
import type {RecipeInfo} from '../packages/recipe-info.ts';
import {hashOf} from '../survey/module.ts';
import {bootRoom, folderSize, roomFor} from '../survey/room.ts';
import {gigabytes} from '../text/gigabytes.ts';
import {describeExit, troubleFrom} from './explain.ts';
import {importKeys} from './import-keys.ts';
import {type Consents, checkConsent} from './recipe-consent.ts';
import {readInfo} from './recipe-info.ts';
import {isGood, runToEnd} from './run-to-end.ts';
import type {Stage} from './stage.ts';

/** How often the screen hears how far a build is, in milliseconds: a kernel says a hundred lines a second. */
const tellEvery = 250;
/** How often it is written down how far it is, in milliseconds: whoever is killed cannot say it any more. */
const keepEvery = 60_000;

/**
 * Builds the packages of the reviewed recipe with makepkg, as the ordinary user: first the room, then the keys, then makepkg with
 * its progress. Goes on where an earlier start of the same build stopped, and does nothing where its packages are there.
 */
export async function performBuildPackages(
	build: PackageBuild,
	planned: Command,
	stage: Stage,
	consents: Consents
): Promise<Outcome> {
	const {recipe} = build;
	const {reader} = stage;
	if (reader.user.uid === 0)
		return {kind: 'refused', why: 'makepkg does not build as root: start this as the user who is to build'};
	const read = await readInfo(build, stage, consents);
	if (!read.ok) return read.outcome;
	const {info, consent} = read;
	const key = keyOf(build, consent.digest);
	const places = placesOf(recipe);
	if (await isBuilt(places, key, info, reader)) {
		stage.emit({kind: 'notice', text: `${info.pkgbase} ${info.version} is built already, in ${places.packages}`});
		return {kind: 'ok'};
	}
	const resumed =
		(await isMarked(reader, places.prepared, key)) &&
		(await reader.stat(`${places.build}/${info.pkgbase}/src`)).status === 'found';
	const room = await roomProblem(build, reader);
	if (room !== undefined) return {kind: 'refused', why: room};
	const keys = await importKeys(info, recipe, stage);
	if (keys !== undefined) return keys;
	await runToEnd(
		ours(['mkdir', '-p', '--', places.sources, places.build, places.packages], 'the folders of the build'),
		stage
	);
	await runToEnd(
		ours(
			['rm', '-f', '--', places.built, ...(resumed ? [] : [places.prepared, places.progress])],
			'marks of an earlier build'
		),
		stage
	);
	if (resumed)
		stage.emit({
			kind: 'notice',
			text: 'going on where the build stopped: what was compiled is kept'
		});
	// keys were asked about meanwhile, and that may have taken its time
	const still = await checkConsent(recipe, reader, consents);
	if (!still.ok) return {kind: 'refused', why: still.why};
	stage.emit({kind: 'phase', text: `building ${info.pkgbase} ${info.version}`});
	const before = resumed ? await reader.readText(places.progress, 64 * 1024) : undefined;
	const progress = createBuildReader({
		earlier: build.earlier,
		resumed,
		before: before?.status === 'found' ? parseSoFar(before.value) : undefined
	});
	const started = performance.now();
	const seconds = (): number => (performance.now() - started) / 1000;
	let told = 0;
	let noted = started;
	let marking: Promise<unknown> | undefined;
	/** One file after the other. */
	const noteDown = (): void => {
		const soFar = progress.soFar(seconds());
		if (soFar === undefined) return;
		noted = performance.now();
		marking = (marking ?? Promise.resolve()).then(() => mark(places.progress, JSON.stringify(soFar), stage));
	};
	const ended = await runToEnd({...planned, argv: makepkgArgv(resumed), cwd: consent.place}, stage, {
		name: 'makepkg',
		hear(text) {
			const phases = progress.push(text, seconds());
			for (const phase of phases) stage.emit({kind: 'phase', text: `${info.pkgbase}: ${phase}`});
			if (progress.prepared && !resumed) marking ??= mark(places.prepared, key, stage);
			const now = performance.now();
			if (now - noted > keepEvery) noteDown();
			if (phases.length === 0 && now - told < tellEvery) return;
			told = now;
			const far = progress.progress(seconds());
			if (far !== undefined) stage.emit({kind: 'progress', ...far});
		}
	});
	if (!isGood(ended)) noteDown();
	await marking;
	const {exit, output, log} = ended;
	if (exit.kind === 'cancelled') {
		const kept = progress.prepared || resumed;
		return {
			kind: 'cancelled',
			note: kept
				? `What was compiled is kept in ${places.build}, and the same choice goes on from there.`
				: 'The sources that were fetched are kept; unpacking them starts anew.'
		};
	}
	if (!isGood(ended)) {
		return {
			kind: 'failed',
			trouble: await troubleFrom({
				title: `makepkg ${describeExit(exit)} after ${Math.round(seconds())} s`,
				output,
				exit,
				...(log === undefined ? {} : {log})
			})
		};
	}
	const lasted = seconds();
	await mark(places.built, key, stage);
	if (!(await isBuilt(places, key, info, reader)))
		return {kind: 'refused', why: `makepkg ended well, and its packages are not in ${places.packages}`};
	const statistics = progress.statistics(lasted);
	if (statistics !== undefined) {
		const bytes = await folderSize(reader, recipe.base);
		const notice = await stage.remember([
			{
				kind: 'package-build',
				statistics: {
					recipe: recipe.id,
					...statistics,
					bytes: bytes ?? 0,
					jobs: build.jobs,
					at: new Date().toISOString()
				}
			}
		]);
		if (notice !== undefined) stage.emit({kind: 'notice', text: notice});
	}
	return {kind: 'ok'};
}

/** The same build: the same text of the recipe, with the same variables. */
const keyOf = ({env, recipe}: PackageBuild, digest: string): string =>
	hashOf(new TextEncoder().encode(JSON.stringify([digest, recipe.base, Object.entries(env).sort()])));

async function mark(file: string, key: string, stage: Stage): Promise<void> {
	await runToEnd(ours(['rm', '-f', '--', file], 'an older mark'), {...stage, signal: new AbortController().signal});
	const at = file.lastIndexOf('/');
	await stage.runner.writeNew(file.slice(0, at), [{path: file.slice(at + 1), content: `${key}\n`}]);
}

async function isMarked(reader: Reader, file: string, key: string): Promise<boolean> {
	const text = await reader.readText(file, 256);
	return text.status === 'found' && text.value.trim() === key;
}

/** Whether the folder holds every package of this very build. */
async function isBuilt(places: Places, key: string, {packages, version}: RecipeInfo, reader: Reader): Promise<boolean> {
	if (!(await isMarked(reader, places.built, key))) return false;
	const names = await reader.list(places.packages);
	return (
		names.status === 'found' &&
		packages.every(name =>
			names.value.some(file => file.startsWith(`${name}-${version}-`) && /\.pkg\.tar(?:\.[a-z0-9]+)?$/.test(file))
		)
	);
}

/** The sentence that says where there is too little room, before hours are spent to find out. */
async function roomProblem(build: PackageBuild, reader: Reader): Promise<string | undefined> {
	const {recipe, needs} = build;
	const free = await roomFor(reader, recipe.base);
	if (free !== undefined && free < needs.build) {
		// what an earlier build left is gone on with, or makes room
		const needed = Math.max(needs.build / 10, needs.build - ((await folderSize(reader, recipe.base)) ?? 0));
		if (free < needed)
			return `${gigabytes(free)} are free where ${recipe.base} is, and the build takes about ${gigabytes(needed)}: free some, or name a folder with more room: --build-folder FOLDER`;
	}
	const boot = await bootRoom(reader);
	if (boot !== undefined && boot < needs.boot)
		return `${gigabytes(boot)} are free in /boot, and another kernel with its initramfs takes about ${gigabytes(needs.boot)} there: free some before it is built`;
	return undefined;
}
