import {describe, expect, test} from 'vitest';
import type {ActionEvent} from '../../src/model/walk.ts';
import {keys} from '../support/virtual-terminal.ts';
import {afterBoot, loadDecision, openApp} from './fake-walk.tsx';

const rowsOf = (screen: string) => screen.split('\n').map(row => row.trimEnd());

const said = (seconds: number, text: string, own = false, note?: string): ActionEvent => ({
	kind: 'kernel',
	line: {seconds, text, own, ...(note === undefined ? {} : {note: {text: note, harmless: true}})}
});
const taint = 'normal: the module is not part of the kernel’s tree';
const words = [
	said(0, 'loading out-of-tree module taints kernel.', false, taint),
	said(0.001, 'Rust out-of-tree sample (init)', true),
	said(2.41, 'usb 1-1: new high-speed USB device number 5'),
	said(9.932, 'My numbers are [72, 108, 200]', true)
];

/** A module that is loaded and being watched. */
async function watching(given: Omit<Parameters<typeof openApp>[0], 'looks'> = {}) {
	const app = openApp({looks: [loadDecision, afterBoot], ...given});
	await app.settle();
	await app.press(keys.enter);
	const wish = app.watch();
	await app.emit(...words);
	return {...app, wish};
}

describe('the kernel speaks', () => {
	test('80x24', async () => {
		const app = await watching();
		expect(rowsOf(app.screen())).toEqual([
			' ▸ load  numbers is loaded, 7.2.13-arch1-1-rust',
			'      0.000  loading out-of-tree module taints kernel.                         1',
			' ▌    0.001  Rust out-of-tree sample (init)',
			'      2.410  usb 1-1: new high-speed USB device number 5',
			' ▌    9.932  My numbers are [72, 108, 200]',
			'',
			`   1 ${taint}`,
			'',
			' u unload  r reload  e hide notes  a only mine  q leave it loaded and quit'
		]);
		app.app.unmount();
	});

	test('40x12 explains on request', async () => {
		const app = await watching({columns: 40, rows: 12, ascii: true});
		expect(rowsOf(app.screen())).toEqual([
			' > load  numbers is loaded, 7.2.13-arch…',
			'   0.000  loading out-of-tree modu...  1',
			' | 0.001  Rust out-of-tree sample (init)',
			'   2.410  usb 1-1: new high-speed USB...',
			' | 9.932  My numbers are [72, 108, 200]',
			'',
			' u r e a ? q'
		]);
		expect(await app.press('e')).toContain(' 1 normal: the module is not part of the');
		app.app.unmount();
	});

	test('many lines: the newest stay, nothing scrolls away', async () => {
		const app = await watching({rows: 10});
		await app.emit(...Array.from({length: 500}, (_, index) => said(10 + index, `tick ${index}`, true)));
		expect(rowsOf(app.screen()).length).toBeLessThan(10);
		expect(app.screen()).toContain('tick 499');
		expect(app.screen()).toContain(' u unload');
		expect(app.scrollback()).toEqual([]);
		app.app.unmount();
	});

	test('a leaves out what others said', async () => {
		const app = await watching();
		expect(await app.press('a')).not.toContain('usb 1-1');
		expect(await app.press('a')).toContain('usb 1-1');
		app.app.unmount();
	});

	test.each([
		['u', 'unload'],
		['r', 'reload']
	])('%s: %s, once', async (key, wish) => {
		const app = await watching();
		await app.press(key + key);
		expect(await app.wish).toBe(wish);
		app.app.unmount();
	});

	test('q leaves the module loaded', async () => {
		const app = await watching();
		const ended = app.app.waitUntilExit();
		await app.press('q');
		expect(await app.wish).toBe('leave');
		expect(await ended).toBe(1);
	});

	test('before it is loaded, u, r and q mean nothing', async () => {
		const app = openApp({looks: [loadDecision, afterBoot]});
		await app.settle();
		await app.press('\r');
		expect(await app.emit({kind: 'phase', text: 'loading numbers'})).toMatch(/^ . load {2}loading numbers, 7\.2\.13/);
		await app.press('urq');
		const wish = app.watch();
		await app.press('u');
		expect(await wish).toBe('unload');
		app.app.unmount();
	});

	test('its words stay above when it is unloaded', async () => {
		const app = await watching({asRoot: true});
		await app.press('u');
		const screen = await app.finish({kind: 'ok'});
		expect(rowsOf([...app.scrollback(), screen].join('\n')).slice(0, 6)).toEqual([
			' ✔ load  is so',
			'     $ insmod /home/me/numbers/numbers.ko',
			'     $ rmmod numbers',
			'      0.000  loading out-of-tree module taints kernel.',
			' ▌    0.001  Rust out-of-tree sample (init)',
			' ▌    9.932  My numbers are [72, 108, 200]'
		]);
		app.app.unmount();
	});

	test('a screen reader hears each line once', async () => {
		const app = await watching({isRead: true, columns: 200, rows: 50});
		await app.emit(said(12, 'one more', true));
		const screen = rowsOf(app.screen());
		expect(
			screen.slice(screen.indexOf(`kernel at 0.000: loading out-of-tree module taints kernel. (${taint})`))
		).toEqual([
			`kernel at 0.000: loading out-of-tree module taints kernel. (${taint})`,
			'yours at 0.001: Rust out-of-tree sample (init)',
			'kernel at 2.410: usb 1-1: new high-speed USB device number 5',
			'yours at 9.932: My numbers are [72, 108, 200]',
			'yours at 12.000: one more',
			' ▸ load  numbers is loaded, 7.2.13-arch1-1-rust',
			'',
			'keys: u unload, r reload, ? help, q leave it loaded and quit'
		]);
		expect(app.raw().split('one more')).toHaveLength(2);
		app.app.unmount();
	});
});

describe('the end of the walk', () => {
	async function finished(given: Omit<Parameters<typeof openApp>[0], 'looks'> = {}) {
		const app = openApp({looks: [afterBoot], ...given});
		await app.settle();
		return app;
	}

	test('80x24', async () => {
		const app = await finished();
		expect(rowsOf(app.screen()).slice(7)).toEqual([
			' ✔ load       is so',
			'',
			'Your module spoke in a running kernel.',
			'Change its source and start this program again, or write the next one:',
			'   linux-rust-setup new NAME',
			'',
			' ❯ Quit',
			'   Look again',
			'',
			' ↑↓ choose  Enter do it  b back  ? help  q quit'
		]);
		const ended = app.app.waitUntilExit();
		await app.press('\r');
		expect(await ended).toBe(0);
	});

	test.each([
		[40, 12, 'all done · 8 of 8'],
		[20, 5, 'Your module spoke i…']
	])('%ix%i', async (columns, rows, first) => {
		const app = await finished({columns, rows});
		expect(rowsOf(app.screen())[0]).toBe(first);
		expect(rowsOf(app.screen()).slice(-3)).toEqual([' ❯ Quit', '   Look again', ' Enter b ? q']);
		expect(app.scrollback()).toEqual([]);
		app.app.unmount();
	});
});
