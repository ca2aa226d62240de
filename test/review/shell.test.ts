// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are bash
import {describe, expect, test} from 'vitest';
import {createResolver} from '../../src/review/resolve.ts';
import {parseShell} from '../../src/review/shell.ts';
import type {Command} from '../../src/review/shell-syntax.ts';

/** Each command's fields, as bash would see them where the text says so. */
function fieldsOf(text: string): readonly (readonly string[])[] {
	const {commands} = parseShell(text);
	const resolver = createResolver(commands);
	return commands.filter(one => one.words.length > 0).map(one => one.words.flatMap(word => resolver.fields(word)));
}

describe('words', () => {
	test.each([
		['quotes', `a 'b c' "d 'e' f" g\\ h`, ['a', 'b c', "d 'e' f", 'g h']],
		['quotes within a word', `'b''u''n' c""url w"ge"t`, ['bun', 'curl', 'wget']],
		["escapes of $'…'", `$'\\x63\\165\\u0072l\\n'`, ['curl\n']],
		['a line that goes on', 'cu\\\nrl \\\n-s', ['curl', '-s']],
		['comments, and # within a word', 'a#b # c d', ['a#b']],
		['braces', 'x{a,b}{1,2} {c} "{d,e}"', ['xa1', 'xa2', 'xb1', 'xb2', '{c}', '{d,e}']],
		['what only a run tells', 'a $b "${c}/d" $(e) $((1 + (2)))', ['a', '$b', '$c/d', '$()', '$(())']],
		['patterns with brackets', 'rm @(a|b) c', ['rm', '@(a|b)', 'c']]
	])('%s', (_, text, fields) => {
		expect(fieldsOf(text)[0]).toEqual(fields);
	});

	test.each([
		['a variable', 'a=cu; ${a}rl', ['curl']],
		['one that is set further down', 'f() { $a; }; a=curl', ['curl']],
		['unquoted blanks make fields, quoted ones do not', 'a="b c"; $a "$a"', ['b', 'c', 'b c']],
		['an array', 'a=(curl -s "x y"); "${a[@]}"', ['curl', '-s', 'x y']],
		['an element', 'a=(rl cu); "${a[1]}${a[0]}"', ['curl']],
		['more for an array', 'a=(curl); a+=(-s); ${a[@]}', ['curl', '-s']],
		['more for a text', 'a=cu; a+=rl; $a', ['curl']],
		['a piece', 'a=xcurlx; ${a:1:4}', ['curl']],
		['another case', 'a=CURL; ${a,,}', ['curl']],
		['a replacement', 'a=cXrl; ${a/X/u}', ['curl']],
		['a name in a variable', 'b=curl; a=b; ${!a}', ['curl']],
		['a default', '${nothing:-curl}', ['curl']],
		['ends cut off', 'a=v6.1.tar; ${a#v} ${a%.tar} ${a##*.} ${a%%.*}', ['6.1.tar', 'v6.1', 'tar', 'v6']]
	])('%s', (_, text, fields) => {
		expect(fieldsOf(text).at(-1) ?? []).toEqual(fields);
	});
});

describe('commands', () => {
	const named = (text: string): readonly string[] => fieldsOf(text).map(([name = '']) => name);

	test.each([
		['lists', 'a; b && c || d & e | f |& g', ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
		[
			'if and loops',
			'if a; then b; elif c; then d; else e; fi; while f; do g; done; until h; do i; done',
			[...'abcdefghi']
		],
		['for', 'for x in curl wget; do a; done; for ((i = 0; i < 3; i++)); do b; done', ['a', 'b']],
		[
			'case: patterns are no commands',
			'case x in curl | wget) a ;; (npm) b ;& *) c; esac; d',
			['case', 'a', 'b', 'c', 'd']
		],
		['functions', 'f() { a; }; function g { b; }; function h() ( c ); d', [...'abcd']],
		['subshells and groups', '(a; (b)); { c; }; ! d', [...'abcd']],
		['tests', '[[ curl == wget && -e npm || ( a < b ) ]] && c', ['[[', 'c']],
		['settings before a command', 'A=1 B=2 a', ['a']],
		['redirections', '> x a < y 2>&1 b &> z', ['a']]
	])('%s', (_, text, names) => {
		expect(named(text)).toEqual(names);
	});

	test('here-documents are no commands, and the line behind them is', () => {
		const {commands} = parseShell("cat <<A <<-'B' | b\ncurl $(c)\nA\n\twget\n\tB\nd\n");
		expect(commands.map(one => [one.words[0]?.raw, one.line])).toEqual([
			['cat', 1],
			['b', 1],
			['d', 6]
		]);
		expect(commands[0]?.redirections.map(one => one.target.raw)).toEqual(['curl $(c)\n', '\twget\n']);
		expect(commands[0]?.redirections[0]?.target.parts.some(part => part.kind === 'substitution')).toBe(true);
	});

	test('which function and line a command stands in, what is piped into it, what goes on', () => {
		const [make, sh, sleep, top] = parseShell('build() {\n\tmake |\n\t\tsh\n\tsleep 1 &\n}\ntop\n').commands as [
			Command,
			Command,
			Command,
			Command
		];
		expect([make, sh, sleep, top].map(one => [one.inFunction, one.line, one.piped, one.background])).toEqual([
			['build', 2, false, false],
			['build', 3, true, false],
			['build', 4, false, true],
			[undefined, 6, false, false]
		]);
	});

	test('arrays, with comments, keys and several lines', () => {
		const {commands} = parseShell('a=(b # c\n [x]=d\n "e f"\n)\ng');
		expect(commands[0]?.assignments.map(one => [one.name, one.as, one.words.map(word => word.raw)])).toEqual([
			['a', 'array', ['b', 'd', '"e f"']]
		]);
		expect(commands[1]?.words[0]?.raw).toBe('g');
	});

	test('substitutions hold commands: $(…), backticks, <(…), ${ …; }, and within arithmetic and defaults', () => {
		const inner = (text: string): readonly string[] =>
			parseShell(text).commands.flatMap(one =>
				one.words.flatMap(word =>
					word.parts.flatMap(part =>
						part.kind === 'substitution' ? part.commands.map(own => own.words[0]?.raw ?? '') : []
					)
				)
			);
		expect(inner('a $(b "$(c)"; d) `e \\`f\\`` <(g) ${ h; }')).toEqual(['b', 'd', 'e', 'g', 'h']);
		expect(inner('a $((b); (c))')).toEqual(['b', 'c']);
	});
});
