import {describe, expect, it} from 'vitest';
import {type Expression, evaluate, isMet, onlyIf, parseExpression} from '../../src/kernel/kconfig-expression.ts';
import {damagedTexts} from './mutations.ts';

const values: Readonly<Record<string, string>> = {
	Y: 'y',
	M: 'm',
	N: 'n',
	'64BIT': 'y',
	RUSTC_VERSION: '108100',
	BASE: '0x1000',
	NAME: 'gcc'
};
const read = (text: string): Expression => {
	const expression = parseExpression(text);
	if (expression === undefined) throw new Error(`${text} is no expression`);
	return expression;
};
const met = (text: string): boolean | undefined => isMet(read(text), symbol => values[symbol]);

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
		['64BIT', true],
		['y', true],
		['n || m', true],
		['Y = y', true],
		['M = y', false],
		['M != n', true],
		['!M = y', true],
		['ABSENT = n', true],
		['ABSENT != y', true],
		['BASE = 4096', true],
		['NAME = "gcc"', true],
		['NAME != "clang"', true],
		['RUSTC_VERSION > 99', true],
		['!Y || RUSTC_VERSION >= 108100', true],
		['!(Y && M) || RUSTC_VERSION >= 108300', true],
		['!(Y && Y) || RUSTC_VERSION >= 108300', false]
	])('%s is %s', (expression, expected) => {
		expect(met(expression)).toBe(expected);
	});

	it.each([
		// what a test of the tools said when the kernel was configured is not written down
		['$(cc-option,-fsanitize=kcfi (and) more)', undefined],
		['"$(ARCH)" = "x86"', undefined],
		['Y && $(success,true)', undefined],
		['N && $(success,true)', false],
		['Y || $(success,true)', true],
		['!$(success,true)', undefined],
		// a number that a configuration does not mention is not 0
		['ABSENT >= 1', undefined],
		['ABSENT < 1', undefined],
		['N || ABSENT >= 1', undefined],
		['Y || ABSENT >= 1', true]
	])('%s is %s, which is not a no', (expression, expected) => {
		expect(met(expression)).toBe(expected);
	});

	it('m is half of y, as in scripts/kconfig', () => {
		const value = (text: string) => evaluate(read(text), symbol => values[symbol]);
		expect(value('M && Y')).toEqual({least: 1, most: 1});
		expect(value('!M')).toEqual({least: 1, most: 1});
		expect(value('M || Y')).toEqual({least: 2, most: 2});
	});

	it.each([
		['N', 'Y', false],
		['N', 'M', false],
		['N', 'N', true],
		['Y', 'Y', true],
		['N', '$(success,true)', undefined]
	])('depends on %s if %s: %s', (expression, condition, expected) => {
		expect(isMet(onlyIf(read(expression), read(condition)), symbol => values[symbol])).toBe(expected);
	});

	it.each(['', 'Y &&', '&& Y', '(Y', 'Y)', 'Y N', '!', 'Y >= ', '!!!!', '(('])('%j is no expression', text => {
		expect(parseExpression(text)).toBeUndefined();
	});

	it('ends on any text', () => {
		for (const text of damagedTexts(
			'!DEBUG_INFO_BTF || (PAHOLE_HAS_LANG_EXCLUDE && !LTO) || RUSTC_VERSION >= 108100',
			5000
		))
			expect([undefined, true, false]).toContain(
				isMet(parseExpression(text) ?? {kind: 'macro', text}, symbol => values[symbol])
			);
		expect(parseExpression('('.repeat(100_000))).toBeUndefined();
		expect(parseExpression('!'.repeat(100_000))).toBeUndefined();
	});
});
