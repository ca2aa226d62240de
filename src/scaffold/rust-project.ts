/** What is known of a kernel and its compiler that an editor can use. */
export type EditorFacts = {
	/** The kernel's build folder, absolute. */
	readonly kdir: string;
	/** `include/generated/rustc_cfg` of it: arguments for rustc, one on each line. */
	readonly rustcCfg: string;
	/** What `rustc --print sysroot` says. */
	readonly sysroot?: string;
	/** The sources of `core` and its like, where rust-src is installed. */
	readonly sysrootSource?: string;
};

/** The edition modules are compiled with (`rust_common_flags` in the kernel's Makefile, 6.1 to 7.3). */
const edition = '2021';

/**
 * The text of `rust-project.json` for a module. Packaged headers carry the kernel's crates as compiled metadata alone, which
 * rust-analyzer does not read: it gets `core`, the kernel's configuration and the compiled macros. The macros' own source is
 * looked for in the kernel's tree; a crate whose file is missing is left out by rust-analyzer. Tried with 1.97.1 and the headers
 * of 7.2.12: it goes from a name to the module's own items and into `core`, and finds nothing of `kernel`, which
 * `rust-analyzer diagnostics` calls unresolved (E0432, unresolved-macro-call).
 */
export function rustProject(name: string, facts: EditorFacts): string {
	const {kdir, rustcCfg, sysroot, sysrootSource} = facts;
	const project = {
		...(sysroot === undefined ? {} : {sysroot}),
		...(sysrootSource === undefined ? {} : {sysroot_src: sysrootSource}),
		crates: [
			{
				display_name: name,
				root_module: `${name}.rs`,
				edition,
				deps: [{crate: 1, name: 'macros'}],
				cfg: 'HERE',
				is_workspace_member: true
			},
			{
				display_name: 'macros',
				root_module: `${kdir}/rust/macros/lib.rs`,
				edition,
				deps: [],
				is_workspace_member: false,
				is_proc_macro: true,
				proc_macro_dylib_path: `${kdir}/rust/libmacros.so`
			}
		]
	};
	// thousands of options, on one line: the rest stays readable
	const cfg = JSON.stringify([...configured(rustcCfg), 'MODULE']);
	return `${JSON.stringify(project, undefined, '\t').replace('"HERE"', () => cfg)}\n`;
}

const configured = (rustcCfg: string): readonly string[] =>
	[...rustcCfg.matchAll(/^--cfg=(.+)$/gm)].map(([, option = '']) => option.trim());
