import {type Config, option} from './config.ts';
import {isMet} from './kconfig-expression.ts';
import {atLeast, parseVersion, type Version} from './version.ts';

/** An option that keeps Rust out of a kernel. */
export type RustConflict = {
	/** With its `CONFIG_` prefix. */
	readonly option: string;
	/** Its value in this configuration; `n` where it is not set. */
	readonly value: string;
	/** The Kconfig expression that has to hold (symbols without `CONFIG_`). */
	readonly needs: string;
	/** One sentence. */
	readonly why: string;
};

export type RustSupport = {
	readonly rust: 'on' | 'off' | 'unknown';
	/** The kernel version whose rules were used. */
	readonly kernel?: string;
	readonly conflicts: readonly RustConflict[];
};

type Condition = {
	/** The symbol to name when the condition fails. */
	readonly symbol: string;
	readonly needs: string;
	readonly why: string;
	/** The versions that have it, oldest first: from the first number on, up to but without the second. None: all. */
	readonly in?: readonly (readonly [from: string, before?: string])[];
};

const missingTools =
	'A suitable rustc, bindgen or libclang was missing when this kernel was configured (scripts/rust_is_available.sh), and then Kconfig hides Rust without a message.';
const btf =
	'Type information (BTF) made from Rust code could not be read back by this kernel, unless pahole can leave Rust out of it.';
const cfi = 'Control flow integrity checks calls by type, and rustc has to give types the same names as clang does.';
const modversions = 'This kernel cannot compute symbol versions (CRCs) for Rust.';

/**
 * The dependencies of `config RUST`, in the order of init/Kconfig. Read in the trees of 6.1.0, 6.1.192, 6.2 to 6.14, 6.17 to
 * 7.0, 7.2.13 and 7.3.4. Numbers within a stable series are the releases that took the change in, by their announcements
 * (6.1.74, 6.8.9, 6.10.4) and the batches these belong to (2024-05-02, 2024-08-11, 2025-03-22). An option that a version does
 * not know is never on, so a range may be wider than the option's life.
 */
const conditions: readonly Condition[] = [
	{
		symbol: 'HAVE_RUST',
		needs: 'HAVE_RUST',
		why: 'This kernel version has no Rust support for this architecture: x86_64 has it from 6.1, loongarch from 6.8, arm64 from 6.9, riscv from 6.10.'
	},
	{symbol: 'RUST_IS_AVAILABLE', needs: 'RUST_IS_AVAILABLE', why: missingTools},
	{symbol: 'MODVERSIONS', needs: '!MODVERSIONS', why: modversions, in: [['6.1', '6.14']]},
	{
		symbol: 'MODVERSIONS',
		needs: '!MODVERSIONS || GENDWARFKSYMS',
		why: 'Symbol versions (CRCs) for Rust are computed from debug information, which needs GENDWARFKSYMS.',
		in: [['6.14']]
	},
	{
		symbol: 'GCC_PLUGINS',
		needs: '!GCC_PLUGINS',
		why: 'GCC plugins change C code in ways that rustc does not follow.',
		in: [['6.1', '6.12']]
	},
	{
		symbol: 'GCC_PLUGIN_RANDSTRUCT',
		needs: '!GCC_PLUGIN_RANDSTRUCT',
		why: 'Structures are laid out at random, and rustc cannot know the order.',
		in: [['6.12']]
	},
	{
		symbol: 'RANDSTRUCT',
		needs: '!RANDSTRUCT',
		why: 'Structures are laid out at random, and rustc cannot know the order.'
	},
	{
		symbol: 'SHADOW_CALL_STACK',
		needs: '!SHADOW_CALL_STACK',
		why: 'rustc does not keep a shadow call stack in this kernel version.',
		in: [
			['6.1.104', '6.2'],
			['6.6.45', '6.7'],
			['6.10.4', '6.12']
		]
	},
	{
		symbol: 'DEBUG_INFO_BTF',
		needs: '!DEBUG_INFO_BTF',
		why: btf,
		in: [
			['6.1', '6.1.74'],
			['6.2', '6.3']
		]
	},
	{
		symbol: 'DEBUG_INFO_BTF',
		needs: '!DEBUG_INFO_BTF || PAHOLE_HAS_LANG_EXCLUDE',
		why: btf,
		in: [
			['6.1.74', '6.1.132'],
			['6.3', '6.6.84'],
			['6.7', '6.12.20'],
			['6.13', '6.13.8']
		]
	},
	{
		symbol: 'DEBUG_INFO_BTF',
		needs: '!DEBUG_INFO_BTF || (PAHOLE_HAS_LANG_EXCLUDE && !LTO)',
		why: btf,
		in: [['6.1.132', '6.2'], ['6.6.84', '6.7'], ['6.12.20', '6.13'], ['6.13.8']]
	},
	{
		symbol: 'CFI_CLANG',
		needs: '!CFI_CLANG',
		why: cfi,
		in: [
			['6.1.90', '6.2'],
			['6.6.30', '6.7'],
			['6.8.9', '6.12']
		]
	},
	{
		symbol: 'CFI_CLANG',
		needs: '!CFI_CLANG || HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC',
		why: cfi,
		in: [['6.12', '6.18']]
	},
	{symbol: 'CFI', needs: '!CFI || HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC', why: cfi, in: [['6.18']]},
	{
		symbol: 'CALL_PADDING',
		needs: '!CALL_PADDING || RUSTC_VERSION >= 108100',
		why: 'Padding before functions needs rustc 1.81 or newer.',
		in: [['6.12', '7.1']]
	},
	{
		symbol: 'KASAN',
		needs: '!KASAN || CC_IS_CLANG',
		why: 'The address sanitizer works with Rust only where C is compiled by clang.',
		in: [['6.12.117', '6.13'], ['7.2']]
	},
	{
		symbol: 'KASAN_SW_TAGS',
		needs: '!KASAN_SW_TAGS',
		why: 'rustc cannot make software-tagged address sanitizing.',
		in: [['6.12', '7.2']]
	},
	{
		symbol: 'KASAN_SW_TAGS',
		needs: '!KASAN_SW_TAGS || RUSTC_VERSION >= 109600',
		why: 'Software-tagged address sanitizing needs rustc 1.96 or newer.',
		in: [['7.2']]
	},
	{
		symbol: 'MITIGATION_RETHUNK',
		needs: '!(MITIGATION_RETHUNK && KASAN) || RUSTC_VERSION >= 108300',
		why: 'Return thunks together with the address sanitizer need rustc 1.83 or newer.',
		in: [['6.12', '7.1']]
	}
];

