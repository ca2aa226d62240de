import {describe, expect, it} from 'vitest';
import {readTomlStrings} from '../../src/toolchain/toml.ts';
import {damagedTexts} from '../kernel/mutations.ts';

const read = (text: string): readonly string[] | undefined =>
	readTomlStrings(text)?.map(({table, key, value}) => `${[...table, key].join('|')}=${value}`);

describe('readTomlStrings', () => {
	it.each([
		['', []],
		['# nothing\n\n', []],
		['a = "x"', ['a=x']],
		['a="x" # why\nb = \'C:\\new\'\r\n', ['a=x', 'b=C:\\new']],
		['[t]\na = "x"\n[t.u]\nb = "y"\n[[v]]\nc = "z"', ['t|a=x', 't|u|b=y', 'v|c=z']],
		['[ t . "u.v" ]\n"a b" = "x"', ['t|u.v|a b=x']],
		['t.a = "x"\n[t]\nu."b" = "y"', ['t|a=x', 't|u|b=y']],
		['a = "tab\\t quote\\" back\\\\ \\u00fc \\U0001F980"', ['a=tab\t quote" back\\ ü 🦀']],
		['a = 1\nb = true\nc = 1979-05-27T07:32:00Z\nd = -1.5e3\ne = "x"', ['e=x']],
		['a = ["x", "]", # ] not the end\n  [1, 2],\n]\nb = "y"', ['b=y']],
		['a = {b = "x", c = [1]}\nd = "y"', ['d=y']],
		['a = """\nb = "no"\n"""\nc = "x"', ['c=x']],
		["a = '''\nb = \"no\"\n'''\nc = 'x'", ['c=x']],
		['\ufeffa = "x"', ['a=x']]
	])('%j', (text, expected) => {
		expect(read(text)).toEqual(expected);
	});

	it.each([
		'a',
		'a =',
		'a = "x',
		'a = "x" y',
		'[t',
		'[]',
		'= "x"',
		'a = ["x"',
		'a = """x',
		'a = ]',
		'nightly-2026-04-15',
		'a = "x"b = "y"'
	])('%j is not TOML', text => {
		expect(read(text)).toBeUndefined();
	});

	it('takes any text, quickly', () => {
		const start = performance.now();
		const original =
			'# c\n[t]\na = "x\\n"\nb = \'y\'\nc = ["1", """2""", {d = 3}]\n[overrides]\n"/home/a b" = "stable"\n';
		for (const text of damagedTexts(original, 20_000)) readTomlStrings(text);
		for (const hostile of [
			'a = [',
			'"""',
			'a.',
			'[a]\n',
			'a = """',
			"a = [''', ",
			'\\"',
			'a = {',
			' ',
			'#',
			'a = ["x", '
		])
			for (const tail of ['', '\n', '"', ']']) readTomlStrings(hostile.repeat(50_000) + tail);
		expect(performance.now() - start).toBeLessThan(10_000);
	});
});
