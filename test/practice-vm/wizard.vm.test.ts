import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {bundleProgram} from '../support/bundle.ts';
import {openPty} from '../support/pty.ts';
import {borrowRoot, emptyFolder, emptyPlace, node, ofPractice, type Place, program, run} from './practice.ts';

const place = borrowRoot();
const soon = 30_000;
/** A guest starts in seconds; under emulation, on a machine with other things to do, in more of them. */
const later = 150_000;
const sign = /^ practice VM · \d+\.\d+\.\d+\S* · thrown away when you leave$/m;

/** In a mount namespace of its own, the programs named are none. */
const without = (programs: readonly string[]): readonly string[] => [
	...['unshare', '--mount', 'sh', '-euc'],
	`for one in ${programs.join(' ')}; do mount --bind /dev/null "$(command -v "$one")"; done; exec "$@"`,
	'sh'
];

/** The program on a terminal, as a user would start it. `before` is put in front of it. */
function open(
	words: readonly string[],
	options: {
		readonly at?: Place;
		readonly cwd?: string;
		readonly script?: string;
		readonly before?: readonly string[];
	} = {}
) {
	const cwd = options.cwd ?? emptyFolder();
	const state = join(cwd, '.state');
	mkdirSync(state, {recursive: true});
	const [first = '', ...rest] = [...(options.before ?? []), node, options.script ?? program, ...words];
	return openPty([first, ...rest], {
		cwd,
		columns: 80,
		rows: 40,
		environment: {
			PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
			HOME: cwd,
			XDG_CACHE_HOME: (options.at ?? place).cache,
			XDG_STATE_HOME: state
		}
	});
}

type Wizard = ReturnType<typeof open>;

/** Waits for a screen, then presses keys on it. */
async function press(wizard: Wizard, screen: string | RegExp, keys: string, patience = soon): Promise<void> {
	await wizard.waitFor(screen, patience);
	wizard.type(keys);
}

/** From the first decision in the practice machine to a module that spoke and was unloaded. */
async function walkWithNumbers(wizard: Wizard): Promise<void> {
	await press(wizard, 'What shall the first one be?', '2\r', later);
	await press(wizard, 'Name of the module', '\r');
	await press(wizard, 'Enter write them', '\r');
	await press(wizard, 'numbers is not built yet. Build it', '\r', later);
	await press(wizard, 'Load it and watch the kernel log?', '\r', later);
	await wizard.waitFor(/▌ +\d+\.\d{3} {2}Rust out-of-tree sample \(init\)/, later);
	await press(wizard, 'u unload', 'u');
	await wizard.waitFor('Your module spoke in a running kernel.', later);
}

describe('practice by keys', () => {
	test('from its start to the module’s words; q throws the guest away and all done is 0', async () => {
		const cwd = emptyFolder();
		const wizard = open(['practice'], {cwd});
		await walkWithNumbers(wizard);
		expect(wizard.screen()).toMatch(sign);
		// the receipt
		await wizard.waitFor(/▌ +\d+\.\d{3} {2}My numbers are \[72, 108, 200\]/, soon);
		expect(wizard.text()).toMatch(/ ✔ boot {2}the practice VM runs \d\S+\n {5}\$ linux-rust-setup practice\n/);
		expect(ofPractice(place.folder).length).toBeGreaterThan(0);
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(0);
		expect(ofPractice(place.folder)).toEqual([]);
		expect(existsSync(join(cwd, 'numbers/numbers.rs'))).toBe(true);
		expect(readdirSync(join(place.folder, 'guest'))).toEqual([]);
	});

	test('q before the end: 1, the guest is gone, and the way on is said', async () => {
		const wizard = open(['practice']);
		await press(wizard, 'What shall the first one be?', 'q', later);
		expect((await wizard.exit).exitCode).toBe(1);
		expect(wizard.text()).toMatch(/Still open: module, build, load\.\nlinux-rust-setup practice goes on from here\.$/);
		expect(ofPractice(place.folder)).toEqual([]);
	});

	test('a second one is refused on its screen, and told by whom', async () => {
		const first = open(['practice']);
		await first.waitFor('What shall the first one be?', later);
		const second = open(['practice']);
		await press(second, `practice mode is in use already, by process ${first.pid}`, '\r');
		await press(second, 'Start the practice VM', 'q');
		expect((await second.exit).exitCode).toBe(1);
		first.type('q');
		await first.exit;
	});
});

