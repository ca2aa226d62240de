import {describe, expect, it} from 'vitest';
import type {Config} from '../../src/kernel/config.ts';
import {conditionOf, joinKconfig, parseKconfig} from '../../src/kernel/kconfig.ts';
import {isMet} from '../../src/kernel/kconfig-expression.ts';
import {rustConditions} from '../../src/kernel/rust-conditions.ts';
import {rustSupport} from '../../src/kernel/rust-support.ts';
import {parseVersion} from '../../src/kernel/version.ts';
import {configOf, fixtureConfig, fixtureText} from './fixtures.ts';
import {type KconfigVersion, kconfigOf, kconfigVersions} from './kconfig-fixtures.ts';
import {random} from './mutations.ts';

/** Real configurations, with the version whose Kconfig files made them. 7.3-rc7 has the `config RUST` of 7.3.4. */
const kernels: readonly (readonly [path: string, version: KconfigVersion])[] = [
	['kernels/debian-6.1.192.config.gz', '6.1.192'],
	['kernels/debian-6.12.117-cloud.config.gz', '6.12.117'],
	['kernels/debian-6.12.117-rt.config.gz', '6.12.117'],
	['kernels/debian-6.12.117.auto.conf.gz', '6.12.117'],
	['kernels/lab-6.12/config', '6.12.117'],
	['kernels/debian-7.2.13.config.gz', '7.2.13'],
	['kernels/debian-7.2.13-cloud.config.gz', '7.2.13'],
	['kernels/debian-7.2.13-rt.config.gz', '7.2.13'],
	['kernels/debian-7.3-rc7.auto.conf.gz', '7.3.4'],
	['kernels/debian-7.3.4.headers-config.gz', '7.3.4']
];

const conditionsOf = (version: KconfigVersion): readonly string[] =>
	kconfigOf(version).definitionsOf('RUST')[0]?.depends ?? [];

/** A configuration with some options changed. */
const changed = (config: Config, changes: Readonly<Record<string, string>>): Config => {
	const options = new Map([
		...config.options,
		...Object.entries(changes).map(([symbol, value]) => [`CONFIG_${symbol}`, value] as const)
	]);
	return {...config, options, find: name => options.get(name)};
};

it.each(kconfigVersions)('the table has the conditions of init/Kconfig of %s', version => {
	const sorted = (texts: readonly string[]) => [...texts].sort();
	expect(sorted(rustConditions(parseVersion(version)))).toEqual(sorted(conditionsOf(version)));
});

describe.each(kernels)('%s', (path, version) => {
	const kconfig = kconfigOf(version);
	const real = fixtureConfig(path);

	it('init/Kconfig and the table say the same of it', () => {
		const own = rustSupport(real, version, kconfig);
		const table = rustSupport(real, version);
		expect(own.rust).toBe(table.rust);
		expect(own.conflicts.map(one => one.needs)).toEqual(table.conflicts.map(one => one.needs));
		expect(own.rules).toBe(own.rust === 'on' ? undefined : `init/Kconfig in /src/linux-${version}`);
		expect(table.rules).toBe(own.rust === 'on' ? undefined : `the table for Linux ${real.kernel ?? version}`);
	});

	/** One way to break each condition, and what is to be named. */
	const flips: Readonly<Record<string, readonly [changes: Record<string, string>, blamed: string]>> = {
		HAVE_RUST: [{HAVE_RUST: 'n'}, 'HAVE_RUST'],
		RUST_IS_AVAILABLE: [{RUST_IS_AVAILABLE: 'n'}, 'RUST_IS_AVAILABLE'],
		'!MODVERSIONS': [{MODVERSIONS: 'y'}, 'MODVERSIONS'],
		'!MODVERSIONS || GENDWARFKSYMS': [{MODVERSIONS: 'y', GENDWARFKSYMS: 'n'}, 'MODVERSIONS'],
		'!GCC_PLUGINS': [{GCC_PLUGINS: 'y'}, 'GCC_PLUGINS'],
		'!GCC_PLUGIN_RANDSTRUCT': [{GCC_PLUGIN_RANDSTRUCT: 'y'}, 'GCC_PLUGIN_RANDSTRUCT'],
		'!RANDSTRUCT': [{RANDSTRUCT: 'y'}, 'RANDSTRUCT'],
		'!SHADOW_CALL_STACK': [{SHADOW_CALL_STACK: 'y'}, 'SHADOW_CALL_STACK'],
		'!DEBUG_INFO_BTF || (PAHOLE_HAS_LANG_EXCLUDE && !LTO)': [{DEBUG_INFO_BTF: 'y', LTO: 'y'}, 'DEBUG_INFO_BTF'],
		'!CFI_CLANG': [{CFI_CLANG: 'y'}, 'CFI_CLANG'],
		'!CFI_CLANG || HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC': [
			{CFI_CLANG: 'y', HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC: 'n'},
			'CFI_CLANG'
		],
		'!CFI || HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC': [
			{CFI: 'y', HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC: 'n'},
			'CFI'
		],
		'!CALL_PADDING || RUSTC_VERSION >= 108100': [{CALL_PADDING: 'y', RUSTC_VERSION: '108000'}, 'CALL_PADDING'],
		'!KASAN || CC_IS_CLANG': [{KASAN: 'y', CC_IS_CLANG: 'n', MITIGATION_RETHUNK: 'n'}, 'KASAN'],
		'!KASAN_SW_TAGS': [{KASAN_SW_TAGS: 'y'}, 'KASAN_SW_TAGS'],
		'!KASAN_SW_TAGS || RUSTC_VERSION >= 109600': [{KASAN_SW_TAGS: 'y', RUSTC_VERSION: '109500'}, 'KASAN_SW_TAGS'],
		'!(MITIGATION_RETHUNK && KASAN) || RUSTC_VERSION >= 108300': [
			{MITIGATION_RETHUNK: 'y', KASAN: 'y', CC_IS_CLANG: 'y', RUSTC_VERSION: '108200'},
			'MITIGATION_RETHUNK'
		]
	};
	const fitting = changed(real, {
		RUST: 'n',
		HAVE_RUST: 'y',
		RUST_IS_AVAILABLE: 'y',
		MODVERSIONS: 'n',
		KASAN: 'n',
		PAHOLE_HAS_LANG_EXCLUDE: 'y',
		LTO: 'n',
		RUSTC_VERSION: '109701',
		CC_VERSION_TEXT: 'gcc'
	});

	it('with all that it needs, only the choice is missing', () => {
		expect(rustSupport(fitting, version, kconfig).conflicts.map(one => one.option)).toEqual(['CONFIG_RUST']);
	});

	it.each(conditionsOf(version))('with “%s” alone broken, that and nothing else is in the way', needs => {
		const [changes, blamed] = flips[needs] ?? [{}, `a way to break ${needs}`];
		for (const own of [kconfig, undefined]) {
			const {conflicts} = rustSupport(changed(fitting, changes), version, own);
			expect(conflicts).toEqual([
				{
					option: `CONFIG_${blamed}`,
					value: changes[blamed],
					needs,
					why: expect.stringMatching(/^[A-Zr].*\.$/),
					change: expect.stringMatching(/\w/)
				}
			]);
		}
	});
});

