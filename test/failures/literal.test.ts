import {expect, test} from 'vitest';
import {automatonOf, readLines} from '../../src/failures/literal-finder.ts';
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
	const automaton = automatonOf(literals);
	const find = (text: string): ReadonlySet<number> => new Set(readLines(automaton, text).literals(0));
	for (const text of words(6)) {
		const found = literals.filter((_, index) => find(text).has(index));
		expect(found).toEqual(literals.filter(literal => text.includes(literal)));
	}
});

test('the finder is exact for short ASCII and never misses a long or foreign literal', () => {
	const literals = ['command not found', 'command not here', '‘quoted’', ''];
	const automaton = automatonOf(literals);
	const find = (text: string): ReadonlySet<number> => new Set(readLines(automaton, text).literals(0));
	const found = (text: string) => [...find(text)].sort();
	expect(found('')).toEqual([3]);
	expect(found('make: command not found')).toEqual(expect.arrayContaining([0, 3]));
	expect(found('it is ‘quoted’ here')).toEqual(expect.arrayContaining([2, 3]));
	expect(found('comman')).toEqual([3]);
});

test('the lines of a text, with the literals that can occur in each', () => {
	const automaton = automatonOf(['error: ', 'not found']);
	const text = 'error: one\n\n  CC a.o\nsh: x:\tnot\tfound\r\nnot\nfound\nerror:\tnot found';
	const lines = readLines(automaton, text);
	const all = Array.from({length: lines.count}, (_, index) => lines.at(index));
	expect(all).toEqual(text.split('\n'));
	expect(all.map((_, index) => [...(lines.literals(index) ?? [])].join())).toEqual(['0', '', '', '1', '', '', '0,1']);
	expect(lines.literals(1)).toBeUndefined();
	expect(readLines(automaton, '').count).toBe(1);
	expect(readLines(automaton, 'a\n').at(1)).toBe('');
	expect(new Set(readLines(automatonOf(['']), 'a\nb').literals(1))).toEqual(new Set([0]));
});