const offersPractice = /"id": "practise"/.test((await run(['check', '--json'], {at: place})).stdout);

describe.runIf(offersPractice)('the wizard, on a machine without a Rust kernel', () => {
	test('offers practising as its default and does it; the walk goes on there, and comes back', async () => {
		const wizard = open([]);
		await press(wizard, ' ❯ Practise in a disposable VM, on a real Rust kernel', '\r');
		await wizard.waitFor('What shall the first one be?', later);
		expect(wizard.screen()).toMatch(sign);
		wizard.type('\u001b[F\r');
		await expect.poll(() => wizard.screen(), {timeout: soon}).not.toMatch(sign);
		await expect.poll(() => wizard.screen(), {timeout: soon}).toContain(' ❯ Practise in a disposable VM');
		expect(ofPractice(place.folder)).toEqual([]);
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(1);
	});
});

test('a module is tried in a copy before this machine meets it: what is built here stays, and the walk comes back', async () => {
	const cwd = emptyFolder();
	await bundleProgram('test/practice-vm/programs/try.tsx', join(cwd, 'try.mjs'));
	const folder = join(cwd, 'numbers');
	await run(['practice', '--yes'], {cwd, at: place});
	const built = join(folder, 'numbers.ko');
	writeFileSync(built, 'built for another kernel');
	const wizard = open([folder], {cwd, script: join(cwd, 'try.mjs')});
	await press(wizard, `linux-rust-setup load --on practice`, '\r');
	await press(wizard, 'numbers is not built yet. Build it', '\r', later);
	await press(wizard, 'Load it and watch the kernel log?', '\r', later);
	await press(wizard, 'u unload', 'u', later);
	await press(wizard, 'This machine has not met it yet.', '\r', later);
	await expect.poll(() => wizard.screen(), {timeout: soon}).toContain('Load numbers on this machine?');
	expect(wizard.text()).toMatch(/▌ +\d+\.\d{3} {2}My numbers are \[72, 108, 200\]/);
	expect(readFileSync(built, 'utf8')).toBe('built for another kernel');
	expect(ofPractice(place.folder)).toEqual([]);
	wizard.type('q');
	expect((await wizard.exit).exitCode).toBe(1);
});

describe('what it takes is agreed to first', () => {
	test('nothing is made, installed or fetched without a yes; the costs and the command are seen', async () => {
		const at = emptyPlace();
		const wizard = open(['practice'], {at, before: without(['debootstrap', 'qemu-system-x86_64'])});
		await wizard.waitFor(' ❯ Go on');
		expect(wizard.screen()).toMatch(/ {3}fetched +about 550 MB\n {3}disk +4\.5 GB/);
		expect(wizard.screen()).toMatch(/ {3}mirror +(?:https?:\/\/\S+|debootstrap’s own; --mirror URL names another)\n/);
		expect(wizard.screen()).toMatch(/ debootstrap\s+qemu-system-x86\n {3}why(?:, as root)?: /);
		wizard.type('b');
		await press(wizard, 'Start the practice VM', 'q');
		expect((await wizard.exit).exitCode).toBe(1);
		expect(existsSync(at.root)).toBe(false);
		expect(existsSync(join(at.folder, 'stamps.json'))).toBe(false);
	});

	test('a mirror that does not answer: cause and cure, then the decision', async () => {
		const wizard = open(['practice', '--mirror', 'http://127.0.0.1:9/debian'], {at: emptyPlace()});
		await press(wizard, 'mirror      http://127.0.0.1:9/debian', '\r');
		await wizard.waitFor('debootstrap could not read http://127.0.0.1:9/debian');
		expect(wizard.screen()).toContain('linux-rust-setup practice --mirror URL');
		expect(wizard.screen()).toContain('more docs/failures.md#practice.mirror');
		await press(wizard, 'Look again and go on from there', '\r');
		await press(wizard, /Start it\?[\s\S]* ❯ Start the practice VM/, 'q');
		expect((await wizard.exit).exitCode).toBe(1);
	});

	test('a full disk is said before anything is fetched', async () => {
		const at = emptyPlace();
		mkdirSync(at.cache, {recursive: true});
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', at.cache]);
		const wizard = open(['practice'], {at});
		await press(wizard, ' ❯ Go on', '\r');
		await wizard.waitFor(/practice mode needs 4\.5 GB below/);
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(1);
	});
});