/** What Kconfig itself made of configurations with one thing changed: `make olddefconfig`, in the trees of 6.12.117, 7.2.13 and 7.3. */
const decided: readonly {kernel: KconfigVersion; name: string; options: string[]}[] = JSON.parse(
	fixtureText('kconfig/decided.json')
);

describe('what Kconfig itself decided', () => {
	const blamed: Readonly<Record<string, readonly string[]>> = {
		'no-rust': ['CONFIG_RUST'],
		'no-rustc': ['CONFIG_RUST_IS_AVAILABLE'],
		'no-bindgen': ['CONFIG_RUST_IS_AVAILABLE'],
		'gcc-no-bindgen': ['CONFIG_RUST_IS_AVAILABLE'],
		i386: ['CONFIG_HAVE_RUST'],
		kasan: ['CONFIG_KASAN'],
		'gcc-kasan': ['CONFIG_KASAN'],
		modversions: ['CONFIG_MODVERSIONS'],
		'gcc-modversions': ['CONFIG_MODVERSIONS'],
		'clang-lto-btf': ['CONFIG_DEBUG_INFO_BTF'],
		'clang-randstruct': ['CONFIG_MODVERSIONS', 'CONFIG_RANDSTRUCT'],
		'clang-modversions': ['CONFIG_MODVERSIONS'],
		'clang-no-rust': ['CONFIG_RUST'],
		'clang-no-rustc': ['CONFIG_RUST_IS_AVAILABLE'],
		'clang-no-bindgen': ['CONFIG_RUST_IS_AVAILABLE'],
		'clang-i386': ['CONFIG_HAVE_RUST']
	};

	it.each(decided)('$kernel $name', ({kernel, name, options}) => {
		const text = options.filter(line => line !== 'CONFIG_RUST=y').join('\n');
		const config = configOf(
			`# Linux/x86 ${kernel} Kernel Configuration\nCONFIG_CC_VERSION_TEXT="a compiler"\n${text}\n`
		);
		for (const own of [kconfigOf(kernel), undefined])
			expect(rustSupport(config, undefined, own).conflicts.map(one => one.option)).toEqual(
				options.includes('CONFIG_RUST=y') ? ['CONFIG_RUST'] : blamed[name]
			);
	});

	const changeOf = (name: string, option: string): string | undefined => {
		const one = decided.find(each => each.name === name);
		if (one === undefined) return undefined;
		const config = configOf(`CONFIG_CC_VERSION_TEXT="a compiler"\nCONFIG_MODULES=y\n${one.options.join('\n')}\n`);
		return rustSupport(config, one.kernel, kconfigOf(one.kernel)).conflicts.find(each => each.option === option)
			?.change;
	};

	it('an option that another one selects is turned off with it', () => {
		expect(changeOf('clang-randstruct', 'CONFIG_MODVERSIONS')).toBe(
			'CONFIG_MODVERSIONS=n and CONFIG_RANDSTRUCT_FULL=n'
		);
	});

	it('an option that nobody chooses is followed to those that decide it', () => {
		expect(changeOf('clang-randstruct', 'CONFIG_RANDSTRUCT')).toBe('CONFIG_RANDSTRUCT_NONE=y');
		expect(changeOf('clang-lto-btf', 'CONFIG_DEBUG_INFO_BTF')).toBe(
			'CONFIG_DEBUG_INFO_BTF=n, or CONFIG_LTO_CLANG_THIN=n'
		);
		expect(changeOf('i386', 'CONFIG_HAVE_RUST')).toBe('CONFIG_64BIT=y');
	});
});

