import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {isPlain} from '../../components/plain-text.ts';
// @ts-expect-error: plain JavaScript, used by the build alone
import {LightSegmenter} from '../../scripts/light/segmenter.js';
// @ts-expect-error: plain JavaScript, used by the build alone
import lightStringWidth from '../../scripts/light/string-width.js';

const characters = Array.from({length: 0x10000}, (_, code) => String.fromCharCode(code));
const texts = [
	'',
	'plain',
	' ✔ machine    x86_64 · 41 GB free',
	'\u001b[1m▸ boot\u001b[22m\u001b[2m · 3 of 8\u001b[22m',
	'\u001b]8;;https://example.org\u0007link\u001b]8;;\u0007',
	'two\nlines',
	'\r\n',
	'a\r\nb',
	'漢字',
	'e\u0301',
	'👩‍💻 🇩🇪 ❤️ 1️⃣ ✔️',
	'\ud800'
];

test('what counts as plain takes one cell, alone and in any company', () => {
	const plain = characters.filter(isPlain);
	expect(plain.length).toBeGreaterThan(1000);
	expect(plain.filter(character => stringWidth(character) !== 1)).toEqual([]);
	const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
	for (const order of [plain, [...plain].reverse()]) {
		expect([...graphemes.segment(order.join(''))].map(({segment}) => segment)).toEqual(order);
	}
});

test.each(texts)('the bundle measures %j as string-width does', text => {
	expect(lightStringWidth(text)).toBe(stringWidth(text));
	expect(lightStringWidth(text, {countAnsiEscapeCodes: true})).toBe(stringWidth(text, {countAnsiEscapeCodes: true}));
});

test.each(texts)('the bundle cuts %j as Intl.Segmenter does', text => {
	const parts = (segmenter: Pick<Intl.Segmenter, 'segment'>) => {
		const segments = segmenter.segment(text);
		return [...segments, segments.containing(), ...Array.from(text, (_, index) => segments.containing(index))].map(
			one => one && [one.segment, one.index, one.input]
		);
	};
	expect(parts(new LightSegmenter())).toEqual(parts(new Intl.Segmenter()));
	const words = {granularity: 'word'} as const;
	expect(parts(new LightSegmenter(undefined, words))).toEqual(parts(new Intl.Segmenter(undefined, words)));
});
