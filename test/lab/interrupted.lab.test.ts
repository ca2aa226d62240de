import {describe, expect, test} from 'vitest';
import {bootWizard, choose, ended, keys} from './journey.ts';
import type {Guest} from './lab.ts';

/** After the wizard: the terminal is as it was, and nothing it started is left. */
async function expectNothingLeft(guest: Guest, code: number): Promise<void> {
	const end = await guest.done;
	expect(end.code).toBe(code);
	expect(end.files['terminal-after']).toBe(end.files['terminal-before']);
	const left = (end.files['processes'] ?? '')
		.split('\n')
		.filter(line => /make|rustc|clang|dmesg|insmod|linux-rust-setup/.test(line));
	expect(left).toEqual([]);
}

describe('Ctrl-C', () => {
	test('at a decision, in a question, before files are written: nothing was written', async () => {
		const guest = await bootWizard({after: 'ls -A ~/src > /results/written; linux-rust-setup check --quiet'});
		await guest.waitFor('There is no module yet');
		await choose(guest, 'Start from the template hello');
		await guest.waitFor('Name of the module');
		guest.press(keys.enter);
		await guest.waitFor('hello.rs');
		guest.press(keys.interrupt);
		await guest.waitFor(ended(130));
		await guest.waitFor('module: no module yet');
		expect((await guest.done).files['written']).toBe('');
		await expectNothingLeft(guest, 130);
	});

	test('while it builds: the whole group stops, and the next start lands on build', async () => {
		const guest = await bootWizard({words: '--template hello', after: 'linux-rust-setup check --quiet'});
		await guest.waitFor('There is no module yet');
		await choose(guest, 'Start from the template hello');
		await guest.waitFor('Name of the module');
		guest.press(keys.enter);
		await guest.waitFor('hello.rs');
		guest.press(keys.enter);
		await guest.waitFor('hello is not built yet');
		guest.press(keys.enter);
		await guest.waitFor('Entering directory', 30_000);
		guest.press(keys.interrupt);
		await guest.waitFor('Stopped');
		guest.press(keys.interrupt);
		await guest.waitFor(ended(130));
		await guest.waitFor(/build: .*hello/);
		await expectNothingLeft(guest, 130);
	});

	test('at the password, and with the module loaded', async () => {
		const guest = await bootWizard({
			after: 'lsmod > /results/lsmod; linux-rust-setup check --quiet; echo "check ended with $?"'
		});
		await guest.waitFor('There is no module yet');
		await choose(guest, 'Start from the template numbers');
		await guest.waitFor('Name of the module');
		guest.press(keys.enter);
		await guest.waitFor('numbers.rs');
		guest.press(keys.enter);
		await guest.waitFor('numbers is not built yet');
		guest.press(keys.enter);
		await guest.waitFor('Load it and watch', 90_000);
		guest.press(keys.enter);
		await guest.waitFor(/password for dev:/);
		guest.press(keys.interrupt);
		// the wizard is still there, and says what it did not get
		await guest.waitFor('sudo did not give root');
		guest.press(keys.enter);
		await guest.waitFor('Load it and watch');
		guest.press(keys.enter);
		await guest.waitFor(/password for dev: *$/);
		guest.press('dev\r');
		await guest.waitFor('u unload');
		guest.press(keys.interrupt);
		await guest.waitFor(/Stopped|loaded/);
		guest.press(keys.interrupt);
		await guest.waitFor(ended(130));
		// it was left loaded, and the next look says so
		await guest.waitFor('check ended with 0');
		expect((await guest.done).files['lsmod']).toContain('numbers');
		await expectNothingLeft(guest, 130);
	}, 400_000);
});
