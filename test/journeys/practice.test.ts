import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {bundleProgram} from '../support/bundle.ts';
import {openPty, type PtyOptions} from '../support/pty.ts';

const folder = mkdtempSync(join(tmpdir(), 'practise-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

beforeAll(() => bundleProgram('test/journeys/programs/practise.tsx', join(folder, 'practise.mjs')));

let opened = 0;

/** The wizard with a practice machine of paper; `how` going in ends. The real one is walked through in test/practice-vm. */
function open(how: string, options: PtyOptions = {}) {
	opened += 1;
	const notes = join(folder, `notes-${opened}`);
	const wizard = openPty([process.execPath, join(folder, 'practise.mjs'), notes, how], {rows: 30, ...options});
	return {
		...wizard,
		press: async (screen: string | RegExp, keys: string) => {
			await wizard.waitFor(screen);
			wizard.type(keys);
		},
		/** What the practice machine was asked to do. */
		asked: () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : [])
	};
}

const sign = ' practice VM · 7.2.12+deb14-amd64 · thrown away when you leave';

describe('from a machine without a Rust kernel into the practice machine', () => {
	test('Enter does it: consent, progress, the walk there, and the end throws it away', async () => {
		const wizard = open('well');
		await wizard.press(' ❯ Practise in a disposable VM', '\r');
		await wizard.waitFor(' ❯ Go on');
		expect(wizard.screen()).toContain('A machine of paper is made.\n   fetched  nothing\n');
		expect(wizard.screen()).toMatch(/ {3}(?:sudo )?apt-get install paper\n {3}why(?:, as root)?: is part of a test\n/);
		wizard.type('\r');
		await wizard.waitFor('I: Retrieving package 9');
		expect(wizard.screen()).toMatch(/ kernel {2}making a small Debian\n/);
		expect(wizard.screen()).toContain('   log /home/me/.local/state/debootstrap.log\n Ctrl-C stop');
		await wizard.waitFor(`${sign}\n`);
		await wizard.press('Build it in the practice machine?', '\r');
		await wizard.press('Your module spoke in a running kernel.', 'q');
		expect((await wizard.exit).exitCode).toBe(0);
		expect(wizard.asked()).toEqual(['enter ', 'agreed true', 'left']);
		expect(wizard.text()).toContain(
			' ✔ kernel  the practice VM runs 7.2.12+deb14-amd64\n     $ linux-rust-setup practice\n'
		);
	});

	test('who does not agree is back at the decision, and nothing was begun', async () => {
		const wizard = open('well');
		await wizard.press(' ❯ Practise in a disposable VM', '\r');
		await wizard.press(' ❯ Go on', '2\r');
		await wizard.press(/What shall be done on this machine\?[\s\S]* ❯ Practise/, 'q');
		expect((await wizard.exit).exitCode).toBe(1);
		expect(wizard.asked()).toEqual(['enter ', 'agreed false']);
	});

	test('Ctrl-C while it is made stops it, and the walk goes on', async () => {
		const wizard = open('slowly');
		await wizard.press(' ❯ Practise in a disposable VM', '\r');
		await wizard.press(' ❯ Go on', '\r');
		await wizard.press('I: Retrieving package 2', '\u0003');
		await wizard.press('Stopped: Practise in a disposable VM, on a real Rust kernel. What was done so', '\r');
		await wizard.press(/What shall be done on this machine\?[\s\S]* ❯ Practise/, 'q');
		expect((await wizard.exit).exitCode).toBe(1);
	});

	test('what goes wrong is said with its cause and its cure, and leads back to the decision', async () => {
		const wizard = open('badly');
		await wizard.press(' ❯ Practise in a disposable VM', '\r');
		await wizard.press(' ❯ Go on', '\r');
		await wizard.waitFor('✘ kernel  the practice VM did not start');
		expect(wizard.screen()).toMatch(
			/The guest did not start within 90 s and was ended\.\n {3}said {2}its last word\n\n {3}Start it again\n {6}linux-rust-setup practice\n/
		);
		wizard.type('b');
		await wizard.press(/What shall be done on this machine\?[\s\S]* ❯ Practise/, 'q');
		expect((await wizard.exit).exitCode).toBe(1);
	});

	test('a way back stands at every decision', async () => {
		const wizard = open('well');
		await wizard.press(' ❯ Practise in a disposable VM', '\r');
		await wizard.press(' ❯ Go on', '\r');
		await wizard.press('   Back to this machine', '\u001b[F\r');
		await expect.poll(() => wizard.screen(), {timeout: 10_000}).toContain('What shall be done on this machine?');
		expect(wizard.screen()).not.toContain(sign);
		expect(wizard.asked().at(-1)).toBe('left');
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(1);
	});

	test('a guest that ends by itself is looked at again at once', async () => {
		const wizard = open('shortly');
		await wizard.press(' ❯ Practise in a disposable VM', '\r');
		await wizard.press(' ❯ Go on', '\r');
		await wizard.press('Build it in the practice machine?', 'd');
		await expect.poll(() => wizard.asked(), {timeout: 10_000}).toContain('ended');
		// the details are closed by another look
		await expect.poll(() => wizard.screen(), {timeout: 10_000}).toContain(' ❯ Build numbers');
		wizard.type('q');
		await wizard.exit;
	});

	test.each([
		['SIGTERM', 143],
		['SIGHUP', 129],
		['SIGINT', 130]
	])('%s in the practice machine: %i, and it is thrown away', async (signal, code) => {
		const wizard = open('well');
		await wizard.press(' ❯ Practise in a disposable VM', '\r');
		await wizard.press(' ❯ Go on', '\r');
		await wizard.waitFor('Build it in the practice machine?');
		process.kill(wizard.pid, signal);
		expect((await wizard.exit).exitCode).toBe(code);
		expect(wizard.asked().at(-1)).toBe('left');
	});
});

describe('a module is tried before this machine meets it', () => {
	test('in a copy, and the walk comes back to where it was', async () => {
		const wizard = open('tries');
		await wizard.press('   Try numbers in the practice VM first', '2');
		await wizard.press('linux-rust-setup load --on practice /home/me/numbers', '\r');
		await wizard.press(' ❯ Go on', '\r');
		await wizard.press('Build it in the practice machine?', '\r');
		await wizard.press('This machine has not met it yet.', '\r');
		await expect.poll(() => wizard.screen(), {timeout: 10_000}).toContain('What shall be done on this machine?');
		expect(wizard.asked()).toEqual(['enter /home/me/numbers', 'agreed true', 'left']);
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(1);
	});

	test('on the kernel that runs here, where the VM can run it; the choice says so', async () => {
		const wizard = open('tries-here');
		await wizard.press('   Try numbers in the practice VM first', '2');
		await wizard.waitFor('The VM runs 7.2.12-arch1-1, as this machine does:');
		await wizard.press(
			/linux-rust-setup load --on practice --installed 7\.2\.12-arch1-1\s+\/home\/me\/numbers\n/,
			'\r'
		);
		await wizard.press(' ❯ Go on', '\r');
		await wizard.waitFor(' practice VM · 7.2.12-arch1-1 · thrown away when you leave\n');
		expect(wizard.asked()).toEqual(['enter /home/me/numbers', 'with 7.2.12-arch1-1', 'agreed true']);
		wizard.type('q');
		await wizard.exit;
	});
});

describe('a kernel is tried before this machine is booted with it', () => {
	test('in a VM that runs that very kernel, and the walk comes back to the boot', async () => {
		const wizard = open('boots');
		await wizard.press('   Try it in a disposable VM first', '2');
		await wizard.waitFor('nothing is chosen for the next boot');
		await wizard.press('linux-rust-setup practice --installed 7.2.12-arch1-1', '\r');
		await wizard.press(' ❯ Go on', '\r');
		await wizard.waitFor(' practice VM · 7.2.12-arch1-1 · thrown away when you leave\n');
		await wizard.press('Build it in the practice machine?', '\r');
		await wizard.waitFor('It was 7.2.12-arch1-1, in the practice VM;');
		await wizard.press(' ❯ Back to this machine', '\r');
		await expect.poll(() => wizard.screen(), {timeout: 10_000}).toContain('What shall be done on this machine?');
		expect(wizard.asked()).toEqual(['enter ', 'with 7.2.12-arch1-1', 'agreed true', 'left']);
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(4);
	});

	test('who stops there is told the command that goes on with that kernel', async () => {
		const wizard = open('boots');
		await wizard.press('Try it in a disposable VM first', '2\r');
		await wizard.press(' ❯ Go on', '\r');
		await wizard.press(' practice VM · 7.2.12-arch1-1', 'q');
		expect((await wizard.exit).exitCode).toBe(1);
		expect(wizard.text()).toMatch(/\nlinux-rust-setup practice --installed 7\.2\.12-arch1-1 goes on from here\.$/);
	});
});

describe('practice by its own command', () => {
	test('begins with the consent, without a question before it', async () => {
		const wizard = open('at-once');
		await wizard.press(' ❯ Go on', '\r');
		await wizard.waitFor('Build it in the practice machine?');
		expect(wizard.screen()).not.toContain('Back to this machine');
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(1);
		expect(wizard.text()).toMatch(/Still open: build\.\nlinux-rust-setup practice goes on from here\.$/);
	});

	test('a terminal of 40x12 and one of 20x6 have room for it', async () => {
		for (const [columns, rows] of [
			[40, 12],
			[20, 6]
		] as const) {
			const wizard = open('at-once', {columns, rows});
			await wizard.press(' ❯ Go on', '\r');
			await wizard.press(' practice VM · 7.2', 'q');
			expect((await wizard.exit).exitCode).toBe(1);
		}
	});
});
