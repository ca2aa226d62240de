import {join} from 'node:path';
import {type ModuleInfo, readModuleInfo} from '../kernel/module-info.ts';
import type {Found, Reader} from '../model/machine.ts';
import {type Dkms, surveyDkms} from './dkms.ts';

/** A folder that kbuild can make a module of. */
export type ModuleFolder = {
	readonly folder: string;
	/** The modules its Kbuild names in `obj-m`, in order; the first is the one spoken of. */
	readonly names: readonly [string, ...string[]];
	/** The newest of its sources, Kbuild and Makefile included. */
	readonly newest: {readonly path: string; readonly modified: number};
	readonly built: Found<BuiltModule>;
	/** Set where DKMS builds it again for every kernel. */
	readonly dkms: Dkms | undefined;
};

export type BuiltModule = {
	readonly path: string;
	readonly modified: number;
	/** The whole file: small, and hashed by whoever needs evidence of it. */
	readonly bytes: Uint8Array;
	readonly info: {readonly ok: true; readonly info: ModuleInfo} | {readonly ok: false; readonly why: string};
};

/** kbuild reads Kbuild first and Makefile only where there is none (Documentation/kbuild/modules.rst, 3.2). */
const kbuildFiles = ['Kbuild', 'Makefile'] as const;
const sourceFile = /\.(?:rs|c|h|S)$|^Kbuild$|^Makefile$/;

/** Reads a module folder. `absent` where the folder holds no Kbuild or Makefile with `obj-m`. */
export async function surveyModule(reader: Reader, folder: string): Promise<Found<ModuleFolder>> {
	const names = await readNames(reader, folder);
	if (names.status !== 'found') return names;
	const [first] = names.value;
	const [newest, built, dkms] = await Promise.all([
		newestSource(reader, folder),
		readBuilt(reader, join(folder, `${first}.ko`)),
		surveyDkms(reader, folder, first)
	]);
	if (newest === undefined) return {status: 'absent'};
	return {status: 'found', value: {folder, names: names.value, newest, built, dkms}};
}

async function readNames(reader: Reader, folder: string): Promise<Found<readonly [string, ...string[]]>> {
	for (const file of kbuildFiles) {
		const text = await reader.readText(join(folder, file), 1024 * 1024);
		if (text.status === 'unknown') return text;
		if (text.status === 'absent') continue;
		const [first, ...rest] = namesIn(text.value);
		if (first !== undefined) return {status: 'found', value: [first, ...rest]};
	}
	return {status: 'absent'};
}

/** The module names of `obj-m := a.o b.o`, continued lines joined. */
function namesIn(kbuild: string): readonly string[] {
	const joined = kbuild.replace(/\\\n/g, ' ');
	return [...joined.matchAll(/^[ \t]*obj-m[ \t]*[:+?]?=(.*)$/gm)].flatMap(([, value = '']) =>
		[...(value.split('#')[0] ?? '').matchAll(/(?<=^|\s)([A-Za-z0-9_-]+)\.o(?=\s|$)/g)].map(match => match[1] ?? '')
	);
}

async function newestSource(reader: Reader, folder: string): Promise<ModuleFolder['newest'] | undefined> {
	const names = await reader.list(folder);
	if (names.status !== 'found') return undefined;
	// kbuild's own *.mod.c is made by the build and says nothing about the sources
	const sources = names.value.filter(name => sourceFile.test(name) && !name.endsWith('.mod.c'));
	const stats = await Promise.all(
		sources.map(async name => {
			const facts = await reader.stat(join(folder, name));
			return facts.status === 'found' ? {path: join(folder, name), modified: facts.value.modified} : undefined;
		})
	);
	return stats
		.filter(one => one !== undefined)
		.reduce<ModuleFolder['newest'] | undefined>(
			(newest, one) => (newest && newest.modified >= one.modified ? newest : one),
			undefined
		);
}

async function readBuilt(reader: Reader, path: string): Promise<Found<BuiltModule>> {
	const [facts, bytes] = await Promise.all([reader.stat(path), reader.readBytes(path, largestModule)]);
	if (facts.status !== 'found') return facts;
	if (bytes.status !== 'found') return bytes;
	return {
		status: 'found',
		value: {path, modified: facts.value.modified, bytes: bytes.value, info: readModuleInfo(bytes.value)}
	};
}

/** The sha256 of a file, in hexadecimal. `node:crypto` is fetched when there is something to hash: it takes 10 ms. */
export const hashOf = (bytes: Uint8Array): string =>
	process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest('hex');

/** More than any module's `.ko`. */
export const largestModule = 64 * 1024 * 1024;

/** The names of the modules loaded now, as the kernel lists them. */
export async function loadedModules(reader: Reader): Promise<Found<ReadonlySet<string>>> {
	const text = await reader.readText('/proc/modules', 4 * 1024 * 1024);
	if (text.status !== 'found') return text;
	const names = text.value.split('\n').map(line => line.split(' ')[0] ?? '');
	return {status: 'found', value: new Set(names.filter(name => name !== ''))};
}
