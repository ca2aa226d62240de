import {describe, expect, it} from 'vitest';
import {kernelCrates} from '../../src/scaffold/kernel-crates.ts';
import {rustProject} from '../../src/scaffold/rust-project.ts';

const kdir = '/usr/src/linux-headers-7.2';
const read = (text: string) => JSON.parse(text) as {crates: {cfg?: string[]}[]};

describe('rustProject', () => {
	it('tells rust-analyzer the configuration as rustc is told it, and that this is a module', () => {
		const rustcCfg = '--cfg=CONFIG_RTC="m"\n--cfg=CONFIG_SMP\n--cfg=CONFIG_NAME="a \\"b\\" $& c"\n# no option\n';
		expect(read(rustProject('hello', {kdir, rustcCfg})).crates[0]?.cfg).toEqual([
			'CONFIG_RTC="m"',
			'CONFIG_SMP',
			'CONFIG_NAME="a \\"b\\" $& c"',
			'MODULE'
		]);
	});

	it('names the sources of core only where they are', () => {
		const facts = {kdir, rustcCfg: ''};
		expect(read(rustProject('hello', facts))).not.toHaveProperty('sysroot_src');
		const known = {...facts, sysroot: '/usr', sysrootSource: '/usr/lib/rustlib/src/rust/library'};
		expect(read(rustProject('hello', known))).toMatchObject({
			sysroot: '/usr',
			sysroot_src: '/usr/lib/rustlib/src/rust/library',
			crates: [
				{root_module: 'hello.rs', edition: '2021', deps: [{crate: 1, name: 'macros'}], is_workspace_member: true},
				{is_proc_macro: true, proc_macro_dylib_path: `${kdir}/rust/libmacros.so`}
			]
		});
	});

	it('keeps thousands of options on one line', () => {
		const rustcCfg = Array.from({length: 5000}, (_, index) => `--cfg=CONFIG_${index}\n`).join('');
		const text = rustProject('hello', {kdir, rustcCfg});
		expect(text.split('\n').length).toBeLessThan(40);
		expect(text.endsWith('}\n')).toBe(true);
		expect(read(text).crates[0]?.cfg).toHaveLength(5001);
	});

	const kernelOf = (files: readonly string[]) => {
		type Crate = {
			display_name: string;
			root_module: string;
			deps: {crate: number; name: string}[];
			cfg: string[];
			env: Record<string, string>;
			proc_macro_dylib_path?: string;
			source?: {include_dirs: string[]};
		};
		const facts = {kdir, rustcCfg: '--cfg=CONFIG_A\n', source: {folder: '/usr/src/linux', files}};
		return (JSON.parse(rustProject('hello', facts)) as {crates: Crate[]}).crates;
	};

	it('has the crates of the kernel where its source is, each with those it uses', () => {
		const crates = kernelOf(kernelCrates.map(({file}) => file));
		expect(crates.map(crate => crate.display_name)).toEqual(['hello', ...kernelCrates.map(({name}) => name)]);
		for (const {deps} of crates) for (const {crate, name} of deps) expect(crates[crate]?.display_name).toBe(name);
		expect(crates[0]?.deps.map(({name}) => name)).toEqual(['kernel', 'pin_init', 'zerocopy', 'zerocopy_derive']);
		expect(crates.find(crate => crate.display_name === 'macros')).toMatchObject({
			root_module: '/usr/src/linux/rust/macros/lib.rs',
			proc_macro_dylib_path: `${kdir}/rust/libmacros.so`
		});
		expect(crates.at(-1)).toMatchObject({
			root_module: '/usr/src/linux/rust/kernel/lib.rs',
			cfg: ['CONFIG_A'],
			env: {OBJTREE: kdir},
			source: {include_dirs: ['/usr/src/linux/rust/kernel', `${kdir}/rust`]}
		});
	});

	it('leaves out what an older kernel does not have (6.12: no pin_init, no zerocopy)', () => {
		const files = ['macros/lib.rs', 'build_error.rs', 'ffi.rs', 'bindings/lib.rs', 'uapi/lib.rs', 'kernel/lib.rs'];
		const crates = kernelOf(files.map(file => `rust/${file}`));
		expect(crates).toHaveLength(7);
		expect(crates[0]?.deps).toEqual([{crate: 6, name: 'kernel'}]);
		expect(crates[6]?.deps.map(({name}) => name)).toEqual(['macros', 'build_error', 'ffi', 'bindings', 'uapi']);
	});
});
