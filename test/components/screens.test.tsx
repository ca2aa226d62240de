import {describe, expect, test} from 'vitest';
import {renderOnTerminal} from '../support/virtual-terminal.ts';
import {decision, failure, files, kernel, operation, type Scene, scenes} from './scenes.tsx';

async function screenOf(
	scene: Scene,
	columns: number,
	rows: number,
	options: {ascii?: boolean; isRead?: boolean} = {}
) {
	const {ascii = false, isRead = false} = options;
	const terminal = renderOnTerminal(scene(columns, rows, ascii), {columns, rows, isScreenReaderEnabled: isRead});
	const screen = await terminal.settle();
	terminal.app.unmount();
	return screen.split('\n').map(line => line.trimEnd());
}

describe('one decision', () => {
	test('80x24', async () => {
		expect(await screenOf(decision, 80, 24)).toEqual([
			' ✔ machine    x86_64 · 41 GB free · Secure Boot off',
			' ✔ kernel     linux-rust 7.2.13.arch1-1 installed',
			' ▸ boot       another kernel is running',
			' ○ toolchain  metadata · module · build · load',
			'   running    6.18.7-arch1-1',
			'   next boot  linux',
			' ❯ Boot linux-rust once, keep linux as the default',
			'   Make linux-rust the default  asks for no password',
			'   Practise in a disposable VM instead',
			'   Leave it for later',
			"   sudo grub-reboot 'Advanced options for Arch Linux>Arch Linux, with Linux",
			"       linux-rust'",
			'   why: chooses what GRUB starts next time, and only next time',
			' ↑↓ choose  Enter do it  d details  b back  ? help  q quit'
		]);
	});

	test('40x12: one row for the walk, and the whole command without its reason', async () => {
		expect(await screenOf(decision, 40, 12)).toEqual([
			'boot · 3 of 8',
			' running   6.18.7-arch1-1',
			' next boot linux',
			' ❯ Boot linux-rust once, keep linux as …',
			'   Make linux-rust the default  asks fo…',
			'   Practise in a disposable VM instead',
			'   Leave it for later',
			" sudo grub-reboot 'Advanced options for",
			'     Arch Linux>Arch Linux, with Linux',
			"     linux-rust'",
			' Enter d b ? q'
		]);
	});

	test('200x50 takes no more room than it needs', async () => {
		const screen = await screenOf(decision, 200, 50);
		expect(screen).toHaveLength(13);
		expect(screen[10]).toBe(
			`   ${"sudo grub-reboot 'Advanced options for Arch Linux>Arch Linux, with Linux linux-rust'"}`
		);
	});

	test('ASCII', async () => {
		const screen = await screenOf(decision, 80, 24, {ascii: true});
		expect(screen.slice(0, 4)).toEqual([
			' [x] machine    x86_64 · 41 GB free · Secure Boot off',
			' [x] kernel     linux-rust 7.2.13.arch1-1 installed',
			' >   boot       another kernel is running',
			' [ ] toolchain  metadata, module, build, load'
		]);
		expect(screen[6]).toBe(' > Boot linux-rust once, keep linux as the default');
		expect(screen.at(-1)).toBe(' Up/Down choose  Enter do it  d details  b back  ? help  q quit');
	});

	test('a screen reader hears every step, answer and command on a line of its own', async () => {
		expect(await screenOf(decision, 100, 24, {isRead: true})).toEqual([
			'list: listitem: machine: done: x86_64 · 41 GB free · Secure Boot off',
			'listitem: kernel: done: linux-rust 7.2.13.arch1-1 installed',
			'listitem: boot: now: another kernel is running',
			'listitem: toolchain: to do',
			'listitem: metadata: to do',
			'listitem: module: to do',
			'listitem: build: to do',
			'listitem: load: to do',
			'running: 6.18.7-arch1-1',
			'next boot: linux',
			'option: (selected) Boot linux-rust once, keep linux as the default',
			'option: Make linux-rust the default, asks for no password',
			'option: Practise in a disposable VM instead',
			'option: Leave it for later',
			"command: sudo grub-reboot 'Advanced options for Arch Linux>Arch Linux, with Linux linux-rust'",
			'why: chooses what GRUB starts next time, and only next time',
			'keys: Up and Down choose, Enter do it, d details, b back, ? help, q quit'
		]);
	});
});

describe('the kernel speaks', () => {
	test('80x24: own lines are barred, numbers stand at the right', async () => {
		expect(await screenOf(kernel, 80, 24)).toEqual([
			'      0.000  loading out-of-tree module taints kernel.                         1',
			'      0.000  module verification failed: signature missing                     2',
			' ▌    0.001  Rust out-of-tree sample (init)',
			'      2.410  usb 1-1: new high-speed USB device number 5',
			'',
			"   1 normal: the module is not part of the kernel's tree",
			'   2 normal: the module is not signed; Secure Boot is off'
		]);
	});

	test('40x12: texts are cut with a sign, notes wrap', async () => {
		expect(await screenOf(kernel, 40, 12)).toEqual([
			'   0.000  loading out-of-tree module…  1',
			'   0.000  module verification failed…  2',
			' ▌ 0.001  Rust out-of-tree sample (init)',
			'   2.410  usb 1-1: new high-speed USB d…',
			'',
			' 1 normal: the module is not part of the',
			"   kernel's tree",
			' 2 normal: the module is not signed;',
			'   Secure Boot is off'
		]);
	});

	test('20x6: the newest lines stay and the notes are counted', async () => {
		expect(await screenOf(kernel, 20, 6)).toEqual([
			'   0.000  module…  2',
			' ▌ 0.001  Rust out-…',
			'   2.410  usb 1-1: …',
			'',
			' …and 8 more lines'
		]);
	});

	test('ASCII bar, and a screen reader', async () => {
		expect((await screenOf(kernel, 80, 24, {ascii: true}))[2]).toBe(' |    0.001  Rust out-of-tree sample (init)');
		expect(await screenOf(kernel, 80, 24, {isRead: true})).toEqual([
			'kernel at 0.000: loading out-of-tree module taints kernel. (note 1)',
			'kernel at 0.000: module verification failed: signature missing (note 2)',
			'yours at 0.001: Rust out-of-tree sample (init)',
			'kernel at 2.410: usb 1-1: new high-speed USB device number 5',
			"note 1: normal: the module is not part of the kernel's tree",
			'note 2: normal: the module is not signed; Secure Boot is off'
		]);
	});
});

