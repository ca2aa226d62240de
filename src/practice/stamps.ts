import {mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {dirname} from 'node:path';

/** What is whole already, and of what it was made. A stage whose stamp is missing is made again. */
export type Stamps = {
	/** Changes when a stage is made in another way than before: everything older is made anew. */
	readonly recipe: number;
	/** How its root was made, and is worked in ever after; by root, where nothing is said. */
	readonly way?: 'root' | 'namespace';
	readonly suite?: string;
	readonly mirror?: string;
	/** A kernel is there, and what modules for it are built with: the suite's own, or one that was built from the suite's source. */
	readonly kernel?: {readonly release: string; readonly source: string} & (
		| {readonly version: string; readonly headers: string; readonly built?: never}
		| {readonly built: true}
	);
	/** The metadata is there, its symbols are those of the kernel, and these are its files with their sizes. */
	readonly kdir?: {readonly folder: string; readonly files: Readonly<Record<string, number>>};
	/** Whether a guest boots under KVM, of the program and machine it was tried with. */
	readonly kvm?: {readonly key: string; readonly boots: boolean};
};

export const recipe = 1;

/** Reads them; what is damaged or older than this recipe counts as nothing made. */
export async function readStamps(file: string): Promise<Stamps> {
	try {
		const value: unknown = JSON.parse(await readFile(file, 'utf8'));
		if (typeof value === 'object' && value !== null && 'recipe' in value && value.recipe === recipe)
			return value as Stamps;
	} catch {
		// none yet, or none that can be read
	}
	return {recipe};
}

/** Written beside and renamed: a stamp is whole or not there. */
export async function writeStamps(file: string, stamps: Stamps): Promise<void> {
	await mkdir(dirname(file), {recursive: true});
	const part = `${file}.${process.pid}`;
	try {
		await writeFile(part, `${JSON.stringify(stamps, undefined, '\t')}\n`);
		await rename(part, file);
	} catch (error) {
		await rm(part, {force: true});
		throw error;
	}
}