const applies = (condition: Condition, version: Version | undefined): boolean =>
	condition.in === undefined ||
	(version !== undefined &&
		condition.in.some(
			([from, before]) => atLeast(version, from) && (before === undefined || !atLeast(version, before))
		));

/**
 * Whether a kernel was configured with Rust, and if not, which options stand in the way.
 *
 * The rules are those of the version in the configuration's header; `kernelVersion` (a version or release) is used where there
 * is none, because a distribution's release may name an older version than its source has (Debian's `6.1.0-56-amd64` is
 * 6.1.192). With neither, only the conditions that every version has are looked at. `unknown` is a configuration too short to
 * tell: neither RUST nor the compiler's name is in it.
 */
export function rustSupport(config: Config, kernelVersion?: string): RustSupport {
	const kernel = config.kernel ?? kernelVersion;
	const about = kernel === undefined ? {} : {kernel};
	const rust = option(config, 'CONFIG_RUST');
	if (rust === 'y') return {rust: 'on', ...about, conflicts: []};

	const version = kernel === undefined ? undefined : parseVersion(kernel);
	const value = (symbol: string): string => option(config, `CONFIG_${symbol}`) ?? 'n';
	if (version && !atLeast(version, '6.1')) {
		const why = `Linux ${kernel} has no Rust support: 6.1 is the first version that has.`;
		return {
			rust: 'off',
			...about,
			conflicts: [{option: 'CONFIG_HAVE_RUST', value: value('HAVE_RUST'), needs: 'HAVE_RUST', why}]
		};
	}
	// Every configuration since 4.18 records the compiler.
	if (rust === undefined && option(config, 'CONFIG_CC_VERSION_TEXT') === undefined)
		return {rust: 'unknown', ...about, conflicts: []};

	// No rustc was found (the version is then 0): RUST_IS_AVAILABLE says so, and an option that only wants a newer one is not to blame.
	const rustc = Number(option(config, 'CONFIG_RUSTC_VERSION') ?? 0) || Number.MAX_SAFE_INTEGER;
	const valueFor = (symbol: string): string => (symbol === 'RUSTC_VERSION' ? String(rustc) : value(symbol));
	const conflicts = conditions
		.filter(condition => applies(condition, version) && !isMet(condition.needs, valueFor))
		.map(({symbol, needs, why}) => ({option: `CONFIG_${symbol}`, value: value(symbol), needs, why}));
	if (conflicts.length > 0) return {rust: 'off', ...about, conflicts};
	const notChosen = 'Nothing stands in the way: Rust was not chosen when this kernel was configured.';
	return {
		rust: 'off',
		...about,
		conflicts: [{option: 'CONFIG_RUST', value: rust ?? 'n', needs: 'RUST', why: notChosen}]
	};
}
