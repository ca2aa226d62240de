import {describe, expect, it} from 'vitest';
import {readModuleInfo, vermagicRelease} from '../../src/kernel/module-info.ts';
import {fixture} from './fixtures.ts';
import {damagedBytes} from './mutations.ts';

const signedModule = 'kernels/modules/debian-6.1.192-i2c-kempld.ko';
const rustModule = 'modules/built/numbers-6.12.ko';

describe('real modules', () => {
	it('a Rust module', () => {
		expect(readModuleInfo(fixture(rustModule))).toEqual({
			ok: true,
			info: {
				name: 'numbers',
				vermagic: '6.12.117-arch1-1-rust mod_unload ',
				license: 'GPL',
				description: 'Keeps three numbers and prints them on the way out',
				authors: ['linux-rust-setup'],
				parameters: [],
				depends: [],
				signed: false
			}
		});
	});

	it('a signed module with parameters and a dependency', () => {
		expect(readModuleInfo(fixture(signedModule))).toEqual({
			ok: true,
			info: {
				name: 'i2c_kempld',
				vermagic: '6.1.0-56-amd64 SMP preempt mod_unload modversions ',
				license: 'GPL',
				description: 'KEM PLD I2C Driver',
				authors: [expect.stringMatching(/^Michael Brunner /)],
				parameters: [
					{name: 'i2c_gpio_mux', type: 'bool', description: 'Enable I2C port on GPIO out (default=false)'},
					{name: 'i2c_bus', type: 'int', description: 'Set I2C bus number (default=-1 for dynamic assignment)'},
					{name: 'bus_frequency', type: 'uint', description: 'Set I2C bus frequency in kHz (default=100)'}
				],
				depends: ['kempld-core'],
				signed: true
			}
		});
	});

	it('one whose signature was cut off is not signed', () => {
		const bytes = fixture(signedModule);
		expect(readModuleInfo(bytes.subarray(0, bytes.length - 1))).toMatchObject({
			ok: true,
			info: {signed: false, name: 'i2c_kempld'}
		});
	});

	it('reads from the middle of a larger buffer', () => {
		const ko = fixture(rustModule);
		const buffer = new Uint8Array(ko.length + 100);
		buffer.set(ko, 37);
		expect(readModuleInfo(buffer.subarray(37, 37 + ko.length))).toEqual(readModuleInfo(ko));
	});
});

describe('other bytes', () => {
	const ko = fixture(rustModule);
	const changed = (at: number, ...bytes: readonly number[]): Uint8Array => {
		const copy = ko.slice();
		copy.set(bytes, at);
		return copy;
	};

	it.each([
		['nothing', new Uint8Array(), /empty/],
		['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), /compressed with gzip/],
		['xz', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), /compressed with xz/],
		['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0), /compressed with zstd/],
		['text', new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\n'), /not an ELF file/],
		['32 bits', changed(4, 1), /64-bit little-endian/],
		['big-endian', changed(5, 2), /64-bit little-endian/],
		['the first 40 bytes', ko.slice(0, 40), /cut off/],
		['the first half', ko.slice(0, ko.length / 2), /cut off/],
		[
			'a section table beyond the end',
			changed(0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
			/cut off or damaged/
		],
		['no sections', changed(0x3c, 0, 0), /cut off or damaged/],
		['a names section that does not exist', changed(0x3e, 0xff, 0xff), /cut off or damaged/]
	])('%s gives a sentence', (_, bytes, why) => {
		expect(readModuleInfo(bytes)).toEqual({ok: false, why: expect.stringMatching(why)});
	});

	it('a .modinfo that ends outside of the file says so', () => {
		const view = new DataView(ko.buffer);
		const tableAt = Number(view.getBigUint64(0x28, true));
		const header = Array.from({length: view.getUint16(0x3c, true)}, (_, index) => tableAt + 64 * index).find(at => {
			const start = Number(view.getBigUint64(at + 0x18, true));
			return new TextDecoder().decode(ko.subarray(start, start + 7)) === 'author=';
		});
		expect(readModuleInfo(changed((header ?? 0) + 0x20 + 3, 1))).toEqual({
			ok: false,
			why: expect.stringMatching(/cut off or damaged/)
		});
	});

	it('an object that is no module says so', () => {
		const name = new TextEncoder().encode('.modinfo\0');
		const copy = ko.slice();
		const at = copy.findIndex((_, index) => name.every((byte, offset) => copy[index + offset] === byte));
		copy[at + 1] = 0x78;
		expect(readModuleInfo(copy)).toEqual({ok: false, why: expect.stringContaining('no .modinfo section')});
	});

	it('any damage gives information or a sentence, quickly', () => {
		const start = performance.now();
		for (const bytes of damagedBytes(ko, 3000)) {
			const read = readModuleInfo(bytes);
			if (!read.ok) expect(read.why).toMatch(/\.$/);
		}
		expect(performance.now() - start).toBeLessThan(10_000);
	});
});

it('vermagicRelease is the first word', () => {
	expect(vermagicRelease('6.12.117-arch1-1-rust SMP preempt mod_unload ')).toBe('6.12.117-arch1-1-rust');
	expect(vermagicRelease('7.2.13')).toBe('7.2.13');
	expect(vermagicRelease('')).toBe('');
});
