import {describe, expect, test} from 'vitest';
import type {Consent} from '../../src/model/walk.ts';
import type {Practising} from '../../src/ui/App.tsx';
import {askConsent} from '../../src/ui/desk.ts';
import {keys} from '../support/virtual-terminal.ts';
import {afterBoot, buildDecision, kernelDecision, loadDecision, openApp} from './fake-walk.tsx';

type Given = Omit<Parameters<typeof openApp>[0], 'looks'>;

const rowsOf = (screen: string) => screen.split('\n').map(row => row.trimEnd());
const release = '7.2.12+deb14-amd64';
const sign = ` practice VM · ${release} · thrown away when you leave`;

const consent: Consent = {
	text: 'Practice mode makes a small Debian with a Rust kernel in a folder of its own, once.',
	facts: [
		{label: 'fetched', value: 'about 550 MB'},
		{label: 'mirror', value: 'http://mirror.example/debian'}
	],
	commands: [
		{
			argv: ['apt-get', '--yes', 'install', 'debootstrap', 'qemu-system-x86'],
			as: 'root',
			terminal: 'captured',
			interrupt: 'never',
			why: 'debootstrap makes the practice root, QEMU runs its kernel'
		}
	]
};

/** The walk on its way into practice mode, with the user asked what it takes. */
async function asked(given: Given = {}) {
	let inside: Practising | undefined;
	const app = openApp({looks: [kernelDecision, buildDecision], practising: () => inside, ...given});
	await app.settle();
	await app.press(keys.enter);
	const signal = app.runs[0]?.signal ?? new AbortController().signal;
	const answer = askConsent(app.desk, consent, {signal, asRoot: false});
	await app.settle();
	return {
		...app,
		answer,
		arrive: async (practising: Partial<Practising> = {}) => {
			inside = {release, tried: undefined, leave: undefined, ...practising};
			return app.finish({kind: 'ok'});
		}
	};
}

describe('what practice mode takes is agreed to', () => {
	test('80x24: what it is, what it costs, the exact command and why', async () => {
		const app = await asked();
		expect(rowsOf(app.screen())).toEqual([
			'Practise in a disposable VM, on a real Rust kernel',
			'',
			'Practice mode makes a small Debian with a Rust kernel in a folder of its own,',
			'once.',
			'   fetched  about 550 MB',
			'   mirror   http://mirror.example/debian',
			'',
			'   sudo apt-get --yes install debootstrap qemu-system-x86',
			'   why: debootstrap makes the practice root, QEMU runs its kernel',
			'',
			' ❯ Go on',
			'   Not now',
			'',
			' Enter do it  d details  b back  ? help  q quit'
		]);
		app.app.unmount();
	});

	test('40x12: the command and the costs first; d shows the rest', async () => {
		const app = await asked({columns: 40, rows: 12});
		expect(rowsOf(app.screen())).toEqual([
			'Practise in a disposable VM, on a real …',
			' sudo apt-get --yes install debootstrap',
			'     qemu-system-x86',
			' why: debootstrap makes the practice',
			'      root, QEMU runs its kernel',
			' fetched about 550 MB',
			' mirror  http://mirror.example/debian',
			'   …and 3 more lines',
			' ❯ Go on',
			'   Not now',
			' Enter d b ? q'
		]);
		await app.press('d');
		expect(await app.press(keys.end)).toContain('Rust kernel in a folder of its own');
		expect(await app.press('d')).toContain(' ❯ Go on');
		app.app.unmount();
	});

	test('200x50 takes no more rows than it has words', async () => {
		const app = await asked({columns: 200, rows: 50});
		expect(rowsOf(app.screen())).toHaveLength(13);
		app.app.unmount();
	});

	test('a screen reader hears every part of it', async () => {
		const app = await asked({isRead: true});
		const screen = app.screen();
		expect(screen).toContain('fetched: about 550 MB\nmirror: http://mirror.example/debian\n');
		expect(screen).toContain('command: sudo apt-get --yes install debootstrap qemu-system-x86\n');
		app.app.unmount();
	});

	test('Enter agrees, once', async () => {
		const app = await asked();
		await app.press('\r');
		expect(await app.answer).toBe(true);
		expect(app.screen()).toContain('Practise in a disposable VM');
		expect(app.screen()).not.toContain('Go on');
		app.app.unmount();
	});

	test.each([
		['b', 'b'],
		['Esc', '\u001b'],
		['the second choice', '2\r'],
		['Ctrl-C', '\u0003']
	])('%s does not', async (_name, pressed) => {
		const app = await asked();
		await app.press(pressed);
		expect(await app.answer).toBe(false);
		app.app.unmount();
	});

	test('who does not agree is back at the decision at once', async () => {
		const app = await asked();
		await app.press('b');
		expect(await app.finish({kind: 'declined'})).toContain(' ❯ Practise in a disposable VM, on a real Rust kernel');
		app.app.unmount();
	});
});

