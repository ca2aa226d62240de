export type ModuleParameter = {readonly name: string; readonly type?: string; readonly description?: string};

/** What a `.ko` says about itself. All text is the module author's: untrusted. */
export type ModuleInfo = {
	readonly name?: string;
	readonly vermagic?: string;
	readonly license?: string;
	readonly description?: string;
	readonly authors: readonly string[];
	readonly parameters: readonly ModuleParameter[];
	readonly depends: readonly string[];
	/** Whether a signature is appended. Says nothing about whether a kernel accepts it. */
	readonly signed: boolean;
};

/** kernel/module_signature.c: `MODULE_SIG_STRING`. */
const signatureMark = '~Module signature appended~\n';

const compressed: readonly {readonly magic: readonly number[]; readonly name: string}[] = [
	{magic: [0x1f, 0x8b], name: 'gzip'},
	{magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], name: 'xz'},
	{magic: [0x28, 0xb5, 0x2f, 0xfd], name: 'zstd'}
];

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
	start.every((byte, index) => bytes[index] === byte);

/** More than any module's `.modinfo`. */
const longestInfo = 1 << 20;

/** A section of a 64-bit little-endian ELF file, or a sentence that says what is broken (`Elf64_Ehdr`, `Elf64_Shdr`). */
function sectionNamed(bytes: Uint8Array, name: string): Uint8Array | string {
	const cut = 'The file is cut off or damaged: its section table points outside of it.';
	if (bytes.length < 64) return 'The file is cut off: it is shorter than an ELF header.';
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const tableAt = Number(view.getBigUint64(0x28, true));
	const entrySize = view.getUint16(0x3a, true);
	const count = view.getUint16(0x3c, true);
	const namesIndex = view.getUint16(0x3e, true);
	if (entrySize < 64 || count === 0 || tableAt + entrySize * count > bytes.length) return cut;
	const section = (index: number): Uint8Array | undefined => {
		const at = tableAt + index * entrySize;
		const start = Number(view.getBigUint64(at + 0x18, true));
		const end = start + Number(view.getBigUint64(at + 0x20, true));
		return end <= bytes.length ? bytes.subarray(start, end) : undefined;
	};
	const names = namesIndex < count ? section(namesIndex) : undefined;
	if (!names) return cut;
	const wanted = [...new TextEncoder().encode(name), 0];
	for (let index = 0; index < count; index++) {
		const nameAt = view.getUint32(tableAt + index * entrySize, true);
		// Only the section that is wanted has to be whole: one without content (.bss) may claim any size.
		if (wanted.every((byte, offset) => names[nameAt + offset] === byte)) return section(index) ?? cut;
	}
	return `The file has no ${name} section, so it is not a finished kernel module.`;
}

/**
 * Reads a kernel module's `.modinfo` section. Takes the whole `.ko`, uncompressed; accepts any bytes, and gives a sentence where
 * they are not a 64-bit little-endian kernel module.
 */
export function readModuleInfo(
	ko: Uint8Array
): {readonly ok: true; readonly info: ModuleInfo} | {readonly ok: false; readonly why: string} {
	if (ko.length === 0) return {ok: false, why: 'The file is empty.'};
	const packed = compressed.find(({magic}) => startsWith(ko, magic));
	if (packed) return {ok: false, why: `The module is compressed with ${packed.name}.`};
	if (!startsWith(ko, [0x7f, 0x45, 0x4c, 0x46]))
		return {ok: false, why: 'This is not an ELF file, so it is not a kernel module.'};
	if (ko[4] !== 2 || ko[5] !== 1) return {ok: false, why: 'This is not a 64-bit little-endian ELF file.'};
	const section = sectionNamed(ko, '.modinfo');
	if (typeof section === 'string') return {ok: false, why: section};
	if (section.length > longestInfo)
		return {ok: false, why: 'The module information is larger than 1 MiB, so the file is damaged.'};

	const entries = new TextDecoder()
		.decode(section)
		.split('\0')
		.map(entry => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const)
		.filter(([key]) => key !== '');
	const all = (key: string): readonly string[] => entries.filter(([name]) => name === key).map(([, value]) => value);
	const first = <K extends string>(key: K): {readonly [name in K]?: string} => {
		const value = all(key)[0];
		return (value === undefined ? {} : {[key]: value}) as {readonly [name in K]?: string};
	};
	const tail = new TextDecoder('latin1').decode(ko.subarray(-signatureMark.length));
	return {
		ok: true,
		info: {
			...first('name'),
			...first('vermagic'),
			...first('license'),
			...first('description'),
			authors: all('author'),
			parameters: parameters(all('parmtype'), all('parm')),
			depends: all('depends').flatMap(names => names.split(',').filter(name => name !== '')),
			signed: tail === signatureMark
		}
	};
}

/** `name:type` and `name:description` lines, put together by name. */
function parameters(types: readonly string[], descriptions: readonly string[]): readonly ModuleParameter[] {
	const byName = new Map<string, ModuleParameter>();
	const add = (lines: readonly string[], key: 'type' | 'description'): void => {
		for (const line of lines) {
			const colon = line.indexOf(':');
			const name = colon < 0 ? line : line.slice(0, colon);
			byName.set(name, {...byName.get(name), name, ...(colon < 0 ? {} : {[key]: line.slice(colon + 1)})});
		}
	};
	add(types, 'type');
	add(descriptions, 'description');
	return [...byName.values()];
}

/** The release a module was built for: the first word of its vermagic (`6.12.117-arch1-1-rust SMP preempt mod_unload`). */
export function vermagicRelease(vermagic: string): string {
	return vermagic.trimStart().split(/\s/, 1)[0] ?? '';
}
