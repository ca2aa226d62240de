import {describe, expect, it} from 'vitest';
import {conditionOf, defaultOf, joinKconfig, parseKconfig} from '../../src/kernel/kconfig.ts';
import {isMet} from '../../src/kernel/kconfig-expression.ts';
import {fixtureText} from './fixtures.ts';
import {damagedTexts} from './mutations.ts';

const one = (text: string) => parseKconfig(text).definitions[0];

describe('parseKconfig', () => {
	it('reads config RUST of 7.2.13 as it stands', () => {
		const file = parseKconfig(fixtureText('kconfig/7.2.13/init/Kconfig'));
		expect(file.definitions.find(definition => definition.symbol === 'RUST')).toEqual({
			symbol: 'RUST',
			prompt: true,
			depends: [
				'HAVE_RUST',
				'RUST_IS_AVAILABLE',
				'!MODVERSIONS || GENDWARFKSYMS',
				'!GCC_PLUGIN_RANDSTRUCT',
				'!RANDSTRUCT',
				'!DEBUG_INFO_BTF || (PAHOLE_HAS_LANG_EXCLUDE && !LTO)',
				'!CFI || HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC',
				'!KASAN || CC_IS_CLANG',
				'!KASAN_SW_TAGS || RUSTC_VERSION >= 109600'
			],
			defaults: [],
			selects: [
				{symbol: 'EXTENDED_MODVERSIONS', when: 'MODVERSIONS'},
				{symbol: 'CFI_ICALL_NORMALIZE_INTEGERS', when: 'CFI'}
			]
		});
		expect(file.sources).toEqual([
			{path: 'arch/Kconfig', depends: []},
			{path: 'kernel/module/Kconfig', depends: []}
		]);
	});

	it('menus, choices and ifs lend their conditions to what they hold, files included, until they end', () => {
		const file = parseKconfig(
			'menu "A"\n\tdepends on A\nif B\nchoice\n\tprompt "C"\n\tdepends on C\nconfig ONE\n\tbool "one"\n\tdepends on D\nendchoice\nsource "f"\nendif\nconfig TWO\n\tbool\nendmenu\nconfig THREE\n\tbool\n'
		);
		expect(file.definitions.map(({symbol, depends}) => [symbol, depends])).toEqual([
			['ONE', ['A', 'B', 'C', 'D']],
			['TWO', ['A']],
			['THREE', []]
		]);
		expect(file.sources).toEqual([{path: 'f', depends: ['A', 'B']}]);
	});

	it('what looks like Kconfig in a help text, a comment or a string is none of it', () => {
		const file = parseKconfig(
			'config ONE # config TWO\n\tbool "if # not a comment" if SHOWN\n\thelp\n\t  config TWO\n\n\t  depends on TWO\n\tdepends on A # but not B\n# config FOUR\n\nconfig THREE\n\tdef_bool $(success,echo "#" if x)\n---help---\n'
		);
		expect(file.definitions).toEqual([
			{symbol: 'ONE', prompt: true, depends: ['A', 'SHOWN'], defaults: [], selects: []},
			{symbol: 'THREE', prompt: false, depends: [], defaults: ['$(success,echo "#" if x)'], selects: []}
		]);
	});

	it('a prompt’s own condition does not count where there is a default', () => {
		expect(one('config ONE\n\tbool "one" if EXPERT\n\tdefault y\n')?.depends).toEqual([]);
	});

	it('a line goes on after a backslash', () => {
		const definition = one('config ONE\n\tbool "one"\n\tdepends on A || \\\n\t\t(B && \\\n\t\t C)\n');
		expect(definition?.depends.map(text => conditionOf(text).text)).toEqual(['A || (B && C)']);
	});

	it('depends on X if Y, which 7.x has', () => {
		const {text, expression} = conditionOf('!CFI if CC_IS_CLANG');
		expect(text).toBe('!CFI if CC_IS_CLANG');
		const met = (on: readonly string[]) => isMet(expression, symbol => (on.includes(symbol) ? 'y' : 'n'));
		expect([met(['CFI']), met(['CFI', 'CC_IS_CLANG']), met(['CC_IS_CLANG'])]).toEqual([true, false, true]);
	});

	it('takes any text', () => {
		for (const text of damagedTexts(fixtureText('kconfig/6.12.117/arch/Kconfig'), 2000)) {
			for (const definition of parseKconfig(text).definitions) {
				expect(definition.symbol).toMatch(/^\w+$/);
				for (const line of definition.depends) isMet(conditionOf(line).expression, () => 'y');
				for (const line of definition.defaults) isMet(defaultOf(definition, line), () => 'y');
			}
		}
	});
});

describe('joinKconfig', () => {
	it('a symbol that two files define has both, under what each is taken in with; who selects it is known', () => {
		const kconfig = joinKconfig('/src', [
			{file: parseKconfig('config A\n\tbool "a"\nconfig B\n\tbool\n\tselect A if X\n'), depends: []},
			{file: parseKconfig('config A\n\tbool\n\tdepends on Y\n'), depends: ['Z']}
		]);
		expect(kconfig.definitionsOf('A').map(({depends}) => depends)).toEqual([[], ['Z', 'Y']]);
		expect(kconfig.selectorsOf('A')).toEqual([{by: 'B', when: 'X'}]);
		expect(kconfig.definitionsOf('C')).toEqual([]);
	});
});
