import {describe, expect, test} from 'vitest';
import type {Outcome} from '../../src/model/walk.ts';
import {keys} from '../support/virtual-terminal.ts';
import {afterBoot, buildDecision, openApp} from './fake-walk.tsx';

const rowsOf = (screen: string) => screen.split('\n').map(row => row.trimEnd().replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/, '⠋'));
const log = '/home/me/.local/state/linux-rust-setup/logs/build-1.log';

async function building(given: Omit<Parameters<typeof openApp>[0], 'looks'> = {}) {
	const app = openApp({looks: [buildDecision, afterBoot], ...given});
	await app.settle();
	await app.press(keys.enter);
	await app.emit(
		{kind: 'phase', text: 'building numbers'},
		{kind: 'log', file: log},
		{kind: 'output', text: '  RUSTC [M] numbers.o\n  LD [M]'}
	);
	return app;
}

const mismatch: Outcome = {
	kind: 'failed',
	trouble: {
		title: 'make stopped with code 2 after 4 s',
		log,
		lines: 212,
		tail: [],
		failures: [
			{
				id: 'build.e0514',
				stage: 'build',
				severity: 'error',
				line: 17,
				text: 'error[E0514]: found crate `core` compiled by an incompatible version of rustc',
				cause: 'The compiler does not match this kernel.',
				remedies: [
					{label: 'Build with /usr/bin/rustc, which matches', command: 'make RUSTC=/usr/bin/rustc modules'},
					{label: 'Show other compilers'}
				]
			}
		]
	}
};

