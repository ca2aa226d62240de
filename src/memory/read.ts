import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {emptyMemory, type Memory} from '../model/memory.ts';

export const memorySchema = 1;
export const memoryName = 'memory';

/** The one file memory lives in, below the user's state folder. */
export const memoryFile = (folder: string): string => join(folder, `${memoryName}.json`);

/** What the file held: memory, or why it is no memory. `newer` was written by a later version and is left whole. */
export type Recalled =
	| {readonly status: 'ok'; readonly memory: Memory}
	| {readonly status: 'broken' | 'newer' | 'unreadable'; readonly memory: Memory; readonly why: string};

/** Reads memory without loading what writes it. A missing file is an empty memory; a broken one never throws. */
export async function recall(folder: string): Promise<Recalled> {
	const file = memoryFile(folder);
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' || code === 'ENOTDIR') return {status: 'ok', memory: emptyMemory};
		return {status: 'unreadable', memory: emptyMemory, why: `${file} cannot be read (${code ?? message})`};
	}
	try {
		const value: unknown = JSON.parse(text);
		if (!isRecord(value)) return broken(file, 'it holds no JSON object');
		if (typeof value['schema'] === 'number' && value['schema'] > memorySchema) {
			return {status: 'newer', memory: emptyMemory, why: `${file} was written by a newer version of this program`};
		}
		const memory = memoryFrom(value);
		return memory === undefined ? broken(file, 'it does not have the shape of a memory') : {status: 'ok', memory};
	} catch {
		return broken(file, 'it is not JSON');
	}
}

const broken = (file: string, why: string): Recalled => ({
	status: 'broken',
	memory: emptyMemory,
	why: `${file} is damaged: ${why}`
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string => typeof value === 'string';

/** Checks every part: memory is a file anyone with the account can edit. */
function memoryFrom(value: Record<string, unknown>): Memory | undefined {
	const {rustc, modules = [], loads = []} = value;
	if (rustc !== undefined && !isText(rustc)) return undefined;
	if (!Array.isArray(modules) || !Array.isArray(loads)) return undefined;
	const folders = modules.filter(one => isRecord(one) && isText(one['folder']) && isText(one['name']));
	const evidence = loads.filter(
		one =>
			isRecord(one) &&
			[one['name'], one['hash'], one['release'], one['at']].every(isText) &&
			Array.isArray(one['spoke']) &&
			one['spoke'].every(isText)
	);
	if (folders.length !== modules.length || evidence.length !== loads.length) return undefined;
	return {...(rustc === undefined ? {} : {rustc}), modules: folders, loads: evidence};
}
