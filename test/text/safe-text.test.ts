import {describe, expect, it} from 'vitest';
import {createSafeStream, safeLine, safeText} from '../../src/text/safe-text.ts';
import {randomNumbers} from '../scaffold/random.ts';

/** Written apart from the program's own list: what no output may hold. Tab and newline are no danger. */
const dangers = new Set<number>();
const danger = (from: number, to = from): void => {
	for (let code = from; code <= to; code++) dangers.add(code);
};
danger(0x00, 0x08);
danger(0x0b, 0x1f);
danger(0x7f, 0x9f);
danger(0xad);
danger(0x61c);
danger(0x180e);
danger(0x200b, 0x200f);
danger(0x2028, 0x202e);
danger(0x2060, 0x206f);
danger(0xd800, 0xdfff);
danger(0xfeff);
danger(0xfff9, 0xfffb);
// tag characters: invisible ASCII
danger(0xe0000, 0xe007f);

/** The first dangerous character of a text, written as U+…; undefined for safe text. */
function dangerIn(text: string, except: readonly number[] = []): string | undefined {
	for (const character of text) {
		const code = character.codePointAt(0) ?? 0;
		if (dangers.has(code) && !except.includes(code)) return `U+${code.toString(16).padStart(4, '0')}`;
	}
	return undefined;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function streamed(pieces: readonly Uint8Array[]): string {
	const stream = createSafeStream();
	return pieces.map(piece => stream.push(piece)).join('') + stream.end();
}

/** `bytes` cut before each of `places`. */
function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
	const edges = [0, ...places, bytes.length];
	return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}

const sequences = [
	['a colour', '\u001b[31m'],
	['a 256-colour', '\u001b[38;5;208m'],
	['a true colour with colons', '\u001b[38:2::255:128:0m'],
	['cursor up', '\u001b[2A'],
	['erase line', '\u001b[K'],
	['a private mode', '\u001b[?2026h'],
	['row addressing', '\u001b[5d'],
	['key reporting', '\u001b[>4;2m'],
	['soft reset, with an intermediate byte', '\u001b[!p'],
	['the charset reset of tput sgr0', '\u001b(B'],
	['save and restore cursor', '\u001b7\u001b8'],
	['full reset', '\u001bc'],
	['a window title with spaces and umlauts, BEL', '\u001b]0;grüße an alle\u0007'],
	['a window title, ST', '\u001b]2;make: hello\u001b\\'],
	['a hyperlink', '\u001b]8;;https://example.org/a?b=c#d\u001b\\'],
	['a clipboard write', '\u001b]52;c;cm0gLXJmIH4=\u0007'],
	['a device control string', '\u001bP$qm\u001b\\'],
	['a C1 colour', '\u009b31m'],
	['a C1 title', '\u009d0;x\u009c']
] as const;

describe('safeText', () => {
	it('leaves ordinary text alone', () => {
		const text = 'error[E0425]: cannot find value `x`\n\t--> hello.rs:3:5 — “ä 李 👩 é”\n';
		expect(safeText(text)).toBe(text);
	});

	it.each(sequences)('takes %s out', (_name, sequence) => {
		expect(safeText(`a${sequence}b`)).toBe('ab');
	});

	it.each([
		['NUL', '\u0000', '\\x00'],
		['backspace', '\u0008', '\\x08'],
		['carriage return', '\r', '\\x0d'],
		['an escape character that begins nothing', '\u001b\u0001', '\\x1b\\x01'],
		['DEL', '\u007f', '\\x7f'],
		['a C1 control', '\u0085', '\\x85'],
		['right-to-left override', '\u202e', '\\u{202e}'],
		['isolate', '\u2066', '\\u{2066}'],
		['Arabic letter mark', '\u061c', '\\u{61c}'],
		['zero-width space', '\u200b', '\\u{200b}'],
		['zero-width joiner', '\u200d', '\\u{200d}'],
		['word joiner', '\u2060', '\\u{2060}'],
		['line separator', '\u2028', '\\u{2028}'],
		['byte-order mark', '\ufeff', '\\u{feff}'],
		['soft hyphen', '\u00ad', '\\xad'],
		['interlinear annotation', '\ufff9', '\\u{fff9}'],
		['a tag character', '\u{e0041}', '\\u{e0041}'],
		['a lone high surrogate', '\ud83d', '\\u{d83d}'],
		['a lone low surrogate', '\ude00', '\\u{de00}']
	])('writes %s out', (_name, character, written) => {
		expect(safeText(`a${character}b`)).toBe(`a${written}b`);
	});

	it('does not take a following line for a part of an unfinished title', () => {
		expect(safeText('\u001b]0;title\nerror: it failed\n')).toContain('\nerror: it failed\n');
	});

	it('shows what taking a sequence out of another one would put together', () => {
		expect(safeText('\u001b\u001b[0m[31mred')).toBe('\\x1b[31mred');
	});
});

