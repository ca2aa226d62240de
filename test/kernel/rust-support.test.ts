import {describe, expect, it} from 'vitest';
import {isMet} from '../../src/kernel/kconfig-expression.ts';
import {rustSupport} from '../../src/kernel/rust-support.ts';
import {configOf, fixtureConfig, fixtureText} from './fixtures.ts';
import {damagedTexts, random} from './mutations.ts';

const optionsOf = (text: string, kernel?: string): readonly string[] =>
	rustSupport(configOf(text), kernel).conflicts.map(conflict => conflict.option);

/** A configuration of `kernel` in which nothing is wrong but that Rust was not chosen, and then `more`. */
const without = (kernel: string, more = ''): string =>
	`# Linux/x86 ${kernel} Kernel Configuration\nCONFIG_CC_VERSION_TEXT="gcc (GCC) 14.2.1"\nCONFIG_CC_IS_GCC=y\nCONFIG_HAVE_RUST=y\nCONFIG_RUST_IS_AVAILABLE=y\nCONFIG_RUSTC_VERSION=108500\n${more}`;

describe('real kernels', () => {
	it.each([
		'kernels/debian-7.2.13-cloud.config.gz',
		'kernels/debian-7.3-rc7.auto.conf.gz',
		'kernels/debian-7.3.4.headers-config.gz',
		'kernels/lab-6.12/config',
		'kernels/lab-6.12/auto.conf'
	])('%s has Rust', path => {
		expect(rustSupport(fixtureConfig(path))).toMatchObject({rust: 'on', conflicts: []});
	});

	it('Debian 6.1: the tools were missing, and symbols have versions', () => {
		expect(rustSupport(fixtureConfig('kernels/debian-6.1.192.config.gz'), '6.1.0-56-amd64')).toEqual({
			rust: 'off',
			kernel: '6.1.192',
			conflicts: [
				{
					option: 'CONFIG_RUST_IS_AVAILABLE',
					value: 'n',
					needs: 'RUST_IS_AVAILABLE',
					why: expect.stringContaining('missing when this kernel was configured')
				},
				{
					option: 'CONFIG_MODVERSIONS',
					value: 'y',
					needs: '!MODVERSIONS',
					why: expect.stringContaining('symbol versions')
				}
			]
		});
	});

	it.each(['kernels/debian-6.12.117-cloud.config.gz', 'kernels/debian-6.12.117.auto.conf.gz'])(
		'%s: CALL_PADDING is not to blame where no rustc was found',
		path => {
			const {rust, conflicts} = rustSupport(fixtureConfig(path));
			expect(rust).toBe('off');
			expect(conflicts.map(conflict => conflict.option)).toEqual(['CONFIG_RUST_IS_AVAILABLE', 'CONFIG_MODVERSIONS']);
		}
	);

	it.each([
		['CONFIG_RUST=y', '# CONFIG_RUST is not set'],
		['CONFIG_RUST=y', '']
	])('a real configuration with %s taken out, as %j, has no conflict but that it was not chosen', (line, instead) => {
		for (const path of [
			'kernels/debian-7.2.13-cloud.config.gz',
			'kernels/debian-7.3.4.headers-config.gz',
			'kernels/lab-6.12/config'
		]) {
			const support = rustSupport(configOf(fixtureText(path).replace(`${line}\n`, `${instead}\n`)));
			expect(support.rust, path).toBe('off');
			expect(support.conflicts, path).toEqual([
				{option: 'CONFIG_RUST', value: 'n', needs: 'RUST', why: expect.stringContaining('not chosen')}
			]);
		}
	});
});

