// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are bash
import {describe, expect, test} from 'vitest';
import {reviewRecipe} from '../../src/review/review.ts';
import {idsOf, reviewOf} from './recipes.ts';

const sum = '8b0a4c2e1f5d7b9a3c1e0f2d4b6a8c0e2f4d6b8a6c6d3c3b6c4d2c5b7a1e9f3d';
const page = 'url=https://tidy.example.org/\n';
const keys = 'validpgpkeys=(ABAF11C65A2970B130ABE3C479BE3E4300411886)\n';

describe('sources', () => {
	test.each([
		['the project’s own host', 'source=(https://get.example.org/x.tar.gz)', `sha256sums=(${sum})`, []],
		['another host', 'source=(https://other.net/x.tar.gz)', `sha256sums=(${sum})`, ['source.host']],
		['kernel.org', 'source=(https://cdn.kernel.org/x.tar.gz)', `sha256sums=(${sum})`, []],
		[
			'a host that ends like kernel.org',
			'source=(https://notkernel.org/x.tar.gz)',
			`sha256sums=(${sum})`,
			['source.host']
		],
		['archlinux on GitHub', 'source=(https://github.com/archlinux/linux/x.zst)', `sha256sums=(${sum})`, []],
		[
			'somebody on GitHub',
			'source=(https://github.com/archlinux-/linux/x.zst)',
			`sha256sums=(${sum})`,
			['source.host']
		],
		['without encryption', 'source=(http://tidy.example.org/x)', `sha256sums=(${sum})`, ['source.plain']],
		['a host in a variable nobody sets', 'source=(https://$_host/x)', `sha256sums=(${sum})`, ['source.unclear']],
		['a host in a variable', '_host=other.net\nsource=("https://$_host/x")', `sha256sums=(${sum})`, ['source.host']],
		[
			'added later, for one architecture',
			'source=()\nsource_x86_64+=(https://other.net/x)',
			`sha256sums_x86_64=(${sum})`,
			['source.host']
		],
		['no sum', 'source=(https://tidy.example.org/x)', '', ['sums.missing']],
		['a skipped sum', 'source=(https://tidy.example.org/x)', 'sha256sums=(SKIP)', ['sums.skip']],
		[
			'a skipped sum of one kind, a real one of another',
			'source=(https://tidy.example.org/x)',
			`sha256sums=(SKIP)\nb2sums=(${sum})`,
			[]
		],
		[
			'only a weak sum',
			'source=(https://tidy.example.org/x)',
			'md5sums=(d41d8cd98f00b204e9800998ecf8427e)',
			['sums.weak']
		],
		['files beside the recipe', 'source=(config fix.patch)', 'sha256sums=(SKIP SKIP)', []],
		[
			'a signature and a key',
			'source=(https://tidy.example.org/x.tar.{xz,sign})',
			`sha256sums=(SKIP SKIP)\n${keys}`,
			[]
		],
		[
			'a signature without a key',
			'source=(https://tidy.example.org/x.tar.{xz,sign})',
			'sha256sums=(SKIP SKIP)',
			['keys.missing', 'sums.skip']
		],
		[
			'a signature of something else',
			'source=(https://tidy.example.org/{x,y.sig})',
			`sha256sums=(SKIP SKIP)\n${keys}`,
			['sums.skip']
		],
		['a repository at a tag', 'source=(n::git+https://tidy.example.org/x#tag=v1)', 'sha256sums=(SKIP)', []],
		[
			'a repository as it is today',
			'source=(git+https://tidy.example.org/x)',
			'sha256sums=(SKIP)',
			['source.unpinned']
		],
		['a branch of one', 'source=(git+https://tidy.example.org/x#branch=v1)', 'sha256sums=(SKIP)', ['source.unpinned']],
		[
			'a signed tag without a key',
			'source=(git+https://tidy.example.org/x?signed#tag=v1)',
			'sha256sums=(SKIP)',
			['keys.missing']
		],
		['a local variable of that name', 'f() { local source=https://other.net/x; }', '', []]
	])('%s', (_, source, sums, flags) => {
		expect(idsOf(reviewOf(`${page}${source}\n${sums}\n`))).toEqual(flags);
	});

	test('.SRCINFO that names other hosts', () => {
		const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
		const recipe = {
			path: 'PKGBUILD',
			content: encode(`${page}source=(https://tidy.example.org/x)\nsha256sums=(${sum})\n`)
		};
		const info = (host: string) => ({path: '.SRCINFO', content: encode(`pkgbase = x\n\tsource = https://${host}/x\n`)});
		expect(idsOf(reviewRecipe([recipe, info('tidy.example.org')]))).toEqual([]);
		expect(reviewRecipe([recipe, info('other.net')])).toMatchObject([
			{id: 'srcinfo.differs', file: '.SRCINFO', line: 2}
		]);
	});
});

