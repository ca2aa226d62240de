import {describe, expect, it} from 'vitest';
import {readRmetaHeader} from '../../src/kernel/rmeta.ts';
import {fixture} from './fixtures.ts';
import {damagedBytes} from './mutations.ts';

const tarball = 'built from a source tarball';

describe('real metadata', () => {
	it.each([
		['kernels/rmeta/debian-1.63.0.head', 'rustc 1.63.0'],
		['kernels/rmeta/debian-1.78.0.head', 'rustc 1.78.0'],
		['kernels/rmeta/debian-1.85.1.head', `rustc 1.85.1 (4eb161250 2025-03-15) (${tarball})`],
		['kernels/rmeta/debian-1.96.1.head', `rustc 1.96.1 (31fca3adb 2026-06-26) (${tarball})`],
		['kernels/rmeta/debian-1.97.1.head', `rustc 1.97.1 (8bab26f4f 2026-07-14) (${tarball})`],
		['kernels/rmeta/debian-1.98.1.head', `rustc 1.98.1 (48a229cea 2026-09-01) (${tarball})`],
		['kernels/rmeta/rustup-1.95.0.head', 'rustc 1.95.0 (59807616e 2026-04-14)'],
		['kernels/rmeta/rustup-1.97.0-nightly.head', 'rustc 1.97.0-nightly (e50aa6fba 2026-05-19)'],
		['kernels/rmeta/debian-7.2.13-libkernel.head', `rustc 1.97.1 (8bab26f4f 2026-07-14) (${tarball})`],
		['kernels/lab-6.12/libcore.rmeta.head', `rustc 1.85.1 (4eb161250 2025-03-15) (${tarball})`],
		['kernels/lab-6.12/libkernel.rmeta.head', `rustc 1.85.1 (4eb161250 2025-03-15) (${tarball})`]
	])('%s', (path, rustc) => {
		expect(readRmetaHeader(fixture(path))).toEqual({ok: true, rustc});
	});

	it('of rustc 1.48 is too old to be a kernel’s', () => {
		expect(readRmetaHeader(fixture('kernels/rmeta/debian-1.48.0.head'))).toEqual({
			ok: false,
			why: expect.stringContaining('format 5')
		});
	});
});

describe('other bytes', () => {
	const head = fixture('kernels/rmeta/debian-1.97.1.head');
	const changed = (at: number, ...bytes: readonly number[]): Uint8Array => {
		const copy = head.slice();
		copy.set(bytes, at);
		return copy;
	};

	it.each([
		['nothing', new Uint8Array(), /empty/],
		['an archive', fixture('kernels/rmeta/debian-1.63.0-rlib.head'), /archive \(\.rlib\)/],
		['an ELF file', fixture('kernels/modules/debian-6.1.192-crc7.ko'), /ELF object/],
		['a gzip file', Uint8Array.of(0x1f, 0x8b, 8, 0), /gzip/],
		['text', new TextEncoder().encode('rustc 1.97.1\n'), /does not begin/],
		['a file of zeros', new Uint8Array(4096), /does not begin/],
		['the magic alone', head.slice(0, 7), /ends within/],
		['the head without its text', head.slice(0, 17), /ends within/],
		['half of the text', head.slice(0, 50), /ends within/],
		['an unfinished file', changed(8, 0, 0, 0, 0, 0, 0, 0, 0), /not finished/],
		['a length of 17 million', changed(16, 0xff, 0xff, 0xff, 0x0f), /no rustc version/],
		['a length without an end', changed(16, ...new Array(100).fill(0xff)), /no rustc version/],
		['another program’s text', changed(17, 0x63), /no rustc version/],
		['a control character in the text', changed(30, 0x1b), /no rustc version/]
	])('%s gives a sentence', (_, bytes, why) => {
		expect(readRmetaHeader(bytes)).toEqual({ok: false, why: expect.stringMatching(why)});
	});

	it('a length of two bytes is read (LEB128)', () => {
		const rustc = `rustc 1.97.1 (8bab26f4f 2026-07-14) (${'a'.repeat(100)})`;
		const text = new TextEncoder().encode(rustc);
		const bytes = Uint8Array.from([
			...head.subarray(0, 16),
			0x80 | (text.length & 0x7f),
			text.length >> 7,
			...text,
			0xc1
		]);
		expect(text.length).toBeGreaterThan(127);
		expect(readRmetaHeader(bytes)).toEqual({ok: true, rustc});
	});

	it('a newer format with a version where it has always been is read, one without is refused by number', () => {
		expect(readRmetaHeader(changed(7, 11))).toMatchObject({ok: true});
		expect(readRmetaHeader(changed(7, 11, 0, 0, 1))).toMatchObject({ok: true});
		expect(readRmetaHeader(changed(7, 8))).toEqual({ok: false, why: expect.stringContaining('format 8')});
	});

	it('any damage gives a version text or a sentence', () => {
		for (const path of ['kernels/rmeta/debian-1.63.0.head', 'kernels/rmeta/debian-1.97.1.head']) {
			for (const bytes of damagedBytes(fixture(path), 5000)) {
				const read = readRmetaHeader(bytes);
				expect(read.ok ? read.rustc : read.why).toMatch(read.ok ? /^rustc \d[\x20-\x7e]*$/ : /\.$/);
			}
		}
	});
});
