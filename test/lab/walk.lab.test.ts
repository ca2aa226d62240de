import {describe, expect, test} from 'vitest';
import {memorySchema} from '../../src/memory/migrations.ts';
import {bootWizard, choose, ended, keys} from './journey.ts';
import {runInGuest} from './lab.ts';

describe('the walk on a running Rust kernel', () => {
	test('by keys: template, name, files, build, password, load, the kernel speaks, unload', async () => {
		const guest = await bootWizard({after: 'lsmod > /results/lsmod; dmesg | tail -5 > /results/dmesg 2>&1'});
		await guest.waitFor('There is no module yet');
		const first = guest.screen();
		// what holds already is ticked, in one row where the decision needs the others
		expect(first).toMatch(/✔ machine +kernel · boot · toolchain · metadata/);
		expect(first).toMatch(/Arch Linux · kernel 6\.12\.\d+-arch1-\d+-rust/);

		await choose(guest, 'Start from the template numbers');
		await guest.waitFor('Name of the module');
		guest.press('\u0015my_numbers\r');
		await guest.waitFor('my_numbers.rs');
		expect(guest.screen()).toContain('Kbuild');
		guest.press(keys.enter);

		await guest.waitFor('my_numbers is not built yet');
		await guest.waitFor('LLVM=1');
		expect(guest.screen()).toContain('RUSTC=/usr/bin/rustc');
		guest.press(keys.enter);

		await guest.waitFor('Load it and watch', 90_000);
		await guest.waitFor('sudo insmod /home/dev/src/my_numbers/my_numbers.ko');
		guest.press(keys.enter);

		const asked = await guest.waitFor(/password for dev:/);
		expect(asked).toContain('sudo insmod /home/dev/src/my_numbers/my_numbers.ko');
		expect(asked).toContain('why:');
		// in one write, as a fast typist or a password manager sends it
		guest.press('dev\r');

		await guest.waitFor(/▌ .*Rust out-of-tree sample \(init\)/);
		const loaded = await guest.waitFor('u unload');
		expect(loaded).toContain('loading out-of-tree module taints kernel.');
		expect(loaded).toMatch(/1 Normal: the module is not part of the kernel/);
		guest.press('u');

		await guest.waitFor('Your module spoke in a running kernel.', 60_000);
		await guest.waitFor('My numbers are [72, 108, 200]');
		guest.press('q');
		await guest.waitFor(ended(0));
		const {code, files} = await guest.done;
		expect(code).toBe(0);
		expect(files['terminal-after']).toBe(files['terminal-before']);
		expect(files['lsmod']).not.toContain('my_numbers');
		expect(JSON.parse(files['memory.json'] ?? '')).toMatchObject({
			schema: memorySchema,
			modules: [{folder: '/home/dev/src/my_numbers', name: 'my_numbers'}],
			loads: [{name: 'my_numbers', spoke: expect.arrayContaining(['My numbers are [72, 108, 200]'])}]
		});
	});

	test('by --yes: no question, the same end; a second run has nothing left to do', async () => {
		const {code, output} = await runInGuest(
			`mkdir src; cd src
			 linux-rust-setup --yes --template numbers --name numbers || exit
			 echo "=== again"
			 linux-rust-setup --yes || exit
			 echo "=== json"
			 linux-rust-setup check --json > /results/check.json`,
			// without a terminal sudo may not ask: the administrator of this machine allows these two programs
			{prepare: 'echo "dev ALL=(root) NOPASSWD: ALL" > /etc/sudoers.d/dev; chmod 440 /etc/sudoers.d/dev'}
		);
		expect(output).toContain('My numbers are [72, 108, 200]');
		expect(output).toMatch(/loading out-of-tree module taints kernel\..*\(Normal: /);
		expect(code).toBe(0);
		const again = output.slice(output.indexOf('=== again'));
		expect(again).not.toContain('insmod');
		expect(again).toContain('load: done');
	});

	test('--yes without a way to root: exit 3, and the command to run', async () => {
		const {code, output} = await runInGuest('mkdir src; cd src; linux-rust-setup --yes --template hello --name hello');
		expect(code).toBe(3);
		expect(output).toContain('Run it yourself: sudo insmod /home/dev/src/hello/hello.ko');
	});

	test('the wizard without a terminal says what it would ask, and waits for nobody', async () => {
		const {code, output} = await runInGuest('linux-rust-setup < /dev/null');
		expect(code).toBe(1);
		expect(output).toContain('metadata: done');
		expect(output).toContain('module: answer with: --template hello --name NAME');
	});
});
