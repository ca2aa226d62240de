/** `rust` and three zero bytes; the byte after them is the number of the metadata format. */
const magic = [0x72, 0x75, 0x73, 0x74, 0, 0, 0] as const;

/** Longer than any rustc version text with a vendor's mark. */
const longestText = 1024;

const kinds: readonly {readonly magic: readonly number[]; readonly what: string}[] = [
	{magic: [0x7f, 0x45, 0x4c, 0x46], what: 'an ELF object'},
	{magic: [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e], what: 'an archive (.rlib)'},
	{magic: [0x1f, 0x8b], what: 'a gzip file'}
];

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
	start.every((byte, index) => bytes[index] === byte);

/**
 * The version text of the rustc that wrote a metadata file (`libcore.rmeta`), exactly as rustc itself compares it (E0514): a
 * whole `rustc 1.97.1 (8bab26f4f 2026-07-14) (built from a source tarball)`. The first 256 bytes are enough.
 *
 * The layout is `METADATA_HEADER`, the root's position, then the text as LEB128 length and bytes (compiler/rustc_metadata,
 * `get_rustc_version`). The position is 4 bytes, big-endian, up to format 8 (seen: 6, rustc 1.63) and 8 bytes, little-endian,
 * from format 9 on (seen: 9 and 10, rustc 1.85 to 1.98).
 */
export function readRmetaHeader(
	bytes: Uint8Array
): {readonly ok: true; readonly rustc: string} | {readonly ok: false; readonly why: string} {
	if (bytes.length === 0) return {ok: false, why: 'The file is empty.'};
	if (!startsWith(bytes, magic)) {
		const kind = kinds.find(known => startsWith(bytes, known.magic));
		return {
			ok: false,
			why: kind
				? `This is ${kind.what}, not Rust metadata.`
				: 'This is not Rust metadata: it does not begin with "rust".'
		};
	}
	const format = bytes[magic.length];
	if (format === undefined) return {ok: false, why: 'The file ends within its header.'};
	if (format < 6)
		return {
			ok: false,
			why: `This is Rust metadata of format ${format}, written by a rustc older than any kernel asks for.`
		};

	const positionAt = magic.length + 1;
	const textAt = positionAt + (format <= 8 ? 4 : 8);
	if (bytes.length > textAt && bytes.subarray(positionAt, textAt).every(byte => byte === 0))
		return {ok: false, why: 'The file was not finished: the position of its content is missing from the header.'};

	let length = 0;
	let at = textAt;
	for (let shift = 0; ; shift += 7) {
		const byte = bytes[at++];
		if (byte === undefined) return {ok: false, why: 'The file ends within its header.'};
		length += (byte & 0x7f) * 2 ** shift;
		if (byte < 0x80) break;
		if (length > longestText || shift > 21) break;
	}
	const unknown = `This is Rust metadata of format ${format}, and no rustc version stands where formats 6 to 10 have it.`;
	if (length > longestText) return {ok: false, why: unknown};
	if (at + length > bytes.length) return {ok: false, why: 'The file ends within its header.'};
	const rustc = new TextDecoder().decode(bytes.subarray(at, at + length));
	return /^rustc \d+\.\d+\.\d+[\x20-\x7e]*$/.test(rustc) ? {ok: true, rustc} : {ok: false, why: unknown};
}
