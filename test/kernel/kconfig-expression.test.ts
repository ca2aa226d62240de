import {describe, expect, it} from 'vitest';
import {isMet} from '../../src/kernel/kconfig-expression.ts';
import {damagedTexts} from './mutations.ts';

const values: Readonly<Record<string, string>> = {Y: 'y', M: 'm', N: 'n', RUSTC_VERSION: '108100'};
const met = (expression: string): boolean => isMet(expression, symbol => values[symbol]);

describe('isMet', () => {
	it.each([
		['Y', true],
		['M', true],
		['N', false],
		['ABSENT', false],
		['!Y', false],
		['!N', true],
		['!M', true],
		['!!Y', true],
		['Y && N', false],
		['Y || N', true],
		['N && N || Y', true],
		['N && (N || Y)', false],
		['!(Y && M)', true],
		['!(Y && Y)', false],
		['!Y || (Y && !N)', true],
		['RUSTC_VERSION >= 108100', true],
		['RUSTC_VERSION >= 108300', false],
		['RUSTC_VERSION < 108300 && Y', true],
		['ABSENT >= 1', false],
		['!Y || RUSTC_VERSION >= 108100', true],
		['!(Y && M) || RUSTC_VERSION >= 108300', true],
		['!(Y && Y) || RUSTC_VERSION >= 108300', false]
	])('%s is %s', (expression, expected) => {
		expect(met(expression)).toBe(expected);
	});

	it('ends on any text', () => {
		for (const text of damagedTexts(
			'!DEBUG_INFO_BTF || (PAHOLE_HAS_LANG_EXCLUDE && !LTO) || RUSTC_VERSION >= 108100',
			5000
		))
			expect(typeof met(text)).toBe('boolean');
	});
});
