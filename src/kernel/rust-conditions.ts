import {atLeast, type Version} from './version.ts';

type Rule = {
	/** The Kconfig expression that has to hold (symbols without `CONFIG_`). */
	readonly needs: string;
	/** The versions that have it, oldest first: from the first number on, up to but without the second. None: all. */
	readonly in?: readonly (readonly [from: string, before?: string])[];
};

/**
 * The dependencies of `config RUST`, in the order of init/Kconfig. Read in the trees of 6.1.0, 6.1.192, 6.2 to 6.14, 6.17 to
 * 7.0, 7.2.13 and 7.3.4. Numbers within a stable series are the releases that took the change in, by their announcements
 * (6.1.74, 6.8.9, 6.10.4) and the batches these belong to (2024-05-02, 2024-08-11, 2025-03-22). An option that a version does
 * not know is never on, so a range may be wider than the option's life.
 */
const rules: readonly Rule[] = [
	{needs: 'HAVE_RUST'},
	{needs: 'RUST_IS_AVAILABLE'},
	{needs: '!MODVERSIONS', in: [['6.1', '6.14']]},
	{needs: '!MODVERSIONS || GENDWARFKSYMS', in: [['6.14']]},
	{needs: '!GCC_PLUGINS', in: [['6.1', '6.12']]},
	{needs: '!GCC_PLUGIN_RANDSTRUCT', in: [['6.12']]},
	{needs: '!RANDSTRUCT'},
	{
		needs: '!SHADOW_CALL_STACK',
		in: [
			['6.1.104', '6.2'],
			['6.6.45', '6.7'],
			['6.10.4', '6.12']
		]
	},
	{
		needs: '!DEBUG_INFO_BTF',
		in: [
			['6.1', '6.1.74'],
			['6.2', '6.3']
		]
	},
	{
		needs: '!DEBUG_INFO_BTF || PAHOLE_HAS_LANG_EXCLUDE',
		in: [
			['6.1.74', '6.1.132'],
			['6.3', '6.6.84'],
			['6.7', '6.12.20'],
			['6.13', '6.13.8']
		]
	},
	{
		needs: '!DEBUG_INFO_BTF || (PAHOLE_HAS_LANG_EXCLUDE && !LTO)',
		in: [['6.1.132', '6.2'], ['6.6.84', '6.7'], ['6.12.20', '6.13'], ['6.13.8']]
	},
	{
		needs: '!CFI_CLANG',
		in: [
			['6.1.90', '6.2'],
			['6.6.30', '6.7'],
			['6.8.9', '6.12']
		]
	},
	{needs: '!CFI_CLANG || HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC', in: [['6.12', '6.18']]},
	{needs: '!CFI || HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC', in: [['6.18']]},
	{needs: '!CALL_PADDING || RUSTC_VERSION >= 108100', in: [['6.12', '7.1']]},
	{needs: '!KASAN || CC_IS_CLANG', in: [['6.12.117', '6.13'], ['7.2']]},
	{needs: '!KASAN_SW_TAGS', in: [['6.12', '7.2']]},
	{needs: '!KASAN_SW_TAGS || RUSTC_VERSION >= 109600', in: [['7.2']]},
	{needs: '!(MITIGATION_RETHUNK && KASAN) || RUSTC_VERSION >= 108300', in: [['6.12', '7.1']]}
];

/** The conditions of a version; with no version, those that every version has. */
export function rustConditions(version: Version | undefined): readonly string[] {
	return rules
		.filter(
			rule =>
				rule.in === undefined ||
				(version !== undefined &&
					rule.in.some(
						([from, before]) => atLeast(version, from) && (before === undefined || !atLeast(version, before))
					))
		)
		.map(rule => rule.needs);
}

/** How the options are decided that nobody chooses, as far as every version has it so; in Kconfig's own language. */
export const decidedOptions = `
config PAHOLE_HAS_LANG_EXCLUDE
	def_bool PAHOLE_VERSION >= 124
config RANDSTRUCT
	def_bool !RANDSTRUCT_NONE
config GCC_PLUGIN_RANDSTRUCT
	def_bool !RANDSTRUCT_NONE
config LTO
	def_bool !LTO_NONE
config HAVE_CFI_ICALL_NORMALIZE_INTEGERS_RUSTC
	def_bool $(cc-option)
`;

/** Why Rust cares about an option, one sentence each. */
export const rustReasons: Readonly<Record<string, string>> = {
	HAVE_RUST:
		'This kernel version has no Rust support for this architecture: x86_64 has it from 6.1, loongarch from 6.8, arm64 from 6.9, riscv from 6.10, and 7.3 also some 32-bit arm, s390 and powerpc.',
	RUST_IS_AVAILABLE:
		'A suitable rustc, bindgen or libclang was missing when this kernel was configured (scripts/rust_is_available.sh), and then Kconfig hides Rust without a message.',
	MODVERSIONS:
		'Symbol versions (CRCs) for Rust can only be computed from debug information (GENDWARFKSYMS, from 6.14 on).',
	GCC_PLUGINS: 'GCC plugins change C code in ways that rustc does not follow.',
	GCC_PLUGIN_RANDSTRUCT: 'Structures are laid out at random, and rustc cannot know the order.',
	RANDSTRUCT: 'Structures are laid out at random, and rustc cannot know the order.',
	SHADOW_CALL_STACK: 'rustc does not keep a shadow call stack in this kernel version.',
	DEBUG_INFO_BTF:
		'Type information (BTF) made from Rust code could not be read back by this kernel, unless pahole can leave Rust out of it.',
	CFI_CLANG: 'Control flow integrity checks calls by type, and rustc has to give types the same names as clang does.',
	CFI: 'Control flow integrity checks calls by type, and rustc has to give types the same names as clang does.',
	CALL_PADDING: 'Padding before functions is a thing that old versions of rustc cannot make.',
	KASAN: 'The address sanitizer works with Rust only where C is compiled by clang.',
	KASAN_SW_TAGS: 'Software-tagged address sanitizing is a thing that old versions of rustc cannot make.',
	MITIGATION_RETHUNK:
		'Return thunks together with the address sanitizer are a thing that old versions of rustc cannot make.'
};
