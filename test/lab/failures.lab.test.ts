import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {explainLog} from '../../src/failures/explain.ts';
import {bootWizard, ended, keys} from './journey.ts';
import {runInGuest} from './lab.ts';

const modules = join(import.meta.dirname, '../fixtures/modules');
/** The administrator of this machine lets dev become root without a password: a job without a terminal cannot type one. */
const prepare = 'echo "dev ALL=(root) NOPASSWD: ALL" > /etc/sudoers.d/dev; chmod 440 /etc/sudoers.d/dev';
const copied = (name: string): string => `mkdir -p ~/src && cp -r /job/${name} ~/src/ && cd ~/src/${name}`;

describe('the wrong compiler', () => {
	test('same number, other vendor: check says so before a build; a build that is forced ends in E0514, explained', async () => {
		const {code, output, files} = await runInGuest(
			`mkdir src; cd src; linux-rust-setup new hello --quiet
			 linux-rust-setup check toolchain --rustc /opt/rustc-arch/bin/rustc --json > /results/check.json
			 echo "check ended with $?"
			 linux-rust-setup build hello --rustc /opt/rustc-arch/bin/rustc; echo "build ended with $?"
			 linux-rust-setup build hello; echo "build ended with $?"`,
			{prepare}
		);
		expect(code).toBe(0);
		expect(output).toContain('check ended with 1');
		const {steps} = JSON.parse(files['check.json'] ?? '') as {
			steps: readonly {reason: string; remedies: readonly {id: string}[]}[];
		};
		expect(steps[0]).toMatchObject({
			reason: 'toolchain.vendor-differs',
			remedies: expect.arrayContaining([expect.objectContaining({id: 'select-/usr/bin/rustc'})])
		});
		expect(output).toContain('/opt/rustc-arch/bin/rustc is not the compiler of this kernel');
		expect(output).toContain('error[E0514]');
		expect(output).toMatch(
			/The compiler does not match this kernel \(E0514\).*built from a source tarball.*Arch Linux rust 1:1\.85\.1-12/
		);
		expect(output).toMatch(/build ended with 3[\s\S]*build ended with 0/);
	});

	test('LLVM=1 left out on a machine without gcc: explain says so, and the build command adds it by itself', async () => {
		const {code, output, files} = await runInGuest(
			`mkdir src; cd src; linux-rust-setup new hello --quiet; cd hello
			 make -C /usr/lib/modules/$(uname -r)/build M=$PWD RUSTC=/usr/bin/rustc modules > /results/make.log 2>&1; echo "make ended with $?"
			 linux-rust-setup explain /results/make.log; echo "explain ended with $?"
			 linux-rust-setup build; echo "build ended with $?"`,
			{prepare: 'rm -f /usr/bin/gcc* /usr/bin/cc /usr/bin/x86_64-linux-gnu-gcc*'}
		);
		expect(code).toBe(0);
		expect(output, files['make.log']).toMatch(/make ended with [1-9]/);
		expect(output).toMatch(/make LLVM=1[\s\S]*explain ended with 0/);
		expect(output).toContain('build ended with 0');
	});
});

describe('a disk that fills up', () => {
	test('the build says so, and what is free where it wrote; with room again it goes on', async () => {
		const {output} = await runInGuest(
			`cd ~/src/numbers-6.12; cp /job/numbers-6.12/* .
			 linux-rust-setup build; echo "build ended with $?"
			 sudo -n mount -o remount,size=4m ~/src/numbers-6.12
			 linux-rust-setup build; echo "build ended with $?"`,
			{
				prepare: `${prepare}; mkdir -p /home/dev/src/numbers-6.12; chown dev: /home/dev/src; mount -t tmpfs -o size=28k,uid=$(id -u dev) tmpfs /home/dev/src/numbers-6.12`,
				carry: {'numbers-6.12': join(modules, 'numbers-6.12')}
			}
		);
		expect(output).toContain('No space left on device');
		expect(output).toContain('The disk that the module is built on is full');
		expect(output).toMatch(
			/ - Free some space: \/home\/dev\/src\/numbers-6\.12 has less than 1 MB left, \/tmp has \d+(?:\.\d)? [MG]B left\n {5}df -h \/home\/dev\/src\/numbers-6\.12 \/tmp/
		);
		expect(output).toMatch(/build ended with 3[\s\S]*build ended with 0/);
	});
});

