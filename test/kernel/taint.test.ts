import {describe, expect, it} from 'vitest';
import {hasOopsed, taintFlags} from '../../src/kernel/taint.ts';

const letters = (value: number): string =>
	taintFlags(value)
		.map(flag => flag.letter)
		.join('');

describe('taintFlags', () => {
	// 12288 and 12416: after loading an unsigned module, and after one whose init panicked (7.2.13 and 6.12.117).
	it.each([
		[0, ''],
		[1, 'P'],
		[512, 'W'],
		[4096, 'O'],
		[12288, 'OE'],
		[12416, 'DOE'],
		[2 ** 19, 'J'],
		[2 ** 20 - 1, 'PFSRMBUDAWCIOELKXTNJ'],
		[2 ** 40 + 1, 'P'],
		[-1, ''],
		[Number.NaN, ''],
		[Number.POSITIVE_INFINITY, '']
	])('%d is %j', (value, expected) => {
		expect(letters(value)).toBe(expected);
	});

	it('numbers its bits as the kernel does', () => {
		for (let bit = 0; bit < 20; bit++) expect(taintFlags(2 ** bit).map(flag => flag.bit)).toEqual([bit]);
	});
});

it('hasOopsed is flag D alone', () => {
	expect(hasOopsed(12416)).toBe(true);
	expect(hasOopsed(128)).toBe(true);
	expect(hasOopsed(12288)).toBe(false);
	expect(hasOopsed(512)).toBe(false);
});
