import {describe, expect, test} from 'vitest';
import {keys} from '../support/virtual-terminal.ts';
import {bootDecision, longDecision, openApp} from './fake-walk.tsx';

const rowsOf = (screen: string) => screen.split('\n').map(row => row.trimEnd());

async function decision(given: Omit<Parameters<typeof openApp>[0], 'looks'> = {}) {
	const app = openApp({looks: [bootDecision], ...given});
	await app.settle();
	return app;
}

describe('a decision', () => {
	test('80x24', async () => {
		const app = await decision();
		expect(rowsOf(app.screen())).toEqual([
			' ✔ machine    x86_64 · 41 GB free · Secure Boot off',
			' ✔ kernel     linux-rust 7.2.13.arch1-1 installed',
			' ▸ boot       another kernel is running',
			' ○ toolchain  metadata · module · build · load',
			'',
			'The Rust kernel is installed, but not the one running. Boot it?',
			'   running    6.18.7-arch1-1',
			'   next boot  linux',
			'',
			' ❯ Boot linux-rust once, keep linux as the default',
			'   Make linux-rust the default',
			'   Reboot',
			'   Look again',
			'   Leave it for later',
			'',
			'   sudo grub-reboot linux-rust',
			'   why: chooses what GRUB starts next time, and only next time',
			'',
			' ↑↓ choose  Enter do it  d details  b back  ? help  q quit'
		]);
		app.app.unmount();
	});

	test('40x12', async () => {
		const app = await decision({columns: 40, rows: 12});
		expect(rowsOf(app.screen())).toEqual([
			'boot · 3 of 8',
			'The Rust kernel is installed, but not',
			'the one running. Boot it?',
			' running   6.18.7-arch1-1',
			' ❯ Boot linux-rust once, keep linux as …',
			'   Make linux-rust the default',
			'   Reboot',
			'   Look again',
			'   Leave it for later',
			' sudo grub-reboot linux-rust',
			' Enter d b ? q'
		]);
		app.app.unmount();
	});

	test('200x50 takes no more rows than 80x24', async () => {
		const app = await decision({columns: 200, rows: 50});
		expect(rowsOf(app.screen())).toHaveLength(19);
		app.app.unmount();
	});

	test('ASCII', async () => {
		const app = await decision({ascii: true});
		expect(rowsOf(app.screen()).slice(0, 4)).toEqual([
			' [x] machine    x86_64 · 41 GB free · Secure Boot off',
			' [x] kernel     linux-rust 7.2.13.arch1-1 installed',
			' >   boot       another kernel is running',
			' [ ] toolchain  metadata, module, build, load'
		]);
		expect(rowsOf(app.screen())[9]).toBe(' > Boot linux-rust once, keep linux as the default');
		expect(rowsOf(app.screen()).at(-1)).toBe(' Up/Down choose  Enter do it  d details  b back  ? help  q quit');
		app.app.unmount();
	});

	test('for a screen reader, one line each', async () => {
		const app = await decision({isRead: true, rows: 12});
		const read = [
			'machine: done: x86_64 · 41 GB free · Secure Boot off',
			'kernel: done: linux-rust 7.2.13.arch1-1 installed',
			'boot: now: another kernel is running',
			'toolchain: to do',
			'metadata: to do',
			'module: to do',
			'build: to do',
			'load: to do',
			'The Rust kernel is installed, but not the one running. Boot it?',
			'running: 6.18.7-arch1-1',
			'next boot: linux'
		];
		expect([...app.scrollback(), ...rowsOf(app.screen())]).toEqual([
			...read,
			'option: (selected) Boot linux-rust once, keep linux as the default',
			'option: Make linux-rust the default',
			'option: Reboot',
			'option: Look again',
			'option: Leave it for later',
			'command: sudo grub-reboot linux-rust',
			'why: chooses what GRUB starts next time, and only next time',
			'keys: Up and Down choose, Enter do it, d details, b back, ? help, q quit'
		]);
		await app.press(keys.down);
		const lines = [...app.scrollback(), ...rowsOf(app.screen())];
		expect(lines.slice(0, read.length)).toEqual(read);
		expect(lines.slice(read.length, -1)).toEqual([
			'option: Boot linux-rust once, keep linux as the default',
			'option: (selected) Make linux-rust the default',
			'option: Reboot',
			'option: Look again',
			'option: Leave it for later',
			'command: sudo grub-set-default linux-rust',
			'why: chooses what GRUB starts'
		]);
		app.app.unmount();
	});

	test('in any terminal the keys, the choice and its commands are seen, and nothing scrolls away', async () => {
		for (const [columns, rows] of [
			[20, 5],
			[30, 8],
			[40, 10],
			[40, 12],
			[60, 16],
			[80, 20],
			[80, 24],
			[120, 30],
			[200, 50]
		] as const) {
			const app = openApp({looks: [longDecision], columns, rows});
			const screen = rowsOf(await app.settle());
			expect(screen.length, `${columns}x${rows}`).toBeLessThan(rows);
			expect(screen.at(-1), `${columns}x${rows}`).toMatch(/ q(?: quit)?$/);
			expect(screen.join('\n'), `${columns}x${rows}`).toContain(' ❯ Install the');
			if (rows >= 8) {
				expect(screen.join('\n'), `${columns}x${rows}`).toContain(' sudo apt-get update');
				expect(screen.join('\n'), `${columns}x${rows}`).toContain(' sudo apt-get install rustc');
			} else expect(screen.join('\n')).toMatch(/…and \d more lines/);
			expect(app.scrollback()).toEqual([]);
			app.app.unmount();
		}
	});

	test('a terminal of one cell, made larger', async () => {
		const app = await decision({columns: 1, rows: 1});
		await app.resize(80, 24);
		expect(await app.settle()).toContain(' ❯ Boot linux-rust once, keep linux as the default');
		expect(app.screen()).toMatch(/q quit$/);
		app.app.unmount();
	});

	test('the commands follow the highlighted choice', async () => {
		const app = await decision();
		expect(await app.press(keys.down)).toContain(
			'   sudo grub-set-default linux-rust\n   why: chooses what GRUB starts'
		);
		expect(await app.press(keys.down)).toContain('   sudo reboot\n   for you to run: starts the machine anew');
		expect(await app.press(keys.down)).not.toContain('sudo');
		app.app.unmount();
	});
});

