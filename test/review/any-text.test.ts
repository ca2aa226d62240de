// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are bash
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {reviewRecipe} from '../../src/review/review.ts';
import {cpuTimeOf} from '../support/cpu-time.ts';
import {filesIn, reviewOf, root} from './recipes.ts';

/** A generator of numbers that gives the same ones each time (mulberry32). */
function numbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

const pieces = [
	...'\'"`$(){}[]<>|&;\\#=+!@?*~,. \n\t\0\r',
	...[
		'$(',
		'${',
		'$((',
		'))',
		'<<A',
		'\nA\n',
		'<<<',
		"$'\\x41",
		'case x in',
		'esac',
		';;',
		'for x in',
		'do',
		'done',
		'if',
		'fi'
	],
	...[
		'a=(',
		'a+=b',
		'$a',
		'${a[@]}',
		'${a:1:2}',
		'${!a}',
		'f() {',
		'eval',
		'bash -c',
		'curl',
		'source=(',
		'é',
		'\ud800',
		'{a,b}',
		'[[',
		']]',
		'(('
	]
];

describe('any text at all', () => {
	test('is read to its end, and every flag names a line that is there', () => {
		const next = numbers(7);
		for (let round = 0; round < 1000; round++) {
			const text = Array.from(
				{length: 1 + Math.floor(next() * 60)},
				() => pieces[Math.floor(next() * pieces.length)]
			).join(next() < 0.5 ? '' : ' ');
			for (const path of ['PKGBUILD', 'x.patch']) {
				const shown = path === 'PKGBUILD' ? text : `+++ b/x.sh\n+${text.replaceAll('\n', '\n+')}`;
				const lines = shown.split('\n').length;
				for (const flag of reviewOf(shown, path)) {
					expect(flag.line).toBeGreaterThanOrEqual(1);
					expect(flag.line).toBeLessThanOrEqual(lines);
				}
			}
		}
	});

	test('a real recipe, broken at any place', () => {
		const [recipe] = filesIn(join(root, 'test/fixtures/review/honest/linux-rust-2025')).filter(
			one => one.path === 'PKGBUILD'
		);
		const text = new TextDecoder().decode(recipe?.content);
		const next = numbers(11);
		for (let round = 0; round < 120; round++) {
			const at = Math.floor(next() * text.length);
			const piece = pieces[Math.floor(next() * pieces.length)] ?? '';
			reviewOf(text.slice(0, at) + piece + text.slice(at + Math.floor(next() * 3)));
			reviewOf(text.slice(0, at));
		}
	});

	test('bytes that are no text', () => {
		const next = numbers(13);
		for (let round = 0; round < 200; round++) {
			const content = Uint8Array.from({length: 500}, () => 1 + Math.floor(next() * 255));
			expect(Array.isArray(reviewRecipe([{path: 'PKGBUILD', content}]))).toBe(true);
		}
	});

	test('a command in front of it is seen whatever follows', () => {
		const next = numbers(17);
		for (let round = 0; round < 500; round++) {
			const tail = Array.from({length: 20}, () => pieces[Math.floor(next() * pieces.length)]).join(' ');
			expect(reviewOf(`curl -s x\n${tail}`).map(flag => `${flag.id}:${flag.line}`)).toContain('network.fetch:1');
		}
	});
});

describe('a megabyte takes seconds, where time that grows with the square would take minutes', () => {
	const megabyte = (text: string): string => text.repeat(Math.ceil(1_000_000 / text.length));
	const recipe = readFileSync(join(root, 'test/fixtures/review/honest/linux-rust-2022/PKGBUILD'), 'utf8');

	test.each([
		['of a recipe', megabyte(recipe)],
		['on one line', megabyte('a')],
		['of substitutions that open', megabyte('$(')],
		['of here-documents', megabyte('cat <<A <<B\n')],
		['of variables made of each other', megabyte('b=$a$a; a=$b$b; $a\n')],
		['of braces', megabyte('{a,b}')],
		['of elements', `source=(${megabyte('https://a.b/c ')})\nsha256sums=(${megabyte('SKIP ')})`],
		['of options', `python ${megabyte('-c ')}`]
	])(
		'%s',
		(_, text) => {
			expect(cpuTimeOf(() => reviewOf(text))).toBeLessThan(15_000);
		},
		60_000
	);
});
