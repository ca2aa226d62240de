import {constants, open} from 'node:fs/promises';
import {join} from 'node:path';
import type {Green} from '../model/facts.ts';
import {emptyMemory, type Memory} from '../model/memory.ts';
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
 * must be, this process's user unless told otherwise: a compiler that somebody else chose is not run.
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
		const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const facts = await handle.stat();
			if (!facts.isFile()) return other('unreadable', 'is no file');
			if (owner !== undefined && facts.uid !== owner)
				return other('foreign', `belongs to another user (uid ${facts.uid})`);
			if (facts.size > largest) return other('broken', 'is damaged: it is larger than a memory can be');
			const read = readMemory(await handle.readFile('utf8'));
			return 'memory' in read
				? {status: 'ok', memory: read.memory, isPrivate: (facts.mode & 0o077) === 0}
				: other(read.status, read.why);
		} finally {
			await handle.close();
		}
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' || code === 'ENOTDIR') return {status: 'ok', memory: emptyMemory, isPrivate: true};
		return other('unreadable', `cannot be read (${code ?? message})`);
	}
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
	const {rustc, modules = [], loads = [], green} = value;
	if (rustc !== undefined && !isText(rustc)) return undefined;
	if (!Array.isArray(modules) || !Array.isArray(loads)) return undefined;
	if (!modules.every(one => hasTexts(one, 'folder', 'name'))) return undefined;
	if (
		!loads.every(
			one => hasTexts(one, 'name', 'hash', 'release', 'at') && Array.isArray(one['spoke']) && one['spoke'].every(isText)
		)
	)
		return undefined;
	if (green !== undefined && !isGreen(green)) return undefined;
	return {
		...(rustc === undefined ? {} : {rustc}),
		modules,
		loads,
		...(green === undefined ? {} : {green})
	};
}

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