describe('keys of a decision', () => {
	test.each(['\r\r', `${keys.up}${keys.down}\r\r\r`])('%j starts one run', async chunk => {
		const app = await decision();
		await app.press(chunk);
		expect(app.runs).toHaveLength(1);
		expect(app.runs[0]?.actions).toMatchObject([{command: {argv: ['grub-reboot', 'linux-rust']}}]);
		app.app.unmount();
	});

	test('two Enters one after the other start one run', async () => {
		const app = await decision();
		await app.press(keys.enter);
		await app.press(keys.enter);
		expect(app.runs).toHaveLength(1);
		app.app.unmount();
	});

	test('Down and Enter in one chunk do the second', async () => {
		const app = await decision();
		await app.press(`${keys.down}\r`);
		expect(app.runs[0]?.actions).toMatchObject([{command: {argv: ['grub-set-default', 'linux-rust']}}]);
		app.app.unmount();
	});

	test('details show everything, scroll, and come back to the same choice', async () => {
		const app = await decision({columns: 60, rows: 14});
		await app.press(keys.down);
		const details = await app.press('d');
		expect(rowsOf(details)).toEqual([
			'boot: another kernel is running',
			'',
			'The Rust kernel is installed, but not the one running. Boot',
			'it?',
			'',
			'   running    6.18.7-arch1-1  (/proc/sys/kernel/osrelease)',
			'   next boot  linux  (/boot/grub/grubenv)',
			'',
			'reason boot.other-running, explained in docs/reasons.md',
			'',
			'Make linux-rust the default',
			' lines 1 to 11 of 13',
			' ↑↓ scroll  d back to the decision  ? help  q quit'
		]);
		expect(await app.press(keys.end)).toContain(
			'   sudo grub-set-default linux-rust\n   why: chooses what GRUB starts'
		);
		expect(await app.press('d')).toContain(' ❯ Make linux-rust the default');
		app.app.unmount();
	});

	test('help keeps the choice, and the keys that scroll do not close it', async () => {
		const app = await decision({rows: 12});
		await app.press(keys.down);
		expect(await app.press('?')).toContain('Nothing runs before you press Enter');
		expect(await app.press(keys.down)).toContain(' lines 2 to 11 of 13');
		// Enter closes the help and does nothing else
		expect(await app.press('\r')).toContain(' ❯ Make linux-rust the default');
		expect(app.runs).toEqual([]);
		app.app.unmount();
	});

	test.each(['b', '\u001b'])('%j goes to the step before, which says why it is done', async back => {
		const app = await decision();
		const screen = await app.press(back);
		expect(screen).toContain('Is kernel so? Yes: linux-rust 7.2.13.arch1-1 installed.');
		expect(screen).toContain(' ❯ Go on');
		app.app.unmount();
	});

	test('the first step has nowhere to go back to, and says so by silence', async () => {
		const app = await decision();
		await app.press('b');
		const first = await app.press('b');
		expect(first).not.toContain('b back');
		expect(await app.press('b')).toBe(first);
		app.app.unmount();
	});

	test('what is left for later is not asked again', async () => {
		const app = await decision();
		expect(await app.press(`${keys.end}\r`)).toContain(
			'Left for later: boot, toolchain, metadata, module, build, load.'
		);
		expect(await app.press('b')).toContain(' ❯ Boot linux-rust once');
		app.app.unmount();
	});

	test('q leaves with the code of what is open, Ctrl-C with 130', async () => {
		for (const [key, code] of [
			['q', 4],
			['\u0003', 130]
		] as const) {
			const app = await decision();
			const ended = app.app.waitUntilExit();
			await app.press(key);
			expect(await ended).toBe(code);
			// the last frame stays to be read
			expect(app.screen()).toContain('The Rust kernel is installed, but not the one running. Boot it?');
		}
	});

	test('while the machine is looked at, keys answer nothing', async () => {
		const app = openApp({looks: [bootDecision], slow: true});
		expect(await app.settle()).toMatch(/^ [^ ] looking at this machine$/);
		await app.press('\r\rq');
		expect(app.runs).toEqual([]);
		app.app.unmount();
	});
});
