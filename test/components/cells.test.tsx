import {Box, renderToString, Text} from 'ink';
import {describe, expect, test} from 'vitest';
import {cellWidth, cut, expandTabs, graphemes, moreLines, pad, wrap} from '../../components/cells.ts';

/** What Ink thinks: the narrowest box in which it does not cut the text. */
function inkWidth(text: string): number {
	for (let width = 1; width < 40; width++) {
		const drawn = renderToString(
			<Box width={width}>
				<Text wrap="truncate">{text}</Text>
			</Box>,
			{columns: 80}
		);
		if (!drawn.includes('…')) return width;
	}
	throw new Error(`wider than expected: ${text}`);
}

describe('cellWidth', () => {
	test.each([
		'plain',
		'·▸✔○■✘❯█░▌⠋',
		'漢字',
		'한국어',
		'カタカナ',
		'e\u0301',
		'👩‍💻',
		'🇩🇪',
		'❤️',
		'1️⃣',
		'✅🦀',
		'ｆｕｌｌ',
		'“quoted”—dash',
		'a\u200bb',
		'⌚⏰',
		'〈x〉',
		'नमस्ते'.slice(0, 2)
	])('agrees with Ink about %s', text => {
		expect(cellWidth(text)).toBe(inkWidth(text));
	});

	test('takes nothing for nothing', () => {
		expect(cellWidth('')).toBe(0);
		expect(cellWidth('\u200b\u0301')).toBe(0);
	});
});

test.each([
	['hello', 5, 'hello', 'hello'],
	['hello', 4, 'hel…', 'h...'],
	['hello', 2, 'h…', '..'],
	['hello', 1, '…', '.'],
	['hello', 0, '', ''],
	['漢字漢', 4, '漢…', '...'],
	['👩‍💻👩‍💻', 3, '👩‍💻…', '...']
])('cut %s to %i', (text, width, unicode, ascii) => {
	expect(cut(text, width)).toBe(unicode);
	expect(cut(text, width, true)).toBe(ascii);
});

describe('wrap', () => {
	test.each([
		['make modules', 20, 2, ['make modules']],
		['make -C build modules', 13, 2, ['make -C build', '  modules']],
		['abcdefghij', 4, 1, ['abcd', ' efg', ' hij']],
		['ab abcdefgh', 4, 0, ['ab', 'abcd', 'efgh']],
		["a 'two  spaces'", 40, 2, ["a 'two  spaces'"]],
		['one\ntwo', 10, 2, ['one', 'two']],
		['', 10, 2, ['']],
		['漢字漢字', 4, 0, ['漢字', '漢字']],
		['漢', 1, 4, ['漢']]
	] as const)('%j in %i cells', (text, width, hang, lines) => {
		expect(wrap(text, width, hang)).toEqual(lines);
	});

	test('loses nothing and never gets too wide, whatever comes', () => {
		const random = numbers(7);
		const alphabet = ['a', 'bc', ' ', '  ', '漢', '👩‍💻', '-', 'e\u0301'];
		for (let round = 0; round < 2000; round++) {
			const text = Array.from({length: random(40)}, () => alphabet[random(alphabet.length)]).join('');
			const width = 2 + random(20);
			const lines = wrap(text, width, random(6));
			for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(width);
			expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
		}
	});
});

test('expandTabs goes to the next stop, counted in cells', () => {
	expect(expandTabs('\ta')).toBe('        a');
	expect(expandTabs('ab\tc\td', 4)).toBe('ab  c   d');
	expect(expandTabs('漢\tx', 4)).toBe('漢  x');
});

test('pad, graphemes, moreLines', () => {
	expect(pad('漢', 4)).toBe('漢  ');
	expect(pad('long', 2)).toBe('long');
	expect(graphemes('a👩‍💻e\u0301')).toEqual(['a', '👩‍💻', 'e\u0301']);
	expect([moreLines(1), moreLines(2), moreLines(3, true)]).toEqual([
		'…and 1 more line',
		'…and 2 more lines',
		'...and 3 more lines'
	]);
});

/** The same whole numbers below the asked limit on every run (a linear congruential generator). */
function numbers(seed: number): (limit: number) => number {
	let state = seed;
	return limit => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * limit);
	};
}
