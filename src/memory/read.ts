import {closeSync, constants, fstatSync, openSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExpectedBoot, PackageInstall} from '../model/boot.ts';
import type {Green} from '../model/facts.ts';
import type {Reader} from '../model/machine.ts';
import {emptyMemory, type Memory} from '../model/memory.ts';
import type {BuildStatistics, ReviewedRecipe} from '../model/recipe.ts';
import type {LoadEvidence} from '../model/step.ts';
import {memorySchema, migrate} from './migrations.ts';

export {memorySchema} from './migrations.ts';
export const memoryName = 'memory';

/** The one file memory lives in, below the user's state folder. */
export const memoryFile = (folder: string): string => join(folder, `${memoryName}.json`);

/** Fifty modules and a hundred loads with all they said are far below this, in bytes. */
const largest = 16 * 1024 * 1024;

/**
 * What the file held: memory, or why it is no memory. `newer` was written by a later version, `foreign` belongs to another user:
 * both are left whole. `ok`: `isPrivate` is false where others may read it too.
 */
export type Recalled =
	| {readonly status: 'ok'; readonly memory: Memory; readonly isPrivate: boolean}
	| {readonly status: 'broken' | 'newer' | 'foreign' | 'unreadable'; readonly memory: Memory; readonly why: string};

/**
 * Reads memory without loading what writes it. A missing file is an empty memory; a broken one never throws. `owner`: whose it
 * must be, this process's user unless told otherwise: a compiler that somebody else chose is not run. Without node:fs/promises and
 * its thread pool, which take longer than the reading.
 */
export async function recall(folder: string, owner = process.getuid?.()): Promise<Recalled> {
	const file = memoryFile(folder);
	const other = (status: Exclude<Recalled['status'], 'ok'>, why: string): Recalled => ({
		status,
		memory: emptyMemory,
		why: `${file} ${why}`
	});
	try {
		// NONBLOCK: a pipe in its place must not keep this waiting
		const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const facts = fstatSync(descriptor);
			if (!facts.isFile()) return other('unreadable', 'is no file');
			if (owner !== undefined && facts.uid !== owner)
				return other('foreign', `belongs to another user (uid ${facts.uid})`);
			if (facts.size > largest) return other('broken', 'is damaged: it is larger than a memory can be');
			const read = readMemory(readFileSync(descriptor, 'utf8'));
			return 'memory' in read
				? {status: 'ok', memory: read.memory, isPrivate: (facts.mode & 0o077) === 0}
				: other(read.status, read.why);
		} finally {
			closeSync(descriptor);
		}
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' || code === 'ENOTDIR') return {status: 'ok', memory: emptyMemory, isPrivate: true};
		return other('unreadable', `cannot be read (${code ?? message})`);
	}
}

/** The memory that the user of another machine has there, where it is readable and theirs; else an empty one. */
export async function recallThere(reader: Reader, folder: string): Promise<Memory> {
	const file = memoryFile(folder);
	const [facts, text] = await Promise.all([reader.stat(file), reader.readText(file, largest)]);
	if (facts.status !== 'found' || facts.value.owner !== reader.user.uid || text.status !== 'found') return emptyMemory;
	const read = readMemory(text.value);
	return 'memory' in read ? read.memory : emptyMemory;
}

function readMemory(
	text: string
): {readonly memory: Memory} | {readonly status: 'broken' | 'newer'; readonly why: string} {
	const broken = (why: string) => ({status: 'broken', why: `is damaged: ${why}`}) as const;
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return broken('it is not JSON');
	}
	if (!isRecord(value)) return broken('it holds no JSON object');
	if (typeof value['schema'] === 'number' && value['schema'] > memorySchema)
		return {status: 'newer', why: 'was written by a newer version of this program'};
	const present = migrate(value);
	const memory = present === undefined ? undefined : memoryFrom(present);
	return memory === undefined ? broken('it does not have the shape of a memory') : {memory};
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string => typeof value === 'string';

/** Whether it is an object whose properties of these names are texts. */
const hasTexts = <Name extends string>(
	value: unknown,
	...names: readonly Name[]
): value is Record<string, unknown> & Record<Name, string> =>
	isRecord(value) && names.every(name => isText(value[name]));

/** Checks every part: memory is a file anyone with the account can edit. */
function memoryFrom(value: Record<string, unknown>): Memory | undefined {
	const {rustc, modules = [], loads = [], trials, green, reviews, packageBuilds, packages, expectedBoot} = value;
	if (rustc !== undefined && !isText(rustc)) return undefined;
	if (!Array.isArray(modules) || !Array.isArray(loads)) return undefined;
	if (!modules.every(one => hasTexts(one, 'folder', 'name'))) return undefined;
	if (!loads.every(isLoad)) return undefined;
	if (trials !== undefined && !(Array.isArray(trials) && trials.every(isLoad))) return undefined;
	if (green !== undefined && !isGreen(green)) return undefined;
	if (reviews !== undefined && !(Array.isArray(reviews) && reviews.every(isReview))) return undefined;
	if (packageBuilds !== undefined && !(Array.isArray(packageBuilds) && packageBuilds.every(isBuild))) return undefined;
	if (packages !== undefined && !isInstall(packages)) return undefined;
	if (expectedBoot !== undefined && !isExpectedBoot(expectedBoot)) return undefined;
	return {
		...(rustc === undefined ? {} : {rustc}),
		modules,
		loads,
		...(trials === undefined ? {} : {trials}),
		...(green === undefined ? {} : {green}),
		...(reviews === undefined ? {} : {reviews}),
		...(packageBuilds === undefined ? {} : {packageBuilds}),
		...(packages === undefined ? {} : {packages}),
		...(expectedBoot === undefined ? {} : {expectedBoot})
	};
}

const isLoad = (value: unknown): value is LoadEvidence =>
	hasTexts(value, 'name', 'hash', 'release', 'at') && Array.isArray(value['spoke']) && value['spoke'].every(isText);

function isInstall(value: unknown): value is PackageInstall {
	return (
		hasTexts(value, 'folder') &&
		(value['release'] === undefined || isText(value['release'])) &&
		Array.isArray(value['names']) &&
		value['names'].every(isText)
	);
}

const isExpectedBoot = (value: unknown): value is ExpectedBoot =>
	hasTexts(value, 'bootId', 'release', 'running', 'by') &&
	['once', 'default', 'menu'].includes(value.by) &&
	(value['package'] === undefined || isText(value['package']));

function isReview(value: unknown): value is ReviewedRecipe {
	return (
		hasTexts(value, 'recipe', 'digest', 'at') &&
		!Number.isNaN(Date.parse(value.at)) &&
		[value['commit'], value['maintainer']].every(one => one === undefined || isText(one))
	);
}

function isBuild(value: unknown): value is BuildStatistics {
	if (!hasTexts(value, 'recipe', 'at')) return false;
	const {pace} = value;
	return (
		[value['units'], value['seconds'], value['bytes'], value['jobs']].every(isCount) &&
		Array.isArray(pace) &&
		pace.every(isCount)
	);
}

const isCount = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;

function isGreen(value: unknown): value is Green {
	if (!hasTexts(value, 'at', 'wanted', 'kdir', 'headers') || Number.isNaN(Date.parse(value.at))) return false;
	const {kernel, rustc, modules} = value;
	return (
		hasTexts(kernel, 'release') &&
		(kernel['package'] === undefined || isText(kernel['package'])) &&
		hasTexts(rustc, 'path', 'text') &&
		Array.isArray(modules) &&
		modules.every(one => hasTexts(one, 'folder', 'name', 'release'))
	);
}
