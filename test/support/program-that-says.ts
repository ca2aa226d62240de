/** A static x86_64 Linux program, as small as can be, that writes a text and ends with 0: write(1, text, length); exit(0). */
export function programThatSays(text: string): Uint8Array {
	const words = Buffer.from(text);
	const [base, headers] = [0x400000, 64 + 56];
	const code = Buffer.from(
		// mov eax,1; mov edi,1; mov esi,ADDRESS; mov edx,LENGTH; syscall; mov eax,60; xor edi,edi; syscall
		'b801000000bf01000000be00000000ba000000000f05b83c00000031ff0f05',
		'hex'
	);
	const size = headers + code.length + words.length;
	code.writeUInt32LE(base + headers + code.length, 11);
	code.writeUInt32LE(words.length, 16);
	const head = Buffer.alloc(headers);
	head.write('\x7fELF\x02\x01\x01', 'latin1');
	// e_type EXEC, e_machine x86_64, e_version, e_entry, e_phoff, e_ehsize, e_phentsize, e_phnum (elf(5))
	head.writeUInt16LE(2, 16);
	head.writeUInt16LE(62, 18);
	head.writeUInt32LE(1, 20);
	head.writeBigUInt64LE(BigInt(base + headers), 24);
	head.writeBigUInt64LE(64n, 32);
	head.writeUInt16LE(64, 52);
	head.writeUInt16LE(56, 54);
	head.writeUInt16LE(1, 56);
	// p_type LOAD, p_flags R+X, p_offset 0, p_vaddr, p_paddr, p_filesz, p_memsz, p_align
	head.writeUInt32LE(1, 64);
	head.writeUInt32LE(5, 68);
	head.writeBigUInt64LE(BigInt(base), 80);
	head.writeBigUInt64LE(BigInt(base), 88);
	head.writeBigUInt64LE(BigInt(size), 96);
	head.writeBigUInt64LE(BigInt(size), 104);
	head.writeBigUInt64LE(4096n, 112);
	return Buffer.concat([head, code, words]);
}
