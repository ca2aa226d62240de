import {expect, test} from 'vitest';
import {type Mark, markColor, markText, markWord} from '../../components/marks.ts';

const marks: readonly Mark[] = ['done', 'now', 'todo', 'stale', 'blocked', 'unknown', 'failed'];

test('every mark has its sign, its ASCII sign and its word', () => {
	expect(marks.map(mark => [markText(mark, false), markText(mark, true), markWord(mark)])).toEqual([
		['✔', '[x]', 'done'],
		['▸', '>', 'now'],
		['○', '[ ]', 'to do'],
		['!', '!', 'stale'],
		['■', '#', 'blocked'],
		['?', '?', 'unknown'],
		['✘', 'X', 'failed']
	]);
});

test('marks that share a colour differ in sign and word', () => {
	expect(new Set(marks.map(mark => markText(mark, false))).size).toBe(marks.length);
	expect(new Set(marks.map(mark => markText(mark, true))).size).toBe(marks.length);
	expect(markColor('blocked')).toBe(markColor('failed'));
	expect(markColor('todo')).toBeUndefined();
});
