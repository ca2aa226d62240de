import {atLeast, type Version} from './version.ts';

type RustFile = {
	/** Relative to the headers folder (KDIR). */
	readonly path: string;
	/** First version that has it; none: all. */
	readonly from?: string;
	/** First version that no longer has it. */
	readonly before?: string;
	/** The crate whose `--extern` in scripts/Makefile.build decides, instead of the version. */
	readonly extern?: string;
};

const rmeta = (crate: string): string => `rust/lib${crate}.rmeta`;
const macroLibrary = (crate: string): string => `rust/lib${crate}.so`;

/**
 * What rustc opens when it builds a module, found by taking files away one at a time (7.2.13) and from rust/Makefile of 6.1.192,
 * 6.12.117, 7.2.13 and 7.3.4. 6.12.19 took in what 6.13 brought: no `alloc` any more, `ffi` instead (the series "`alloc`,
 * `#[expect]` and "Custom FFI"", stable list, 7 March 2025). Red Hat's 6.12.0 still has `alloc`, which its Makefile.build tells.
 */
const files: readonly RustFile[] = [
	{path: rmeta('core')},
	{path: rmeta('compiler_builtins')},
	{path: rmeta('alloc'), before: '6.12.19', extern: 'alloc'},
	{path: rmeta('ffi'), from: '6.12.19'},
	{path: rmeta('bindings')},
	{path: rmeta('uapi'), from: '6.4'},
	{path: rmeta('build_error'), from: '6.2'},
	{path: rmeta('pin_init'), from: '6.15', extern: 'pin_init'},
	{path: rmeta('zerocopy'), from: '7.2', extern: 'zerocopy'},
	{path: rmeta('kernel'), extern: 'kernel'},
	{path: macroLibrary('macros')},
	{path: macroLibrary('pin_init_internal'), from: '6.15', extern: 'pin_init'},
	{path: macroLibrary('zerocopy_derive'), from: '7.2', extern: 'zerocopy_derive'},
	{path: 'rust/target.json', before: '6.3'},
	{path: 'scripts/target.json', from: '6.3'}
];

const inVersion = (file: RustFile, version: Version): boolean =>
	(file.from === undefined || atLeast(version, file.from)) &&
	(file.before === undefined || !atLeast(version, file.before));

/**
 * The files a Rust module build reads from the headers folder, as paths relative to it. `externs` are the crates the headers' own
 * scripts/Makefile.build passes (`externsFromMakefileBuild`); they win over the version, because vendors move API between versions.
 */
export function requiredRustFiles(version: Version, externs?: readonly string[]): readonly string[] {
	const named = new Set(externs);
	const wanted = files.filter(file =>
		named.size > 0 && file.extern ? named.has(file.extern) : inVersion(file, version)
	);
	const known = new Set(files.map(file => file.extern));
	const others = [...named].filter(crate => !known.has(crate)).map(rmeta);
	return [...wanted.map(file => file.path), ...others];
}

/** Those of `requiredRustFiles` that are not among the paths present in the headers folder. */
export function missingRustFiles(
	version: Version,
	presentRelativePaths: ReadonlySet<string>,
	externs?: readonly string[]
): readonly string[] {
	return requiredRustFiles(version, externs).filter(path => !presentRelativePaths.has(path));
}

/** The crates named by `--extern` (also `--extern force:alloc`) in a kernel's scripts/Makefile.build. Empty where it compiles no Rust. */
export function externsFromMakefileBuild(text: string): readonly string[] {
	const names = Array.from(text.matchAll(/--extern[ \t=]+(?:[a-z,]+:)?([A-Za-z_]\w*)/g), match => match[1] ?? '');
	return [...new Set(names)];
}