describe('a failure', () => {
	test('80x24: cause before facts before cures', async () => {
		expect(await screenOf(failure, 80, 24)).toEqual([
			' ✘ build: make stopped after 4 s',
			'',
			'The compiler does not match this kernel (E0514).',
			'   the kernel wants  rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust',
			'                     1:1.97.1-1)',
			'   make used         rustc 1.97.1 (8bab26f4f 2026-07-14), from rustup',
			"   Same number, built by another vendor: the kernel's crates refuse it.",
			'',
			'   Build with /usr/bin/rustc, which matches',
			'      make RUSTC=/usr/bin/rustc modules',
			'',
			'   log ~/.local/state/linux-rust-setup/build-1.log'
		]);
	});

	test('a screen reader', async () => {
		expect(await screenOf(failure, 100, 24, {isRead: true})).toEqual([
			'failed: build: make stopped after 4 s',
			'The compiler does not match this kernel (E0514).',
			'the kernel wants: rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust 1:1.97.1-1)',
			'make used: rustc 1.97.1 (8bab26f4f 2026-07-14), from rustup',
			"Same number, built by another vendor: the kernel's crates refuse it.",
			'remedy: Build with /usr/bin/rustc, which matches: make RUSTC=/usr/bin/rustc modules',
			'log: ~/.local/state/linux-rust-setup/build-1.log'
		]);
	});
});

test('a long operation, 80x24 and ASCII', async () => {
	expect(await screenOf(operation, 80, 24)).toEqual([
		' ✔ kernel  linux-rust installed',
		'     $ sudo pacman -U linux-rust-7.2.13.arch1-1-x86_64.pkg.tar.zst',
		'   build()    14,210 of about 26,900 · 52 %',
		'   ██████████████████████░░░░░░░░░░░░░░░░░░░░',
		'       CC    drivers/net/ethernet/intel/e1000e/netdev.o',
		'      50%',
		'       RUSTC 漢字 drivers/net/phy.o',
		'       LD',
		'• compiling'
	]);
	const ascii = await screenOf(operation, 80, 24, {ascii: true});
	expect(ascii[3]).toBe('   ######################--------------------');
	expect(ascii.at(-1)).toBe('* compiling');
});

test('a long operation is one line each for a screen reader', async () => {
	expect(await screenOf(operation, 80, 24, {isRead: true})).toEqual([
		'kernel: done: linux-rust installed',
		'kernel: ran: sudo pacman -U linux-rust-7.2.13.arch1-1-x86_64.pkg.tar.zst',
		'progressbar: (busy) build()    14,210 of about 26,900 · 52 %',
		'  CC    drivers/net/ethernet/intel/e1000e/netdev.o',
		' 50%',
		'  RUSTC 漢字 drivers/net/phy.o',
		'  LD',
		'working compiling'
	]);
});

test('files that are to be written, 40x12', async () => {
	expect(await screenOf(files, 40, 12)).toEqual([
		' ~/hello',
		' ❯ Kbuild    new',
		'   hello.rs  exists already',
		' Kbuild, lines 1 to 1 of 1',
		'   obj-m := hello.o'
	]);
});

describe('no scene tears', () => {
	const sizes = [
		[200, 50],
		[80, 24],
		[40, 12],
		[21, 7],
		[20, 6],
		[20, 5],
		[19, 24],
		[7, 3],
		[1, 1]
	] as const;
	for (const [name, scene] of Object.entries(scenes)) {
		test.each(sizes)(`${name} at %ix%i`, async (columns, rows) => {
			for (const ascii of [false, true]) {
				const terminal = renderOnTerminal(scene(columns, rows, ascii), {columns, rows});
				await terminal.settle();
				// One more frame: a frame that is too tall or too wide shows when the next one has to erase it.
				terminal.app.rerender(scene(columns, rows, ascii));
				const screen = await terminal.settle();
				expect(screen === '' ? 0 : screen.split('\n').length).toBeLessThanOrEqual(rows - 1);
				expect(terminal.scrollback().filter(line => line !== '')).toEqual([]);
				const {active} = terminal.terminal.buffer;
				for (let row = 0; row < active.length; row++) expect(active.getLine(row)?.isWrapped).toBe(false);
				if (ascii && screen !== '') expect(withoutGivenText(screen)).toMatch(/^[ -~\n]*$/);
				terminal.app.unmount();
			}
		});
	}
});

/** The scenes' own texts hold characters beyond ASCII; what the components add to them must not. */
function withoutGivenText(screen: string): string {
	return screen.replaceAll(/[·漢字]/g, '');
}

test('in a terminal too small to be read a sentence stands alone', async () => {
	expect(await screenOf(decision, 30, 4)).toEqual(['Terminal too small: 20x5 ne...']);
});
