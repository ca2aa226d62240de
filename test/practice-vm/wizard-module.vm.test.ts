import {describe, expect, test} from 'vitest';
import {borrowRoot, folderWith} from './practice.ts';
import {consoleOf, inGuestNumber, inGuestShell, isGone, later, openWizard, press, soon} from './wizard.ts';

const at = borrowRoot();

describe('a module that', () => {
	test('hits a bug, then takes the kernel with it: the cause, and another guest; one that never returns: Ctrl-C', async () => {
		const cwd = folderWith({
			breaks: 'panic!("on purpose");',
			loops: 'loop { core::hint::spin_loop() }'
		});
		const wizard = openWizard(at, ['practice', '--module', 'breaks'], {cwd});
		await press(wizard, 'breaks is not built yet. Build it', '\r', later);
		await press(wizard, 'Load it and watch the kernel log?', '\r', later);
		await press(wizard, '✘ load', '\r', later);
		await press(wizard, /oopsed[\s\S]* ❯ Start another practice VM/, '\r', later);

		const another = / ✔ load {2}the practice VM runs [\s\S]*Load it and watch the kernel log\?/;
		await wizard.waitFor(another, later);
		inGuestShell(at, 'echo 1 > /proc/sys/kernel/panic_on_oops; echo panics now > /dev/console');
		await expect.poll(() => consoleOf(at), {timeout: soon}).toContain('panics now');
		wizard.type('\r');
		await press(wizard, /✘ load[\s\S]*❯ Look again/, '\r', later);
		await isGone(at, wizard, /the guest’s kernel panicked/);
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(1);

		const second = openWizard(at, ['practice', '--module', 'loops'], {cwd});
		await press(second, 'loops is not built yet. Build it', '\r', later);
		await press(second, 'Load it and watch the kernel log?', '\r', later);
		await second.waitFor(' load  loading loops', soon);
		// its init runs by then, beside a heart that beats
		await new Promise(resolve => setTimeout(resolve, 3000));
		second.type('\u0003');
		await press(second, 'Stopped: ', '\r');
		await isGone(at, second, /the guest was stopped/);
		second.type('\r');
		await inGuestNumber(second, 2, 'Load it and watch the kernel log?');
		second.type('q');
		expect((await second.exit).exitCode).toBe(1);
	});
});
