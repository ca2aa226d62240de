/** A crate of the kernel's `rust` folder. */
export type KernelCrate = {
	readonly name: string;
	/** Its root, below the kernel's source. */
	readonly file: string;
	/** Other crates of the table; those that a kernel does not have are left out. */
	readonly uses: readonly string[];
	/** Options it is compiled with beside those of the kernel. */
	readonly cfg?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** Procedural macros: what counts is the library they were compiled to. */
	readonly isMacro?: true;
	/** Sees the kernel's configuration, and files that were generated for it. */
	readonly configured?: true;
};

/**
 * The crates that a module's names come from (rust/Makefile and scripts/generate_rust_analyzer.py, 6.12 and 7.2). `core`, `alloc`
 * and `std` belong to the compiler; what macros are made of needs no source.
 */
export const kernelCrates: readonly KernelCrate[] = [
	{name: 'macros', file: 'rust/macros/lib.rs', uses: [], isMacro: true},
	{name: 'zerocopy_derive', file: 'rust/zerocopy-derive/lib.rs', uses: [], isMacro: true},
	{name: 'pin_init_internal', file: 'rust/pin-init/internal/src/lib.rs', uses: [], isMacro: true},
	{name: 'build_error', file: 'rust/build_error.rs', uses: []},
	{
		name: 'pin_init',
		file: 'rust/pin-init/src/lib.rs',
		uses: ['pin_init_internal', 'macros'],
		cfg: ['kernel', 'USE_RUSTC_FEATURES']
	},
	{name: 'ffi', file: 'rust/ffi.rs', uses: []},
	{
		name: 'zerocopy',
		file: 'rust/zerocopy/src/lib.rs',
		uses: [],
		cfg: ['no_fp_fmt_parse'],
		env: {CARGO_PKG_VERSION: '0.8.54'}
	},
	{name: 'bindings', file: 'rust/bindings/lib.rs', uses: ['ffi', 'pin_init'], configured: true},
	{name: 'uapi', file: 'rust/uapi/lib.rs', uses: ['ffi', 'pin_init'], configured: true},
	{
		name: 'kernel',
		file: 'rust/kernel/lib.rs',
		uses: ['macros', 'build_error', 'pin_init', 'ffi', 'bindings', 'uapi', 'zerocopy', 'zerocopy_derive'],
		configured: true
	}
];
