import {describe, expect, it} from 'vitest';
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
});
