import {type KernelCrate, kernelCrates} from './kernel-crates.ts';

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
	/** The kernel's source, unpacked: its folder, and which files of `kernelCrates` it has. */
	readonly source?: {readonly folder: string; readonly files: readonly string[]};
};

/** The edition modules are compiled with (`rust_common_flags` in the kernel's Makefile, 6.1 to 7.3). */
const edition = '2021';

/** rustc names the file of a module here; rust-analyzer only has to find the name (scripts/generate_rust_analyzer.py). */
const env = {RUST_MODFILE: 'This is only for rust-analyzer'};

/**
 * The text of `rust-project.json` for a module. Packaged headers carry the kernel's crates as compiled metadata alone, which
 * rust-analyzer does not read: of them it gets `core`, the kernel's configuration and the compiled macros, and calls every name of
 * `kernel` unresolved (E0432, unresolved-macro-call). With the kernel's source beside them it gets the crates too. Tried with
 * rust-analyzer 1.97.1 on headers of 7.2.12 and the source of 7.2.13: `rust-analyzer diagnostics` finds nothing to say of the
 * templates, and names what is misspelt in them.
 */
export function rustProject(name: string, facts: EditorFacts): string {
	const {kdir, rustcCfg, sysroot, sysrootSource, source} = facts;
	const crates = source === undefined ? [] : kernelCrates.filter(({file}) => source.files.includes(file));
	const configured = options(rustcCfg);
	const project = {
		...(sysroot === undefined ? {} : {sysroot}),
		...(sysrootSource === undefined ? {} : {sysroot_src: sysrootSource}),
		crates: [
			{
				display_name: name,
				root_module: `${name}.rs`,
				edition,
				deps: crates.length === 0 ? [{crate: 1, name: 'macros'}] : dependencies(crates, forModules),
				cfg: 'FOR THE MODULE',
				is_workspace_member: true,
				...(crates.length === 0 ? {} : {env})
			},
			...(source === undefined || crates.length === 0
				? [macros(kdir)]
				: crates.map(crate => ({
						display_name: crate.name,
						root_module: `${source.folder}/${crate.file}`,
						edition,
						deps: dependencies(crates, crate.uses),
						cfg: crate.configured ? 'AS CONFIGURED' : (crate.cfg ?? []),
						is_workspace_member: false,
						env: {...env, ...crate.env, ...(crate.configured ? {OBJTREE: kdir} : {})},
						...(crate.configured ? {source: folders(source.folder, crate, kdir)} : {}),
						...(crate.isMacro ? compiled(crate.name, kdir) : {})
					})))
		]
	};
	// thousands of options, on one line: the rest stays readable
	return `${JSON.stringify(project, undefined, '\t')
		.replace('"FOR THE MODULE"', () => JSON.stringify([...configured, 'MODULE']))
		.replaceAll('"AS CONFIGURED"', () => JSON.stringify(configured))}\n`;
}

/** What the kernel's Makefile gives a module besides `core` (rust_common_cmd in scripts/Makefile.build, 7.2). */
const forModules = ['kernel', 'pin_init', 'zerocopy', 'zerocopy_derive'] as const;

const dependencies = (crates: readonly KernelCrate[], names: readonly string[]) =>
	names.flatMap(name => {
		const index = crates.findIndex(crate => crate.name === name);
		// the module itself is the first crate
		return index < 0 ? [] : [{crate: index + 1, name}];
	});

/** Where the compiled macros are all there is: a crate whose file is missing is left out by rust-analyzer. */
const macros = (kdir: string) => ({
	display_name: 'macros',
	root_module: `${kdir}/rust/macros/lib.rs`,
	edition,
	deps: [],
	is_workspace_member: false,
	...compiled('macros', kdir)
});

const compiled = (name: string, kdir: string) => ({
	is_proc_macro: true,
	proc_macro_dylib_path: `${kdir}/rust/lib${name}.so`
});

/** Files that bindgen wrote are included from the build folder. */
const folders = (source: string, {name}: KernelCrate, kdir: string) => ({
	include_dirs: [`${source}/rust/${name}`, `${kdir}/rust`],
	exclude_dirs: []
});

const options = (rustcCfg: string): readonly string[] =>
	[...rustcCfg.matchAll(/^--cfg=(.+)$/gm)].map(([, option = '']) => option.trim());