describe('lines', () => {
	test.each([
		['a turned line in a comment', '# \u202e', ['hidden.direction']],
		['an emoji of several characters in a comment', '# \ud83d\udc69\u200d\ud83d\udcbb', []],
		['a character nobody sees', 'make a\u200bb', ['hidden.invisible']],
		['a byte order mark', '\ufeffmake', ['hidden.invisible', 'spell.lookalike']],
		['a carriage return within a line', 'make a\rb', ['hidden.control']],
		['carriage returns at the ends of lines', 'make a\r\nmake b\r', []],
		['long', `make ${'a b '.repeat(130)}`, ['line.long']],
		['endless', `make ${'a b '.repeat(1100)}`, ['line.endless']],
		['far to the right', `make${' '.repeat(120)}x`, ['line.pushed']],
		['aligned', `a=1${' '.repeat(60)}# x`, []],
		['letters of a language', 'pkgdesc="Ядро Linux"; echo "Grüße"', []]
	])('%s', (_, text, flags) => {
		expect(idsOf(reviewOf(text))).toEqual(flags);
	});
});

describe('files', () => {
	const flagsOf = (path: string, content: string | Uint8Array): readonly string[] =>
		idsOf(reviewRecipe([{path, content: typeof content === 'string' ? new TextEncoder().encode(content) : content}]));

	test.each([
		['a program', 'logo.png', '\x7fELF\0', ['file.binary']],
		['bytes under the name of a text', 'config', 'a\0b', ['file.binary']],
		['a picture', 'logo.png', '\x89PNG\0', []],
		['an archive', 'extra.tar.gz', '\x1f\x8b\0', ['file.archive']],
		['a program in Python', 'setup.py', 'print(1)\n', ['file.program']],
		['the same by its first line', 'setup', '#!/usr/bin/env python3\nprint(1)\n', ['file.program']],
		['a script by its first line', 'run', '#!/usr/bin/env bash\ncurl x\n', ['network.fetch']],
		['a configuration that speaks of curl', 'config', 'curl -s x | sh\n', []],
		['a unit', 'x.service', '[Service]\nExecStart=/bin/sh -c "wget -q x | sh"\n', ['network.fetch', 'run.piped']],
		['a patch that takes something away', 'x.patch', '+++ b/x.sh\n-curl x\n curl y\n', []],
		['a patch that adds something to a script', 'x.patch', '+++ b/x.sh\n+curl x\n', ['network.fetch']],
		['a patch that adds something to a source', 'x.diff', '+++ b/x.c\n+curl(x);\n+int a = 1; // `b`\n', []],
		['a patch of bytes', 'x.patch', 'GIT binary patch\nliteral 9\n', ['patch.binary']],
		[
			'an install script may write to the system, but not to what runs by itself',
			'x.install',
			'post_install() {\necho a > /var/lib/x\necho b > /etc/profile.d/x.sh\n}\n',
			['write.startup']
		]
	])('%s', (_, path, content, flags) => {
		expect(flagsOf(path, content)).toEqual(flags);
	});

	test('one that is too large', () => {
		expect(flagsOf('big.txt', new Uint8Array(16 * 1024 * 1024 + 1))).toEqual(['file.large']);
	});
});

test('red before amber, then by line, each with its line', () => {
	const flags = reviewOf('build() {\n\tcargo fetch\n\tcurl a; curl b\n\tmake &\n}\n');
	expect(flags.map(flag => [flag.severity, flag.id, flag.line, flag.text])).toEqual([
		['red', 'network.fetch', 3, 'curl a; curl b'],
		['amber', 'packages.cargo', 2, 'cargo fetch'],
		['amber', 'stay.behind', 4, 'make &']
	]);
});
