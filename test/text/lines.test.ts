import {expect, test} from 'vitest';
import {createLines} from '../../src/text/lines.ts';

test('a line is given when its end has come, wherever the pieces were cut', () => {
	const lines = createLines();
	expect(['a', 'b\nc\n\nd', '', 'e\n', 'f'].map(lines.push)).toEqual([[], ['ab', 'c', ''], [], ['de'], []]);
	expect(lines.rest()).toBe('f');
});

test('of a line without an end no more is kept than was asked for', () => {
	const lines = createLines(3);
	lines.push('abcd');
	expect(lines.push('ef')).toEqual([]);
	expect(lines.push('\n')).toEqual(['def']);
});