describe('a program runs', () => {
	test('its last lines are seen, and where all of them are', async () => {
		const app = await building();
		expect(rowsOf(app.screen())).toEqual([
			' ⠋ build  building numbers',
			'       RUSTC [M] numbers.o',
			'       LD [M]',
			`   log ${log}`,
			' Ctrl-C stop'
		]);
		const screen = await app.emit({kind: 'progress', text: 'crate 3 of 9', done: 3, total: 9});
		expect(rowsOf(screen).slice(1, 3)).toEqual(['   crate 3 of 9', `   ${'█'.repeat(14)}${'░'.repeat(28)}`]);
		app.app.unmount();
	});

	test.each([
		[40, 12],
		[20, 5]
	])('%ix%i: never higher than the terminal', async (columns, rows) => {
		const app = await building({columns, rows});
		await app.emit(
			{kind: 'output', text: 'line\n'.repeat(5000)},
			{kind: 'progress', text: 'crate 3 of 9', done: 3, total: 9},
			{kind: 'notice', text: 'something to know'}
		);
		expect(rowsOf(app.screen()).length).toBeLessThan(rows);
		expect(rowsOf(app.screen()).at(-1)).toBe(' Ctrl-C');
		expect(app.scrollback()).toEqual([]);
		app.app.unmount();
	});

	test('keys pressed meanwhile do not answer the next question', async () => {
		const app = openApp({looks: [buildDecision, buildDecision]});
		await app.settle();
		await app.press('\r');
		await app.press('\r\rq1\r');
		expect(app.runs).toHaveLength(1);
		expect(await app.finish({kind: 'ok'})).toContain('numbers has not been built yet. Build it?');
		expect(app.runs).toHaveLength(1);
		app.app.unmount();
	});

	test('the receipt stays above: what is true now, and the command that did it', async () => {
		const app = await building();
		const screen = await app.finish({kind: 'ok'});
		expect(rowsOf(screen).slice(0, 3)).toEqual([
			' ✔ build  is so',
			'     $ make -C /lib/modules/7.2.13-arch1-1-rust/build M=/home/me/numbers modules',
			' ✔ machine    x86_64 · 41 GB free · Secure Boot off'
		]);
		app.app.unmount();
	});

	test('a first Ctrl-C stops the run, a second one leaves', async () => {
		const app = await building();
		const screen = await app.press('\u0003');
		expect(app.runs[0]?.signal.aborted).toBe(true);
		expect(rowsOf(screen)[0]).toBe('Stopped: Build numbers. What was done so far is kept.');
		const ended = app.app.waitUntilExit();
		await app.press('\u0003');
		expect(await ended).toBe(130);
	});

	test('a screen reader hears what runs once, however much it prints', async () => {
		const app = await building({isRead: true});
		expect(rowsOf(app.screen()).slice(-3)).toEqual([
			' working build  building numbers',
			`   log ${log}`,
			'keys: Ctrl-C stop'
		]);
		const before = app.raw().length;
		await app.emit(
			{kind: 'output', text: 'line\n'.repeat(50)},
			{kind: 'progress', text: 'crate 3 of 9', done: 3, total: 9}
		);
		expect(
			app
				.raw()
				.slice(before)
				.replaceAll(/\u001b\[\?2026[hl]/g, '')
		).toBe('');
		app.app.unmount();
	});
});

describe('something did not go well', () => {
	test('a known failure: cause before cure, 80x24', async () => {
		const app = await building();
		expect(rowsOf(await app.finish(mismatch))).toEqual([
			' ✘ build  make stopped with code 2 after 4 s',
			'',
			'The compiler does not match this kernel.',
			'   line 17  error[E0514]: found crate `core` compiled by an incompatible version',
			'            of rustc',
			'',
			'   Build with /usr/bin/rustc, which matches',
			'      make RUSTC=/usr/bin/rustc modules',
			'   Show other compilers',
			'',
			`   log ${log} (212 lines)`,
			'   more linux-rust-setup explain build.e0514',
			'',
			' ❯ Look again and go on from there',
			'   Back to the decision',
			'',
			' Enter do it  d details  l last lines of the log  b back  ? help  q quit'
		]);
		app.app.unmount();
	});

	test('40x12: what has no room is counted, and d shows it', async () => {
		const app = await building({columns: 40, rows: 12});
		expect(rowsOf(await app.finish(mismatch))).toEqual([
			' ✘ build  make stopped with code 2 afte…',
			'',
			'The compiler does not match this kernel.',
			' line 17 error[E0514]: found crate',
			'         `core` compiled by an',
			'         incompatible version of rustc',
			'',
			'   …and 11 more lines',
			' ❯ Look again and go on from there',
			'   Back to the decision',
			' Enter d l b ? q'
		]);
		await app.press('d');
		expect(await app.press(keys.end)).toContain('make RUSTC=/usr/bin/rustc modules');
		expect(await app.press('d')).toContain(' ❯ Look again and go on from there');
		app.app.unmount();
	});

	describe('an error in the user’s own source', () => {
		const source = '/home/me/numbers/numbers.rs';
		const rejected: Outcome = {
			kind: 'failed',
			trouble: {
				title: 'make stopped with code 2 after 1 s',
				lines: 14,
				tail: [],
				failures: [
					{
						id: 'source.rustc',
						stage: 'build',
						severity: 'error',
						line: 4,
						text: 'error[E0308]: mismatched types',
						source: {
							file: source,
							line: 31,
							excerpt: [
								'31 |         let x: u32 = "hello";',
								'   |                ---   ^^^^^^^ expected `u32`, found `&str`',
								'   |\t\ta tab'
							]
						},
						cause: `The compiler rejects line 31 of ${source}: mismatched types.`,
						remedies: [{label: 'Open the place, column 22', command: `vi +31 ${source}`}]
					}
				]
			}
		};

		test('80x24: the place and the lines the compiler shows stand between cause and cure', async () => {
			const app = await building();
			expect(rowsOf(await app.finish(rejected)).slice(0, 15)).toEqual([
				' ✘ build  make stopped with code 2 after 1 s',
				'',
				'The compiler rejects line 31 of /home/me/numbers/numbers.rs: mismatched types.',
				'   line 4  error[E0308]: mismatched types',
				'   /home/me/numbers/numbers.rs:31',
				'   31 |         let x: u32 = "hello";',
				'      |                ---   ^^^^^^^ expected `u32`, found `&str`',
				'      |        a tab',
				'',
				'   Open the place, column 22',
				'      vi +31 /home/me/numbers/numbers.rs',
				'',
				'   more linux-rust-setup explain source.rustc',
				'',
				' ❯ Look again and go on from there'
			]);
			app.app.unmount();
		});

		test('40x12: a line of code is cut, never wrapped; d shows all of them', async () => {
			const app = await building({columns: 40, rows: 12});
			await app.finish(rejected);
			const details = await app.press('d');
			expect(details).toContain('\n   31 |         let x: u32 = "hello";\n      |                ---   ^^^^^^^ ex…\n');
			expect(await app.press(keys.end)).toMatch(/more linux-rust-setup explain\s+source\.rustc\n/);
			app.app.unmount();
		});

		test('a screen reader hears the lines too', async () => {
			const app = await building({isRead: true});
			expect(await app.finish(rejected)).toContain(`code: ${source}:31\n31 |         let x: u32 = "hello";`);
			app.app.unmount();
		});
	});

	test('l shows the last lines of the log and hides them again', async () => {
		const app = await building();
		await app.finish(mismatch);
		const shown = await app.press('l');
		expect(rowsOf(shown)).toEqual([
			'       RUSTC [M] numbers.o',
			'       LD [M]',
			' d details  l the cause  b back  ? help  q quit'
		]);
		expect(await app.press('l')).toContain('The compiler does not match this kernel.');
		app.app.unmount();
	});

	test('a failure that is not known is said to be so, with the line that looks like its cause', async () => {
		const app = await building();
		const trouble = {title: 'make stopped with code 2 after 1 s', lines: 3, tail: ['a', 'b'], failures: []};
		const unexplained = {line: 2, text: 'frobnicate: cannot'};
		const screen = await app.finish({kind: 'failed', trouble: {...trouble, unexplained}});
		expect(screen).toContain(
			'This failure is not known to this program. What the log says:\n   line 2  frobnicate: cannot'
		);
		app.app.unmount();
	});

	test('a failure without a word', async () => {
		const app = await building();
		const trouble = {title: 'insmod was ended by SIGKILL', lines: 0, tail: [], failures: []};
		expect(await app.finish({kind: 'failed', trouble})).toContain('There is no output to explain it by.');
		app.app.unmount();
	});

	test('a refusal says that nothing was run, and how to run it', async () => {
		const app = await building();
		const screen = await app.finish({kind: 'refused', why: 'sudo did not give root', command: 'sudo insmod x.ko'});
		expect(rowsOf(screen).slice(0, 6)).toEqual([
			' ✘ build  nothing was run',
			'',
			'sudo did not give root.',
			'',
			'   Run it yourself',
			'      sudo insmod x.ko'
		]);
		app.app.unmount();
	});

	test('b goes back to the decision, Enter looks again', async () => {
		const app = openApp({looks: [buildDecision, buildDecision, afterBoot]});
		await app.settle();
		await app.press('\r');
		await app.finish(mismatch);
		expect(await app.press('b')).toContain('numbers has not been built yet. Build it?');
		await app.press('\r');
		await app.finish({kind: 'cancelled', note: 'The half toolchain was removed.'});
		expect(app.screen()).toContain('Stopped: Build numbers. The half toolchain was removed.');
		expect(await app.press('\r')).toContain('Your module spoke in a running kernel.');
		app.app.unmount();
	});
});