describe('in the practice machine', () => {
	test('a sign says so, the receipt says how it was entered, and root needs no sudo there', async () => {
		const app = await asked();
		await app.press('\r');
		const screen = await app.arrive();
		expect([...app.scrollback(), ...rowsOf(screen)].slice(0, 4)).toEqual([
			` ✔ kernel  the practice VM runs ${release}`,
			'     $ linux-rust-setup practice',
			'     $ sudo apt-get --yes install debootstrap qemu-system-x86',
			sign
		]);
		app.app.unmount();
	});

	const everywhere = [
		['80x24', {}],
		['40x12', {columns: 40, rows: 12}],
		['200x50', {columns: 200, rows: 50}],
		['20x6', {columns: 20, rows: 6}]
	] as const;
	test.each(everywhere)('%s: the sign is on every screen, which is never too high', async (_name, size) => {
		const {columns = 80, rows = 24} = {...size} as {columns?: number; rows?: number};
		const start = sign.slice(0, Math.min(columns - 1, sign.length));
		const practising = (): Practising => ({release, tried: undefined, leave: () => {}});
		const app = openApp({looks: [buildDecision, buildDecision, loadDecision, afterBoot], practising, ...size});
		const seen = async (screen: string) => {
			expect(screen).toContain(start);
			expect(rowsOf(screen).length).toBeLessThan(rows);
		};
		await seen(await app.settle());
		await seen(await app.press('d'));
		await seen(await app.press('d'));
		await seen(await app.press('?'));
		await app.press('x');
		await app.press('\r');
		await seen(await app.emit({kind: 'output', text: 'line\n'.repeat(50)}));
		const trouble = {title: 'make stopped', lines: 9, tail: ['a', 'b'], failures: []};
		await seen(await app.finish({kind: 'failed', trouble}));
		await seen(await app.press('\r'));
		app.app.unmount();
	});

	test('nothing of the sign is on the screens of this machine', async () => {
		const app = openApp({looks: [buildDecision]});
		expect(await app.settle()).not.toContain('practice VM');
		app.app.unmount();
	});

	test('every decision has a way back to this machine, where the walk was begun on it', async () => {
		let left = 0;
		const leave = (): void => void left++;
		const app = openApp({looks: [buildDecision], practising: () => ({release, tried: undefined, leave})});
		expect(await app.settle()).toContain('   Leave it for later\n   Back to this machine\n');
		await app.press(`${keys.end}\r`);
		expect(left).toBe(1);
		app.app.unmount();
		const other = openApp({looks: [buildDecision], practising: () => ({release, tried: undefined, leave: undefined})});
		expect(await other.settle()).not.toContain('Back to this machine');
		other.app.unmount();
	});

	test('a module that is watched is not left loaded by quitting', async () => {
		const practising = () => ({release, tried: undefined, leave: undefined});
		const app = openApp({looks: [loadDecision], practising});
		await app.settle();
		await app.press('\r');
		void app.watch();
		const screen = await app.settle();
		expect(screen).toMatch(/ q quit$/);
		expect(screen).not.toContain('leave it loaded');
		app.app.unmount();
	});
});

describe('the end of practising', () => {
	const finished = async (practising: Partial<Practising>, given: Given = {}) => {
		const app = openApp({
			looks: [afterBoot],
			practising: () => ({release, tried: undefined, leave: undefined, ...practising}),
			...given
		});
		await app.settle();
		return app;
	};

	test('says whose kernel it was, and how to practise again', async () => {
		const app = await finished({});
		expect(rowsOf(app.screen()).slice(10, 18)).toEqual([
			'Your module spoke in a running kernel.',
			'It was the kernel of the practice VM; this machine’s own was not touched.',
			'Change its source and practise again:',
			'   linux-rust-setup practice',
			'',
			' ❯ Quit',
			'   Look again',
			''
		]);
		const ended = app.app.waitUntilExit();
		await app.press('\r');
		expect(await ended).toBe(0);
	});

	test('a module that was tried there has this machine still before it', async () => {
		let left = 0;
		const app = await finished({tried: '/home/me/numbers', leave: () => void left++});
		expect(app.screen()).toContain('That was a copy of it, in the practice VM. This machine has not met it yet.');
		expect(app.screen()).toContain(' ❯ Back to this machine\n   Quit\n');
		await app.press('\r');
		expect(left).toBe(1);
		app.app.unmount();
	});

	test('40x12', async () => {
		const app = await finished({leave: () => {}}, {columns: 40, rows: 12});
		const rows = rowsOf(app.screen());
		expect(rows.length).toBeLessThan(12);
		expect(rows).toContain('   Back to this machine');
		expect(rows.at(-1)).toBe(' Enter b ? q');
		app.app.unmount();
	});
});