describe('a module that does not load', () => {
	test('built for another release: named before insmod, by check and by load', async () => {
		const {output} = await runInGuest(
			`mkdir -p src/numbers; cd src/numbers; cp /job/numbers-6.12/* .; cp /opt/module-for-another-release/numbers.ko .; touch numbers.ko
			 linux-rust-setup check build --json > /results/check.json
			 linux-rust-setup check build; echo "check ended with $?"
			 linux-rust-setup load; echo "load ended with $?"`,
			{prepare, carry: {'numbers-6.12': join(modules, 'numbers-6.12')}}
		);
		expect(output).toContain('build.other-release');
		expect(output).toContain('check ended with 1');
		expect(output).toMatch(
			/was built for 6\.12\.\S+, and the running kernel is 6\.12\.\S+: it would be refused[\s\S]*load ended with 1/
		);
	});

	test('loaded twice; unloaded twice; init that returns an error', async () => {
		const {output} = await runInGuest(
			`${copied('numbers-6.12')}; linux-rust-setup build --quiet || exit
			 linux-rust-setup load; echo "first load ended with $?"
			 linux-rust-setup check load; echo "check ended with $?"
			 linux-rust-setup load; echo "second load ended with $?"
			 sudo -n insmod numbers.ko 2>&1 | linux-rust-setup explain; echo "insmod explained with $?"
			 linux-rust-setup unload; echo "first unload ended with $?"
			 linux-rust-setup unload; echo "second unload ended with $?"
			 ${copied('einval')}; linux-rust-setup build --quiet || exit
			 linux-rust-setup load; echo "einval ended with $?"`,
			{
				prepare,
				carry: {'numbers-6.12': join(modules, 'numbers-6.12'), einval: join(modules, 'einval')},
				timeout: 380_000
			}
		);
		expect(output).toContain('first load ended with 0');
		expect(output).toContain('check ended with 0');
		expect(output).toMatch(/numbers is already loaded[\s\S]*second load ended with 1/);
		expect(output).toMatch(/already loaded[\s\S]*insmod explained with 0/i);
		expect(output).toMatch(/My numbers are \[72, 108, 200\][\s\S]*first unload ended with 0/);
		expect(output).toMatch(/is not loaded[\s\S]*second unload ended with 1/);
		expect(output).toMatch(/EINVAL|Invalid parameters|init/);
		expect(output).toContain('einval ended with 3');
	}, 400_000);

	test('it needs what nobody exports: named before insmod, which says no more than that', async () => {
		const {output, kernelLog} = await runInGuest(
			`${copied('lacking')}; linux-rust-setup build --quiet || exit
			 linux-rust-setup load; echo "load ended with $?"
			 dmesg | grep -c lacking
			 sudo -n insmod lacking.ko; echo "insmod ended with $?"`,
			{
				prepare: `${prepare}; sysctl -q kernel.dmesg_restrict=0`,
				carry: {lacking: join(modules, 'lacking')}
			}
		);
		expect(output).toContain(
			'lacking needs exported_by_nobody, which the running kernel does not export: insmod would end with "Unknown symbol in module"'
		);
		expect(output).toMatch(/load ended with 1\n0\n.*Unknown symbol in module[\s\S]*insmod ended with 1/);
		expect(kernelLog).toMatch(/lacking: Unknown symbol exported_by_nobody/);
	});

	test('a panic in init: User-Mode Linux goes down with it (BUG() is a panic there); its last words are explained', async () => {
		const {code, kernelLog} = await runInGuest(
			`${copied('panic')}; linux-rust-setup build --quiet || exit
			 linux-rust-setup load`,
			{prepare, carry: {panic: join(modules, 'panic')}}
		);
		expect(code).toBeUndefined();
		const {failures} = explainLog(kernelLog);
		expect(failures[0], kernelLog).toMatchObject({id: 'rust.panic', severity: 'error'});
	});
});

describe('errors in the user’s own source, on the wizard’s screen', () => {
	test('the first real error with its file and line; the source is mended; the walk goes on', async () => {
		const guest = await bootWizard({
			words: '--module typeerr',
			prepare: 'mkdir -p /home/dev/src; cp -r /job/typeerr /home/dev/src/; chown -R dev: /home/dev/src',
			carry: {typeerr: join(modules, 'typeerr')}
		});
		await guest.waitFor('typeerr is not built yet');
		guest.press(keys.enter);
		const failed = await guest.waitFor('✘', 90_000);
		expect(failed).toMatch(/typeerr\.rs/);
		expect(failed).toMatch(/logs\/build-|log/);
		guest.press('l');
		await guest.waitFor('Error');
		guest.press('q');
		await guest.waitFor(ended(1));
		expect((await guest.done).code).toBe(1);
	});
});
