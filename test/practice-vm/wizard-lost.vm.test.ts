import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {borrowRoot} from './practice.ts';
import {
	consoleOf,
	firstQuestion,
	inGuestNumber,
	inGuestShell,
	isGone,
	openWizard,
	qemuOf,
	soon,
	type Wizard
} from './wizard.ts';

const at = borrowRoot();

/** What stands behind `all it said` on the screen, put together again where it was broken. */
const keptLog = (wizard: Wizard): string =>
	readFileSync(/all it said +([\s\S]*?\.log)/.exec(wizard.screen())?.[1]?.replace(/\s+/g, '') ?? '', 'utf8');

describe('a guest that goes wrong at a question: said at once, and another goes on where it was', () => {
	test('cut off in the middle of a line; hung; panicked', async () => {
		const wizard = openWizard(at, ['practice']);
		await inGuestNumber(wizard, 1, firstQuestion);

		inGuestShell(at, 'printf "half a li" > /dev/console');
		await expect.poll(() => consoleOf(at), {timeout: soon}).toMatch(/half a li$/);
		process.kill(qemuOf(at), 'SIGKILL');
		await isGone(at, wizard, /qemu was ended by SIGKILL\./);
		expect(wizard.screen()).toMatch(/said +half a li\n/);
		expect(keptLog(wizard)).toMatch(/half a li$/);

		wizard.type('\r');
		await inGuestNumber(wizard, 2, firstQuestion);
		process.kill(qemuOf(at), 'SIGSTOP');
		await isGone(at, wizard, /the guest gave no sign of life for 20 s and was ended\./);

		wizard.type('\r');
		await inGuestNumber(wizard, 3, firstQuestion);
		inGuestShell(at, 'echo c > /proc/sysrq-trigger');
		await isGone(at, wizard, /the guest’s kernel panicked: Kernel panic - not syncing: sysrq triggered crash/);
		expect(keptLog(wizard)).toMatch(/Kernel panic - not syncing/);

		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(1);
		expect(wizard.text()).toMatch(/linux-rust-setup practice goes on from here\.$/);
		expect(wizard.showsCursor()).toBe(true);
	});
});
