/** Section types and symbol bindings of ELF files (include/uapi/linux/elf.h). */
const symbolTable = 2;
const undefinedSection = 0;
const weak = 2;

/** The loader of 32-bit x86 leaves it out, and nobody exports it (simplify_symbols in kernel/module/main.c). */
const ignored = '_GLOBAL_OFFSET_TABLE_';

/**
 * The names a module takes from the kernel and from other modules: its undefined symbols that are not weak. Takes the whole
 * `.ko`; undefined where the file is no 64-bit little-endian ELF file with a symbol table, or is damaged.
 */
export function neededSymbols(ko: Uint8Array): readonly string[] | undefined {
	const view = new DataView(ko.buffer, ko.byteOffset, ko.byteLength);
	try {
		if (view.getUint32(0) !== 0x7f454c46 || ko[4] !== 2 || ko[5] !== 1) return undefined;
		const tableAt = Number(view.getBigUint64(0x28, true));
		const entrySize = view.getUint16(0x3a, true);
		const count = view.getUint16(0x3c, true);
		const headerOf = (index: number) => {
			const at = tableAt + index * entrySize;
			return {
				type: view.getUint32(at + 4, true),
				start: Number(view.getBigUint64(at + 0x18, true)),
				size: Number(view.getBigUint64(at + 0x20, true)),
				link: view.getUint32(at + 0x28, true)
			};
		};
		const headers = Array.from({length: count}, (_, index) => headerOf(index));
		const symbols = headers.find(header => header.type === symbolTable);
		const names = symbols && headers[symbols.link];
		if (symbols === undefined || names === undefined || symbols.start + symbols.size > ko.length) return undefined;
		const decoder = new TextDecoder('latin1');
		const needed: string[] = [];
		// the first entry is empty by definition
		for (let at = symbols.start + 24; at + 24 <= symbols.start + symbols.size; at += 24) {
			const binding = view.getUint8(at + 4) >> 4;
			if (view.getUint16(at + 6, true) !== undefinedSection || binding === weak) continue;
			const from = names.start + view.getUint32(at, true);
			const end = ko.indexOf(0, from);
			const name = decoder.decode(ko.subarray(from, end < 0 ? ko.length : end));
			if (name !== '' && name !== ignored) needed.push(name);
		}
		return needed;
	} catch {
		// a table that points outside of the file
		return undefined;
	}
}

const entry = ' __ksymtab_';

/**
 * The names a running kernel and its loaded modules export, from `/proc/kallsyms`: each has an entry `__ksymtab_NAME`
 * (include/linux/export-internal.h). Undefined where there is none: the kernel was built without CONFIG_KALLSYMS_ALL, and lists
 * its code alone.
 */
export function exportedSymbols(kallsyms: string): ReadonlySet<string> | undefined {
	const exported = new Set<string>();
	for (let at = kallsyms.indexOf(entry); at >= 0; at = kallsyms.indexOf(entry, at + 1)) {
		const from = at + entry.length;
		let end = from;
		while (end < kallsyms.length && kallsyms.charCodeAt(end) > 32) end++;
		exported.add(kallsyms.slice(from, end));
	}
	return exported.size === 0 ? undefined : exported;
}

/** The names that `Module.symvers` lists: CRC, name, module, kind and namespace between tabs (Documentation/kbuild/modules.rst). */
export const symversNames = (symvers: string): ReadonlySet<string> =>
	new Set(symvers.split('\n').flatMap(line => line.split('\t')[1] ?? []));
