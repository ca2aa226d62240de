import {describe, expect, it} from 'vitest';
import {exportedSymbols, neededSymbols} from '../../src/kernel/symbols.ts';
import {fixture} from './fixtures.ts';
import {damagedBytes} from './mutations.ts';

describe('neededSymbols', () => {
	it('of real modules: what readelf calls UND', () => {
		expect(neededSymbols(fixture('kernels/modules/debian-6.1.192-crc7.ko'))).toEqual(['__x86_return_thunk']);
		const rust = neededSymbols(fixture('modules/built/numbers-6.12.ko')) ?? [];
		expect(rust).toContain('rust_helper_krealloc');
		expect(rust.filter(name => name.startsWith('_RNv'))).not.toEqual([]);
	});

	it('ends on any bytes', () => {
		for (const bytes of damagedBytes(fixture('modules/built/numbers-6.12.ko'), 100)) {
			const needed = neededSymbols(bytes);
			expect(needed === undefined || Array.isArray(needed)).toBe(true);
		}
		expect(neededSymbols(new Uint8Array())).toBeUndefined();
	});
});

describe('exportedSymbols', () => {
	it('are those with a __ksymtab_ entry, of the kernel and of its modules', () => {
		const kallsyms =
			'0000000000000000 T _printk\n0000000000000000 R __start___ksymtab_gpl\n0000000000000000 r __ksymtab__printk\n0000000000000000 t not_exported\n0000000000000000 r __ksymtab_crc7_be\t[crc7]\n';
		expect(exportedSymbols(kallsyms)).toEqual(new Set(['_printk', 'crc7_be']));
	});

	it('cannot be told where the kernel lists its code alone', () => {
		expect(exportedSymbols('0000000000000000 T _printk\n0000000000000000 R __start___ksymtab_gpl\n')).toBeUndefined();
	});
});
