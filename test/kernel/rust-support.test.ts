import {describe, expect, it} from 'vitest';
import {rustSupport} from '../../src/kernel/rust-support.ts';
import {configOf, fixtureConfig, fixtureText} from './fixtures.ts';
import {damagedTexts} from './mutations.ts';

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
			rules: 'the table for Linux 6.1.192',
			notes: [expect.stringContaining('CONFIG_HAVE_RUST=y')],
			conflicts: [
				{
					option: 'CONFIG_RUST_IS_AVAILABLE',
					value: 'n',
					needs: 'RUST_IS_AVAILABLE',
					why: expect.stringContaining('missing when this kernel was configured'),
					change: expect.stringContaining('rustavailable')
				},
				{
					option: 'CONFIG_MODVERSIONS',
					value: 'y',
					needs: '!MODVERSIONS',
					why: expect.stringContaining('Symbol versions'),
					change: 'CONFIG_MODVERSIONS=n'
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
				{
					option: 'CONFIG_RUST',
					value: 'n',
					needs: 'RUST',
					why: expect.stringContaining('not chosen'),
					change: 'CONFIG_RUST=y'
				}
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

	it.each([
		['7.2.0', 'CONFIG_MODVERSIONS=y', 'CONFIG_MODVERSIONS=n, or CONFIG_GENDWARFKSYMS=y'],
		['6.12.0', 'CONFIG_CALL_PADDING=y\nCONFIG_RUSTC_VERSION=108000', 'CONFIG_CALL_PADDING=n, or rustc 1.81.0 or newer'],
		[
			'7.2.0',
			'CONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_VERSION=123\nCONFIG_LTO=y',
			'CONFIG_DEBUG_INFO_BTF=n, or pahole 1.24 or newer and CONFIG_LTO_NONE=y'
		],
		['7.2.0', 'CONFIG_RANDSTRUCT=y\nCONFIG_RANDSTRUCT_FULL=y', 'CONFIG_RANDSTRUCT_NONE=y'],
		['7.2.0', 'CONFIG_KASAN=y', 'CONFIG_KASAN=n, or a kernel compiled by clang (make LLVM=1)'],
		[
			'6.18.0',
			'CONFIG_MITIGATION_RETHUNK=y\nCONFIG_KASAN=y\nCONFIG_RUSTC_VERSION=108200',
			'CONFIG_MITIGATION_RETHUNK=n, or CONFIG_KASAN=n, or rustc 1.83.0 or newer'
		]
	])('%s with %j would have Rust with %s', (kernel, more, change) => {
		expect(rustSupport(configOf(without(kernel, more))).conflicts.map(one => one.change)).toEqual([change]);
	});

	it('HAVE_RUST=y with Rust off is explained, and only then', () => {
		expect(rustSupport(configOf(without('6.6.0'))).notes).toEqual([expect.stringContaining('CONFIG_HAVE_RUST=y')]);
		expect(rustSupport(configOf(without('6.6.0').replace('CONFIG_HAVE_RUST=y\n', ''))).notes).toEqual([]);
		expect(rustSupport(configOf(without('6.6.0', 'CONFIG_RUST=y'))).notes).toEqual([]);
	});

	it('says that an architecture has none', () => {
		expect(optionsOf(without('6.6.0').replace('CONFIG_HAVE_RUST=y\n', ''))).toEqual(['CONFIG_HAVE_RUST']);
	});
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
		expect(rustSupport(configOf('CONFIG_MODULES=y\n'))).toEqual({rust: 'unknown', conflicts: [], notes: []});
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
