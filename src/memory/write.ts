import {rename} from 'node:fs/promises';
import type {Memory} from '../model/memory.ts';
import type {Memo} from '../model/step.ts';
import {memoryFile, memoryName, memorySchema, recall} from './read.ts';

const keptModules = 50;
const keptLoads = 100;

/** Adds one memo. Same module or same load again replaces the older entry and comes first. */
export function withMemo(memory: Memory, memo: Memo): Memory {
	switch (memo.kind) {
		case 'rustc':
			return {...memory, rustc: memo.path};
		case 'module': {
			const others = memory.modules.filter(one => one.folder !== memo.folder);
			return {...memory, modules: [{folder: memo.folder, name: memo.name}, ...others].slice(0, keptModules)};
		}
		case 'load': {
			const {hash, release} = memo.evidence;
			const others = memory.loads.filter(one => one.hash !== hash || one.release !== release);
			return {...memory, loads: [memo.evidence, ...others].slice(0, keptLoads)};
		}
	}
}

/**
 * Remembers memos in the state folder: one atomic write, mode 0600. A broken file is set aside under a name with the time,
 * a newer version's file is left alone. Gives a sentence for the user where something of that kind happened, or
 * where nothing could be written; never throws.
 */
export async function remember(folder: string, memos: readonly Memo[]): Promise<string | undefined> {
	if (memos.length === 0) return undefined;
	const recalled = await recall(folder);
	if (recalled.status === 'newer' || recalled.status === 'unreadable')
		return `${recalled.why}: nothing is remembered of this run`;
	try {
		const notice = recalled.status === 'broken' ? `${recalled.why}. ${await setAside(folder)}` : undefined;
		const memory = memos.reduce(withMemo, recalled.memory);
		const {default: Conf} = await import('conf');
		const store = new Conf<Memory & {schema: number}>({
			cwd: folder,
			configName: memoryName,
			configFileMode: 0o600,
			clearInvalidConfig: false
		});
		store.store = {schema: memorySchema, ...memory};
		return notice;
	} catch (error) {
		// what was done stays done, whether it is remembered or not
		const {code, message} = error as NodeJS.ErrnoException;
		return `${memoryFile(folder)} cannot be written (${code ?? message}): nothing is remembered of this run`;
	}
}

async function setAside(folder: string): Promise<string> {
	const aside = `${memoryFile(folder)}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
	await rename(memoryFile(folder), aside);
	return `It is kept as ${aside}; a new one was started`;
}
