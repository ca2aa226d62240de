import {type Config, isOn, option} from './config.ts';

/** A program that building a module needs. */
export type RequiredProgram = {
	readonly name: string;
	readonly why: string;
	/** Needed only where the headers folder holds this file; kbuild leaves the work out otherwise. */
	readonly onlyWith?: 'vmlinux';
};

export type BuildRequirements = {
	readonly compiler: 'clang' | 'gcc' | 'unknown';
	/** Whether `make` wants `LLVM=1`: exactly when the kernel was compiled by clang. */
	readonly llvm: boolean;
	readonly programs: readonly RequiredProgram[];
};

/** gcc as it was called for the kernel (`x86_64-linux-gnu-gcc-14`), because distributions' headers may ask for that very one. */
const gccName = (config: Config): string =>
	/^[A-Za-z0-9_.+-]*gcc[A-Za-z0-9_.+-]*(?=\s)/.exec(option(config, 'CONFIG_CC_VERSION_TEXT') ?? '')?.[0] ?? 'gcc';

/** What a module build against a kernel with this configuration needs besides rustc. bindgen and rust-src are not needed. */
export function buildRequirements(config: Config): BuildRequirements {
	const llvm = option(config, 'CONFIG_CC_IS_CLANG') === 'y';
	const compiler = llvm ? 'clang' : option(config, 'CONFIG_CC_IS_GCC') === 'y' ? 'gcc' : 'unknown';
	const tool = (name: string): string => (llvm ? `llvm-${name}` : name);
	const programs: RequiredProgram[] = [
		{name: 'make', why: 'runs the kernel build system'},
		llvm
			? {name: 'clang', why: 'the kernel was compiled by clang, and a module has to be too'}
			: {name: gccName(config), why: 'compiles the small C file that every module carries'},
		{name: llvm ? 'ld.lld' : 'ld', why: 'links the module'}
	];
	if (isOn(config, 'CONFIG_MODVERSIONS'))
		programs.push({name: tool('nm'), why: 'lists symbols for their versions (CONFIG_MODVERSIONS)'});
	if (isOn(config, 'CONFIG_DEBUG_INFO_BTF_MODULES')) {
		programs.push(
			{
				name: 'pahole',
				why: 'writes type information into the module (CONFIG_DEBUG_INFO_BTF_MODULES)',
				onlyWith: 'vmlinux'
			},
			{name: tool('objcopy'), why: 'adds that type information to the module', onlyWith: 'vmlinux'}
		);
	}
	return {compiler, llvm, programs};
}
