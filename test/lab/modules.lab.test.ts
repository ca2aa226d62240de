import {join} from 'node:path';
import {expect, test} from 'vitest';
import {runInGuest} from './lab.ts';

const modules = join(import.meta.dirname, '../fixtures/modules');
const numbers = {carry: {numbers: join(modules, 'numbers-6.12')}};
const build = 'make -C /lib/modules/$(uname -r)/build M=$PWD LLVM=1';

test('a Rust module is built, loaded, heard and unloaded', async () => {
	const {code, output} = await runInGuest(
		`set -ex
		cp -r /job/numbers . && cd numbers
		${build}
		modinfo -F vermagic numbers.ko
		echo dev | sudo -S insmod numbers.ko
		lsmod | grep numbers
		sudo dmesg | grep 'numbers: Numbers is loaded'
		sudo rmmod numbers
		sudo dmesg | grep 'numbers: My numbers are \\[72, 108, 200\\]'
		cat /proc/sys/kernel/tainted`,
		numbers
	);
	expect(output).toMatch(/^6\.12\.\d+-arch1-1-rust mod_unload/m);
	expect(output).toMatch(/numbers: My numbers are \[72, 108, 200\]$/m);
	expect(code).toBe(0);
});

test('a module built for another release is refused, and the kernel says why', async () => {
	const {code, output, kernelLog} = await runInGuest('insmod /opt/module-for-another-release/numbers.ko', {
		user: 'root'
	});
	expect(code).toBe(1);
	expect(output).toContain('Invalid module format');
	expect(kernelLog).toMatch(/numbers: version magic '6\.12\.9-arch1-1-rust .*' should be '6\.12\.\d+-arch1-1-rust /);
});

test('the same compiler of another vendor gives E0514, and compiles ordinary programs', async () => {
	const {output, files} = await runInGuest(
		`cp -r /job/numbers . && cd numbers
		export PATH=/opt/rustc-arch/bin:$PATH
		rustc --version
		${build} > /results/make.log 2>&1
		echo "make: $?"
		echo 'fn main() { println!("compiled"); }' > hello.rs
		rustc hello.rs && ./hello`,
		numbers
	);
	expect(output).toBe('rustc 1.85.1 (4eb161250 2025-03-15) (Arch Linux rust 1:1.85.1-12)\nmake: 2\ncompiled\n');
	expect(files['make.log']).toContain('error[E0514]: found crate `core` compiled by an incompatible version of rustc');
});

test.each([
	['einval', /Invalid parameters/, /einval: init returns EINVAL/],
	['busy', /rmmod: ERROR: Module busy is in use/, /busy: in use by itself: true/]
])('the module %s fails as its source says', async (name, said, logged) => {
	const {output, kernelLog} = await runInGuest(
		`cp -r /job/module . && cd module && ${build} > /results/make.log 2>&1; insmod ${name}.ko && rmmod ${name}`,
		{user: 'root', carry: {module: join(modules, name)}}
	);
	expect(output).toMatch(said);
	expect(kernelLog).toMatch(logged);
});

test('a module that panics takes the guest with it, and its last words are kept', async () => {
	const {code, kernelLog} = await runInGuest(`cp -r /job/module . && cd module && ${build} && insmod index_panic.ko`, {
		user: 'root',
		carry: {module: join(modules, 'panic')}
	});
	expect(kernelLog).toMatch(/rust_kernel: panicked at .*\n.*index out of bounds: the len is 1 but the index is 2\n/);
	expect(code).toBeUndefined();
});

test('the compiler finds the mistakes of the module that has some', async () => {
	const {code, output} = await runInGuest(`cp -r /job/module . && cd module && ${build}`, {
		carry: {module: join(modules, 'typeerr')}
	});
	expect(output.match(/^error\[\w+\]/gm)).toEqual(['error[E0425]', 'error[E0308]', 'error[E0061]']);
	expect(code).toBe(2);
});
