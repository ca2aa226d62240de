import {describe, expect, it} from 'vitest';
import {checkParameters} from '../../src/kernel/module-parameters.ts';

const declared = [
	{name: 'times', type: 'u32', description: 'How often'},
	{name: 'level', type: 'i8'},
	{name: 'quiet', type: 'bool'},
	{name: 'label', type: 'charp'},
	{name: 'mode', type: 'int'},
	{name: 'big', type: 'ullong'},
	{name: 'odd', type: 'array of int'},
	{name: 'bare'}
];

describe('checkParameters', () => {
	it.each([
		'times=5',
		'times=0x10',
		'times=0b101',
		'times=4294967295',
		'level=-128',
		'level=+127',
		'quiet=y',
		'quiet=off',
		'quiet=1',
		'quiet',
		'label=a=b',
		'label=',
		'mode=-0x7f',
		'mode=017',
		'big=18446744073709551615',
		'odd=1,2,3',
		'bare=anything'
	])('%s is passed on as it is', word => {
		expect(checkParameters([word], declared)).toEqual({ok: true, words: [word]});
	});

	it('quotes white space for the kernel, which takes the words apart again', () => {
		expect(checkParameters(['label=two words'], declared)).toEqual({ok: true, words: ['label="two words"']});
	});

	it('takes - for _ in names, as the kernel does', () => {
		const parameters = [{name: 'how_many', type: 'u8'}];
		expect(checkParameters(['how-many=3'], parameters).ok).toBe(true);
		expect(checkParameters(['how-many=300'], parameters).ok).toBe(false);
	});

	it.each([
		['times=-1', 'times is a whole number from 0 to 4294967295, not "-1".'],
		['times=4294967296', 'times is a whole number from 0 to 4294967295, not "4294967296".'],
		['times=many', 'times is a whole number from 0 to 4294967295, not "many".'],
		['times=', 'times is a whole number from 0 to 4294967295, not nothing.'],
		['times', 'times needs a value: NAME=VALUE.'],
		['level=128', 'level is a whole number from -128 to 127, not "128".'],
		['mode=08', 'mode is a whole number from -2147483648 to 2147483647, not "08".'],
		['mode=1e3', 'mode is a whole number from -2147483648 to 2147483647, not "1e3".'],
		['quiet=maybe', 'quiet is yes or no: y, n, 1 or 0.'],
		['label=a"b', 'label cannot take quotes or control characters.'],
		['label=a\nb', 'label cannot take quotes or control characters.'],
		[`label=${'x'.repeat(1024)}`, 'label can be at most 1023 bytes long.'],
		['nothing=1', 'The module has no parameter nothing.']
	])('%s is refused', (word, why) => {
		const checked = checkParameters(['quiet=n', word], declared);
		expect(checked).toMatchObject({ok: false, why});
		if (!checked.ok) expect(checked.known).toMatch(/^It has: times \(u32, How often\); level \(i8\); .*; bare\.$/);
	});

	it('says of a module without parameters since when there can be some', () => {
		expect(checkParameters(['times=1'], [])).toEqual({
			ok: false,
			why: 'The module has no parameter times.',
			known: 'It has none. Modules written in Rust can have parameters from Linux 6.19 on.'
		});
		expect(checkParameters([], [])).toEqual({ok: true, words: []});
	});
});