describe('conditions by version', () => {
	it.each([
		// Symbol versions, and from 6.14 a way to have them.
		['6.13.12', 'CONFIG_MODVERSIONS=y', ['CONFIG_MODVERSIONS']],
		['6.14.0', 'CONFIG_MODVERSIONS=y', ['CONFIG_MODVERSIONS']],
		['6.14.0', 'CONFIG_MODVERSIONS=y\nCONFIG_GENDWARFKSYMS=y', ['CONFIG_RUST']],
		['6.13.0', 'CONFIG_MODVERSIONS=y\nCONFIG_GENDWARFKSYMS=y', ['CONFIG_MODVERSIONS']],
		// GCC plugins, and from 6.12 only the one that shuffles structures.
		['6.11.11', 'CONFIG_GCC_PLUGINS=y', ['CONFIG_GCC_PLUGINS']],
		['6.12.0', 'CONFIG_GCC_PLUGINS=y', ['CONFIG_RUST']],
		['6.12.0', 'CONFIG_GCC_PLUGINS=y\nCONFIG_GCC_PLUGIN_RANDSTRUCT=y', ['CONFIG_GCC_PLUGIN_RANDSTRUCT']],
		['6.2.0', 'CONFIG_RANDSTRUCT=y', ['CONFIG_RANDSTRUCT']],
		['7.3.4', 'CONFIG_RANDSTRUCT=y', ['CONFIG_RANDSTRUCT']],
		// BTF.
		['6.1.5', 'CONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_HAS_LANG_EXCLUDE=y', ['CONFIG_DEBUG_INFO_BTF']],
		['6.1.192', 'CONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_HAS_LANG_EXCLUDE=y', ['CONFIG_RUST']],
		['6.2.16', 'CONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_HAS_LANG_EXCLUDE=y', ['CONFIG_DEBUG_INFO_BTF']],
		['6.3.0', 'CONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_HAS_LANG_EXCLUDE=y', ['CONFIG_RUST']],
		['6.3.0', 'CONFIG_DEBUG_INFO_BTF=y', ['CONFIG_DEBUG_INFO_BTF']],
		['6.12.0', 'CONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_HAS_LANG_EXCLUDE=y\nCONFIG_LTO=y', ['CONFIG_RUST']],
		['6.12.117', 'CONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_HAS_LANG_EXCLUDE=y\nCONFIG_LTO=y', ['CONFIG_DEBUG_INFO_BTF']],
		['7.2.13', 'CONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_HAS_LANG_EXCLUDE=y\nCONFIG_LTO=y', ['CONFIG_DEBUG_INFO_BTF']],
		// Control flow integrity: not at all, then with the compiler's help, then under a new name.
		['6.8.0', 'CONFIG_CFI_CLANG=y', ['CONFIG_RUST']],
		['6.9.0', 'CONFIG_CFI_CLANG=y\nCONFIG_HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC=y', ['CONFIG_CFI_CLANG']],
		['6.12.0', 'CONFIG_CFI_CLANG=y', ['CONFIG_CFI_CLANG']],
		['6.12.0', 'CONFIG_CFI_CLANG=y\nCONFIG_HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC=y', ['CONFIG_RUST']],
		['7.2.13', 'CONFIG_CFI=y', ['CONFIG_CFI']],
		['7.2.13', 'CONFIG_CFI=y\nCONFIG_HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC=y', ['CONFIG_RUST']],
		// What a newer rustc allows.
		['6.12.0', 'CONFIG_CALL_PADDING=y\nCONFIG_RUSTC_VERSION=108000', ['CONFIG_CALL_PADDING']],
		['6.12.0', 'CONFIG_CALL_PADDING=y\nCONFIG_RUSTC_VERSION=108100', ['CONFIG_RUST']],
		['7.1.0', 'CONFIG_CALL_PADDING=y\nCONFIG_RUSTC_VERSION=108000', ['CONFIG_RUST']],
		[
			'6.18.0',
			'CONFIG_MITIGATION_RETHUNK=y\nCONFIG_KASAN=y\nCONFIG_RUSTC_VERSION=108200',
			['CONFIG_MITIGATION_RETHUNK']
		],
		['6.18.0', 'CONFIG_MITIGATION_RETHUNK=y\nCONFIG_RUSTC_VERSION=108200', ['CONFIG_RUST']],
		['7.2.0', 'CONFIG_KASAN=y', ['CONFIG_KASAN']],
		['7.2.0', 'CONFIG_KASAN=y\nCONFIG_CC_IS_CLANG=y', ['CONFIG_RUST']],
		['7.0.0', 'CONFIG_KASAN_SW_TAGS=y\nCONFIG_RUSTC_VERSION=109700', ['CONFIG_KASAN_SW_TAGS']],
		['7.2.0', 'CONFIG_KASAN_SW_TAGS=y\nCONFIG_RUSTC_VERSION=109700', ['CONFIG_RUST']],
		['6.11.0', 'CONFIG_SHADOW_CALL_STACK=y', ['CONFIG_SHADOW_CALL_STACK']],
		['6.12.0', 'CONFIG_SHADOW_CALL_STACK=y', ['CONFIG_RUST']]
	])('%s with %j: %j', (kernel, more, expected) => {
		expect(optionsOf(without(kernel, more))).toEqual(expected);
	});

	it('every version has one rule for symbol versions and one for BTF, also within the stable series', () => {
		const series = [...Array.from({length: 18}, (_, minor) => `6.${minor + 1}`), '6.19', '7.0', '7.1', '7.2', '7.3'];
		for (const kernel of series.flatMap(minor => Array.from({length: 200}, (_, patch) => `${minor}.${patch}`)))
			expect(optionsOf(without(kernel, 'CONFIG_MODVERSIONS=y\nCONFIG_DEBUG_INFO_BTF=y')), kernel).toEqual([
				'CONFIG_MODVERSIONS',
				'CONFIG_DEBUG_INFO_BTF'
			]);
	});

	it('names every conflict, in the order of init/Kconfig', () => {
		const text = without(
			'6.6.0',
			'CONFIG_MODVERSIONS=y\nCONFIG_GCC_PLUGINS=y\nCONFIG_RANDSTRUCT=y\nCONFIG_DEBUG_INFO_BTF=y\n'
		);
		expect(optionsOf(text)).toEqual([
			'CONFIG_MODVERSIONS',
			'CONFIG_GCC_PLUGINS',
			'CONFIG_RANDSTRUCT',
			'CONFIG_DEBUG_INFO_BTF'
		]);
	});

	it('says that a kernel before 6.1 has none, whatever else is set', () => {
		const support = rustSupport(configOf(without('5.10.0', 'CONFIG_MODVERSIONS=y')));
		expect(support).toMatchObject({
			rust: 'off',
			kernel: '5.10.0',
			conflicts: [{option: 'CONFIG_HAVE_RUST', why: expect.stringContaining('6.1')}]
		});
	});

	it('says that an architecture has none', () => {
		expect(optionsOf(without('6.6.0').replace('CONFIG_HAVE_RUST=y\n', ''))).toEqual(['CONFIG_HAVE_RUST']);
	});
});

