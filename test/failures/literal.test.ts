import {expect, test} from 'vitest';
import {literalFinder} from '../../src/failures/literal-finder.ts';
import {literalOf} from '../../src/failures/literal-of.ts';

test.each([
	['plain text', 'plain text'],
	['error\\[E0514\\]: found', 'error[E0514]: found'],
	['ab?cdef', 'cdef'],
	['abc*de', 'ab'],
	['abc{2}de', 'ab'],
	['abc+de', 'abc'],
	['a.bc.d', 'bc'],
	['^start$', 'start'],
	['\\d+ files', ' files'],
	['x\\bword\\.', 'word.'],
	['(one|two) three', ' three'],
	['(a(b)c[)]) end', ' end'],
	['(?:^|\\s)error(?:\\[(E\\d{4})\\])?: ', 'error'],
	['[Uu]nknown', 'nknown'],
	['[\\]()|]tail', 'tail'],
	['one|two', ''],
	['(\\w+)', '']
])('%s contains %j', (source, literal) => {
	expect(literalOf(source)).toBe(literal);
});

test('the finder reports every literal that occurs', () => {
	const letters = 'ab ';
	const words = (length: number): string[] =>
		length === 0 ? [''] : words(length - 1).flatMap(word => [...letters].map(letter => word + letter));
	const literals = [1, 2, 3].flatMap(words);
	const find = literalFinder(literals);
	for (const text of words(6)) {
		const found = literals.filter((_, index) => find(text).has(index));
		expect(found).toEqual(literals.filter(literal => text.includes(literal)));
	}
});

test('the finder is exact for short ASCII and never misses a long or foreign literal', () => {
	const literals = ['command not found', 'command not here', '‘quoted’', ''];
	const find = literalFinder(literals);
	const found = (text: string) => [...find(text)].sort();
	expect(found('')).toEqual([3]);
	expect(found('make: command not found')).toEqual(expect.arrayContaining([0, 3]));
	expect(found('it is ‘quoted’ here')).toEqual(expect.arrayContaining([2, 3]));
	expect(found('comman')).toEqual([3]);
});
