import {expect, test} from 'vitest';
import {fillRemedies, fillSentence, tidyCaptures} from '../../src/failures/fill.ts';

test('captures are made fit for a sentence', () => {
	expect(tidyCaptures([' a\x07b ', '', undefined, 'x'.repeat(300)])).toEqual([
		'ab',
		undefined,
		undefined,
		'x'.repeat(200)
	]);
});

test('places in a sentence are filled, once', () => {
	expect(fillSentence(`$1 and \${2:other} and $3.`, ['$2', undefined, `\${1:x}`])).toBe(`$2 and other and \${1:x}.`);
	expect(fillSentence(`$(uname -r) \${EDITOR:-vi} $1`, [])).toBe(`$(uname -r) \${EDITOR:-vi} `);
});

test('remedies that name what was not found are left out, those with words for that case stay', () => {
	const remedies = [
		{label: 'Look at $1'},
		{label: 'Look', command: 'ls $1'},
		{label: `Look at \${1:it}`, command: 'ls'},
		{label: 'Wait'}
	];
	expect(fillRemedies(remedies, [undefined])).toEqual([{label: 'Look at it', command: 'ls'}, {label: 'Wait'}]);
	expect(fillRemedies(remedies, ['a b'])).toEqual([
		{label: 'Look at a b'},
		{label: 'Look', command: "ls 'a b'"},
		{label: 'Look at a b', command: 'ls'},
		{label: 'Wait'}
	]);
});
