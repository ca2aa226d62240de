/** What efivarfs shows of a variable: four bytes of attributes (here 7: kept, for boot services and for the system), then its value. */
const variable = (value: Uint8Array): Buffer => Buffer.concat([Buffer.from([7, 0, 0, 0]), value]);

const utf16 = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le');

export const efiText = (text: string): Buffer => variable(utf16(text));

export function efiNumbers(...numbers: readonly number[]): Buffer {
	const bytes = Buffer.alloc(numbers.length * 2);
	for (const [index, number] of numbers.entries()) bytes.writeUInt16LE(number, index * 2);
	return variable(bytes);
}

/** EFI_LOAD_OPTION with a device path of a hard disk and, where it has one, a file (UEFI 2.10, 3.1.3, 10.3.5.1 and 10.3.5.3). */
export function bootOption(title: string, file: string | undefined): Buffer {
	const node = (type: number, subtype: number, data: Uint8Array): Buffer => {
		const header = Buffer.from([type, subtype, 0, 0]);
		header.writeUInt16LE(4 + data.length, 2);
		return Buffer.concat([header, data]);
	};
	const path = Buffer.concat([
		node(4, 1, Buffer.alloc(38)),
		...(file === undefined ? [] : [node(4, 4, utf16(file))]),
		node(0x7f, 0xff, Buffer.alloc(0))
	]);
	const head = Buffer.alloc(6);
	head.writeUInt32LE(1, 0);
	head.writeUInt16LE(path.length, 4);
	return variable(Buffer.concat([head, utf16(title), path]));
}