/** The `depends on` of `config RUST`, from init/Kconfig of Debian's linux-source packages (7.2.13 has the lines of 7.3.4). */
const kconfig: Readonly<Record<string, readonly string[]>> = {
	'6.1.192': [
		'HAVE_RUST',
		'RUST_IS_AVAILABLE',
		'!CFI_CLANG',
		'!MODVERSIONS',
		'!GCC_PLUGINS',
		'!RANDSTRUCT',
		'!SHADOW_CALL_STACK',
		'!DEBUG_INFO_BTF || (PAHOLE_HAS_LANG_EXCLUDE && !LTO)'
	],
	'6.12.117': [
		'HAVE_RUST',
		'RUST_IS_AVAILABLE',
		'!MODVERSIONS',
		'!GCC_PLUGIN_RANDSTRUCT',
		'!RANDSTRUCT',
		'!DEBUG_INFO_BTF || (PAHOLE_HAS_LANG_EXCLUDE && !LTO)',
		'!CFI_CLANG || HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC',
		'!CALL_PADDING || RUSTC_VERSION >= 108100',
		'!KASAN || CC_IS_CLANG',
		'!KASAN_SW_TAGS',
		'!(MITIGATION_RETHUNK && KASAN) || RUSTC_VERSION >= 108300'
	],
	'7.3.4': [
		'HAVE_RUST',
		'RUST_IS_AVAILABLE',
		'!MODVERSIONS || GENDWARFKSYMS',
		'!GCC_PLUGIN_RANDSTRUCT',
		'!RANDSTRUCT',
		'!DEBUG_INFO_BTF || (PAHOLE_HAS_LANG_EXCLUDE && !LTO)',
		'!CFI || HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC',
		'!KASAN || CC_IS_CLANG',
		'!KASAN_SW_TAGS || RUSTC_VERSION >= 109600'
	]
};

it.each(['6.1.192', '6.12.117', '7.2.13', '7.3.4'])('agrees with init/Kconfig of %s on any configuration', kernel => {
	const lines = kconfig[kernel === '7.2.13' ? '7.3.4' : kernel] ?? [];
	const symbols = [...new Set(lines.flatMap(line => line.match(/[A-Z]\w+/g) ?? []))];
	const next = random(1);
	for (let round = 0; round < 2000; round++) {
		const rustc = String(108000 + 100 * Math.floor(next() * 20));
		const values = new Map(
			symbols.map(symbol => [symbol, symbol === 'RUSTC_VERSION' ? rustc : next() < 0.5 ? 'y' : 'n'])
		);
		const text = [...values].map(([symbol, value]) => `CONFIG_${symbol}=${value}`).join('\n');
		const failing = lines.filter(line => !isMet(line, symbol => values.get(symbol)));
		const conflicts = rustSupport(configOf(`CONFIG_CC_VERSION_TEXT="gcc"\n${text}`), kernel).conflicts;
		expect(conflicts.map(conflict => conflict.needs).sort(), text).toEqual(
			failing.length > 0 ? [...failing].sort() : ['RUST']
		);
	}
});

describe('without a header', () => {
	const headless = without('6.6.0').replace(/^#.*\n/, '');

	it('uses the version it is given', () => {
		expect(optionsOf(`${headless}CONFIG_GCC_PLUGINS=y\n`, '6.6.87-1-lts')).toEqual(['CONFIG_GCC_PLUGINS']);
		expect(optionsOf(`${headless}CONFIG_GCC_PLUGINS=y\n`, '6.18.2-arch1-1')).toEqual(['CONFIG_RUST']);
	});

	it('with no version at all looks at the conditions every version has', () => {
		const support = rustSupport(configOf(`${headless}CONFIG_GCC_PLUGINS=y\nCONFIG_RANDSTRUCT=y\n`));
		expect(support).toMatchObject({rust: 'off', conflicts: [{option: 'CONFIG_RANDSTRUCT'}]});
		expect(support.kernel).toBeUndefined();
	});

	it('is unknown where only a few options are there', () => {
		expect(rustSupport(configOf('CONFIG_MODULES=y\n'))).toEqual({rust: 'unknown', conflicts: []});
		expect(rustSupport(configOf('# CONFIG_RUST is not set\n')).rust).toBe('off');
	});
});

it('takes any damaged configuration', () => {
	for (const text of damagedTexts(without('6.12.117', 'CONFIG_MODVERSIONS=y\nCONFIG_KASAN=y\n'), 2000)) {
		try {
			configOf(text);
		} catch {
			continue;
		}
		const support = rustSupport(configOf(text));
		expect(support.conflicts.length > 0).toBe(support.rust === 'off');
	}
});
