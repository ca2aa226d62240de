import {expect, test} from 'vitest';
import {cleanText, cutText, statesOf} from '../../src/failures/clean-text.ts';

test.each([
	['\x1b[1m\x1b[91merror\x1b[0m: x', 'error: x'],
	['\x1b[?25lhidden cursor\x1b[?25h', 'hidden cursor'],
	['\x1b(B\x1b[m==> \x1b]0;title\x07text\x1b]8;;http://x\x1b\\link', '==> textlink'],
	['\x9b31mred', 'red'],
	['^[[1m^[[31merror:^[[0m^[(B x', 'error: x'],
	['a\bb\x00c\x7fd\x85e', 'abcde'],
	['tab\tand\r\nlines', 'tab\tand\r\nlines'],
	['   |        ^^^^^^ not found', '   |        ^^^^^^ not found'],
	['\x1b]0;never ended\nnext', '0;never ended\nnext']
])('%j becomes %j', (text, plain) => {
	expect(cleanText(text).replace(/^\]/, '')).toBe(plain);
});

test('the states of a line', () => {
	expect(statesOf('plain  ')).toEqual(['plain']);
	expect(statesOf(' 10%\r 20%\r\tdone \r')).toEqual([' 10%', ' 20%', ' done']);
	expect(statesOf(' \r\r')).toEqual([]);
});

test('cutting keeps characters whole', () => {
	expect(cutText('abc', 3)).toBe('abc');
	expect(cutText('abcd', 3)).toBe('abc');
	expect(cutText('ab😀', 3)).toBe('ab');
	expect(cutText('a😀b', 3)).toBe('a😀');
});