describe('a guest that goes wrong', () => {
	const qemu = (): number => {
		const id = ofPractice(place.folder).find(one => readFileSync(`/proc/${one}/comm`, 'utf8').startsWith('qemu'));
		if (id === undefined) throw new Error('no guest runs');
		return id;
	};

	test('is said to be gone at once, at any question, and another goes on where it was', async () => {
		const wizard = open(['practice']);
		await wizard.waitFor('What shall the first one be?', later);
		process.kill(qemu(), 'SIGKILL');
		await press(wizard, 'The practice VM is gone: qemu was ended by SIGKILL.', '\r');
		await wizard.waitFor(/(?: ✔ boot {2}the practice VM runs [\s\S]*){2}What shall the first one be\?/, later);
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(1);
	});

	test('a module that panics: the cause, then loading is refused there and another guest offered', async () => {
		const cwd = emptyFolder();
		mkdirSync(join(cwd, 'breaks'));
		writeFileSync(join(cwd, 'breaks/Kbuild'), 'obj-m := breaks.o\n');
		writeFileSync(
			join(cwd, 'breaks/breaks.rs'),
			'// SPDX-License-Identifier: GPL-2.0\n//! Test.\nuse kernel::prelude::*;\nmodule! { type: M, name: "breaks", authors: ["x"], description: "x", license: "GPL", }\nstruct M;\nimpl kernel::Module for M { fn init(_m: &\'static ThisModule) -> Result<Self> { panic!("on purpose"); } }\n'
		);
		const wizard = open(['practice', '--module', 'breaks'], {cwd});
		await press(wizard, 'breaks is not built yet. Build it', '\r', later);
		await press(wizard, 'Load it and watch the kernel log?', '\r', later);
		await wizard.waitFor('✘ load', later);
		wizard.type('\r');
		await press(wizard, /oopsed[\s\S]* ❯ Start another practice VM|The practice VM is gone/, '\r', later);
		await wizard.waitFor(/ ✔ load {2}the practice VM runs [\s\S]*Load it and watch the kernel log\?/, later);
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(1);
	});
});

describe('interrupted', () => {
	test('Ctrl-C while the guest starts: it is gone, and the walk goes on', async () => {
		const wizard = open(['practice']);
		await press(wizard, 'starting the practice VM', '\u0003');
		await wizard.waitFor('Stopped: Start the practice VM.');
		await expect.poll(() => ofPractice(place.folder), {timeout: 8000}).toEqual([]);
		wizard.type('\r');
		await press(wizard, /Start it\?[\s\S]* ❯ Start the practice VM/, '\r');
		await press(wizard, 'What shall the first one be?', 'q', later);
		expect((await wizard.exit).exitCode).toBe(1);
	});

	test.each([
		['SIGTERM', 143],
		['SIGHUP', 129],
		['SIGINT', 130]
	])('%s at a question: %i, and no guest is left', async (signal, code) => {
		const wizard = open(['practice']);
		await wizard.waitFor('What shall the first one be?', later);
		process.kill(wizard.pid, signal);
		expect((await wizard.exit).exitCode).toBe(code);
		expect(ofPractice(place.folder)).toEqual([]);
	});

	test('a terminal that is closed takes the guest with it', async () => {
		const wizard = open(['practice']);
		await wizard.waitFor('What shall the first one be?', later);
		wizard.hangUp();
		await expect.poll(() => ofPractice(place.folder), {timeout: 15_000}).toEqual([]);
	});
});
