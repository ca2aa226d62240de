/**
 * Reads modules.dep (depmod(8)): `FILE: FILE...`, each file needs those behind the colon, which are loaded from the last to the
 * first. Gives the files of the modules `wanted`, by name, and all that they need, in the order they are loaded. A module that is
 * not there is built in, or this kernel has none: it is left out.
 */
export function loadingOrder(modulesDep: string, wanted: readonly string[]): readonly string[] {
	const needs = new Map<string, readonly string[]>();
	const files = new Map<string, string>();
	for (const line of modulesDep.split('\n')) {
		const [file = '', rest] = line.split(':', 2);
		if (rest === undefined) continue;
		needs.set(file, rest.split(' ').filter(Boolean).reverse());
		files.set(moduleName(file), file);
	}
	const order = new Set<string>();
	for (const name of wanted) {
		const file = files.get(name);
		if (file !== undefined) for (const one of [...(needs.get(file) ?? []), file]) order.add(one);
	}
	return [...order];
}

/** A module's name from its file's: without `.ko` and what it is packed with, dashes as the kernel writes them. */
const moduleName = (file: string): string =>
	(file.split('/').at(-1) ?? '').replace(/\.ko(?:\.\w+)?$/, '').replaceAll('-', '_');