describe('safeLine', () => {
	it('makes one line of several', () => {
		expect(safeLine('one\n\n\ttwo\tthree')).toBe('one two three');
	});

	it('cuts with an ellipsis at the limit', () => {
		expect(safeLine('abcdef', 6)).toBe('abcdef');
		expect(safeLine('abcdefg', 6)).toBe('abcde…');
	});

	it('does not cut a character in two', () => {
		for (let limit = 3; limit < 12; limit++) {
			const line = safeLine('👩👩👩👩👩👩👩👩', limit);
			expect(dangerIn(line)).toBeUndefined();
			expect(line.length).toBeLessThanOrEqual(limit);
			expect(line.endsWith('…')).toBe(true);
		}
	});

	it('says by an ellipsis that text is missing, even where escape sequences filled what was looked at', () => {
		const line = safeLine(`${'\u001b[31m'.repeat(50)}${'x'.repeat(300)}`, 20);
		expect(line).toBe(`${'x'.repeat(19)}…`);
	});

	it('is quick with a line of many megabytes', () => {
		const started = performance.now();
		expect(safeLine('\u001b[31mx'.repeat(2_000_000), 100)).toHaveLength(100);
		expect(performance.now() - started).toBeLessThan(500);
	});
});

describe('createSafeStream', () => {
	it('keeps carriage returns, which progress lines are made of', () => {
		expect(streamed([bytesOf(' 10%\r 20%\r\ndone\n')])).toBe(' 10%\r 20%\r\ndone\n');
	});

	it.each(sequences)('takes %s out, wherever it is cut', (_name, sequence) => {
		const bytes = bytesOf(`a${sequence}b`);
		for (let first = 0; first <= bytes.length; first++) {
			for (let second = first; second <= bytes.length; second++) {
				expect(streamed(cutAt(bytes, [first, second]))).toBe('ab');
			}
		}
	});

	it('puts a UTF-8 character together, wherever it is cut', () => {
		const text = 'ä€👩';
		const bytes = bytesOf(text);
		for (let first = 0; first <= bytes.length; first++) {
			for (let second = first; second <= bytes.length; second++) {
				expect(streamed(cutAt(bytes, [first, second]))).toBe(text);
			}
		}
	});

	it('shows invalid UTF-8 as replacement characters, and a character that never ends as well', () => {
		expect(streamed([Uint8Array.of(0x61, 0xff, 0x62)])).toBe('a\ufffdb');
		expect(streamed([Uint8Array.of(0x61, 0xe2, 0x82)])).toBe('a\ufffd');
	});

	it('shows an escape sequence that never ends', () => {
		expect(streamed([bytesOf('a\u001b'), bytesOf('[31')])).toBe('a\\x1b[31');
	});

	it('holds nothing back but the beginning of an escape sequence', () => {
		const stream = createSafeStream();
		expect(stream.push(bytesOf('no newline yet'))).toBe('no newline yet');
		expect(stream.push(bytesOf(' [1/2] \u001b['))).toBe(' [1/2] ');
		expect(stream.push(bytesOf('32mok'))).toBe('ok');
	});

	it('does not wait for ever for the end of a title', () => {
		const stream = createSafeStream();
		let given = stream.push(bytesOf('\u001b]0;'));
		for (let count = 0; count < 100; count++) given += stream.push(bytesOf('x'.repeat(100)));
		expect(given.length).toBeGreaterThan(5000);
		expect(dangerIn(given)).toBeUndefined();
	});
});

describe('made-up text', () => {
	const pieces = [
		...sequences.map(([, sequence]) => sequence),
		...['\u001b', '\u001b[', '\u001b]', '\u009b', '\u001b\\', '\u0007', '[', ']', ';', '31', 'm', '(', 'B', '\\'],
		...[
			'a',
			' ',
			'\n',
			'\t',
			'\r',
			'ä',
			'李',
			'👩',
			'\ud83d',
			'\ude00',
			'\u202e',
			'\u200b',
			'\u0000',
			'\u0085',
			'\u{e0041}'
		]
	];
	const madeUp = (random: (below: number) => number): string =>
		Array.from({length: 1 + random(12)}, () => pieces[random(pieces.length)]).join('');

	it('holds no dangerous character once it is safe', () => {
		const random = randomNumbers(1);
		for (let round = 0; round < 20_000; round++) {
			const text = madeUp(random);
			expect(dangerIn(safeText(text)), JSON.stringify(text)).toBeUndefined();
			const line = safeLine(text, 1 + random(20));
			expect(dangerIn(line), JSON.stringify(text)).toBeUndefined();
			expect(line).not.toMatch(/[\n\t]/);
		}
	});

	it('holds no dangerous character but carriage returns, and no other text, in pieces than as a whole', () => {
		const random = randomNumbers(2);
		for (let round = 0; round < 20_000; round++) {
			const bytes =
				random(4) === 0 ? Uint8Array.from({length: random(40)}, () => random(256)) : bytesOf(madeUp(random));
			const places = Array.from({length: random(5)}, () => random(bytes.length + 1)).sort((a, b) => a - b);
			const whole = streamed([bytes]);
			expect(streamed(cutAt(bytes, places)), JSON.stringify([Buffer.from(bytes).toString('latin1'), places])).toBe(
				whole
			);
			expect(dangerIn(whole, [0x0d])).toBeUndefined();
		}
	});
});