it.each(kconfigVersions)('agrees with init/Kconfig of %s on any configuration', version => {
	const conditions = conditionsOf(version).map(conditionOf);
	const symbols = [...new Set(conditions.flatMap(({text}) => text.match(/[A-Z]\w+/g) ?? []))];
	const next = random(1);
	for (let round = 0; round < 500; round++) {
		const rustc = String(108000 + 100 * Math.floor(next() * 20));
		const values = new Map(
			symbols.map(symbol => [symbol, symbol === 'RUSTC_VERSION' ? rustc : next() < 0.5 ? 'y' : 'n'])
		);
		const text = [...values].map(([symbol, value]) => `CONFIG_${symbol}=${value}`).join('\n');
		const failing = conditions
			.filter(({expression}) => !isMet(expression, symbol => values.get(symbol)))
			.map(one => one.text);
		const {conflicts} = rustSupport(configOf(`CONFIG_CC_VERSION_TEXT="gcc"\n${text}`), version);
		expect(conflicts.map(conflict => conflict.needs).sort(), text).toEqual(
			failing.length > 0 ? [...failing].sort() : ['RUST']
		);
	}
});

describe('a kernel’s own Kconfig files win over its version', () => {
	const whole = (kernel: string, more: string) =>
		configOf(`# Linux/x86 ${kernel} Kernel Configuration\nCONFIG_CC_VERSION_TEXT="gcc"\nCONFIG_HAVE_RUST=y\n${more}\n`);
	const own = (text: string) => joinKconfig('/src', [{file: parseKconfig(text), depends: []}]);

	it('a vendor’s 6.12 that has what came with 6.14', () => {
		const config = whole('6.12.0', 'CONFIG_RUST_IS_AVAILABLE=y\nCONFIG_MODVERSIONS=y\nCONFIG_GENDWARFKSYMS=y');
		expect(rustSupport(config).conflicts.map(one => one.option)).toEqual(['CONFIG_MODVERSIONS']);
		expect(rustSupport(config, undefined, kconfigOf('7.2.13')).conflicts.map(one => one.option)).toEqual([
			'CONFIG_RUST'
		]);
	});

	it('a condition that no table knows is named as it stands', () => {
		const config = whole('6.12.0', 'CONFIG_VENDOR_THING=y');
		expect(
			rustSupport(config, undefined, own('config RUST\n\tbool "Rust"\n\tdepends on !VENDOR_THING if HAVE_RUST\n'))
		).toMatchObject({
			rust: 'off',
			conflicts: [
				{
					option: 'CONFIG_VENDOR_THING',
					value: 'y',
					needs: '!VENDOR_THING if HAVE_RUST',
					why: 'init/Kconfig in /src lets nobody choose Rust without it.',
					change: 'CONFIG_VENDOR_THING=n, or CONFIG_HAVE_RUST=n'
				}
			]
		});
	});

	it('a test of the tools whose result nobody wrote down is not taken for a no', () => {
		const kconfig = own('config RUST\n\tbool "Rust"\n\tdepends on HAVE_RUST\n\tdepends on $(rustc-option,-Zvendor)\n');
		const [conflict, ...more] = rustSupport(whole('6.12.0', ''), undefined, kconfig).conflicts;
		expect(more).toEqual([]);
		expect(conflict).toMatchObject({
			option: 'CONFIG_RUST',
			needs: '$(rustc-option,-Zvendor)',
			why: expect.stringContaining('may have kept Rust out')
		});
	});

	it('a source without the option RUST says so, and one before 6.1 that has it is believed', () => {
		expect(rustSupport(whole('5.15.0', ''), undefined, own('config MODULES\n\tbool "m"\n')).conflicts).toEqual([
			{option: 'CONFIG_RUST', value: 'n', needs: 'RUST', why: expect.stringContaining('/src has no option RUST')}
		]);
		expect(
			rustSupport(whole('5.15.0', ''), undefined, own('config RUST\n\tbool "Rust"\n\tdepends on CC_IS_CLANG\n'))
				.conflicts
		).toMatchObject([{option: 'CONFIG_CC_IS_CLANG'}]);
	});
});
