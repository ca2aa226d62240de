/** The variables that the firmware defines (UEFI 2.10, 3.3) and those of the boot loader interface (systemd.io/BOOT_LOADER_INTERFACE). */
export const firmwareVariables = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
export const loaderVariables = '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';

/** A file of efivarfs begins with four bytes of attributes (kernel, Documentation/filesystems/efivarfs.rst). */
const attributes = 4;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** UTF-16, little-endian, to the first NUL or the end. */
function utf16(bytes: Uint8Array, from: number, to = bytes.length): {readonly text: string; readonly end: number} {
	let text = '';
	let at = from;
	for (; at + 1 < to; at += 2) {
		const unit = view(bytes).getUint16(at, true);
		if (unit === 0) return {text, end: at + 2};
		text += String.fromCharCode(unit);
	}
	return {text, end: at};
}

/** A variable that holds a text. */
export const parseEfiText = (file: Uint8Array): string => utf16(file, attributes).text;

/** A variable that holds numbers of boot options: BootCurrent, BootNext, BootOrder. Each as the four digits of its option's name. */
export function parseBootNumbers(file: Uint8Array): readonly string[] {
	const numbers: string[] = [];
	for (let at = attributes; at + 1 < file.length; at += 2)
		numbers.push(view(file).getUint16(at, true).toString(16).toUpperCase().padStart(4, '0'));
	return numbers;
}

/** What a Boot#### variable starts: its name in the firmware's menu, and the file, `\EFI\systemd\systemd-bootx64.efi`. */
export type BootOption = {readonly title: string; readonly file: string | undefined};

/**
 * Reads EFI_LOAD_OPTION (UEFI 2.10, 3.1.3): attributes, the length of the path list, the description, then nodes of a device path
 * (10.2), each with type, subtype and length; type 4, subtype 4 is a file. Undefined where the bytes end too early.
 */
export function parseBootOption(file: Uint8Array): BootOption | undefined {
	const start = attributes + 6;
	if (file.length < start) return undefined;
	const listLength = view(file).getUint16(attributes + 4, true);
	const {text: title, end} = utf16(file, start);
	let path: string | undefined;
	for (let at = end; at + 4 <= Math.min(file.length, end + listLength); ) {
		const length = view(file).getUint16(at + 2, true);
		if (length < 4) break;
		if (file[at] === 4 && file[at + 1] === 4)
			path = (path ?? '') + utf16(file, at + 4, Math.min(at + length, file.length)).text;
		at += length;
	}
	return {title, file: path};
}
