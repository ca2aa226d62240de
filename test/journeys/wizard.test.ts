import {readdirSync, readFileSync} from 'node:fs';
import {beforeAll, describe, expect, test} from 'vitest';
import {makeKernelFolder} from '../support/kernel-folder.ts';
import {buildProgram, makePlace, programPath} from '../support/program.ts';
import {openPty, type PtyOptions} from '../support/pty.ts';

beforeAll(buildProgram);

/** The built wizard in a terminal, with a home of its own. */
function openWizard(flags: readonly string[] = [], options: PtyOptions = {}) {
	const {cwd, state} = makePlace();
	return openPty([process.execPath, programPath, ...flags], {
		cwd,
		...options,
		environment: {HOME: cwd, XDG_STATE_HOME: state, ...options.environment}
	});
}

/** The wizard started by a shell, which then tells its exit code and how it left the terminal. */
function openShell(flags: readonly string[] = [], options: PtyOptions = {}) {
	const {cwd, state} = makePlace();
	const wizard = [process.execPath, programPath, ...flags].map(word => `'${word}'`).join(' ');
	return openPty(
		[
			'/bin/sh',
			'-c',
			`stty -a | tr ';' '\\n' > before; ${wizard}; echo "code=$?"; stty -a | tr ';' '\\n' > after; cmp before after && echo same terminal`
		],
		{
			cwd,
			...options,
			environment: {HOME: cwd, XDG_STATE_HOME: state, ...options.environment}
		}
	);
}

const hints = 'q quit';

/** Processes whose command line holds `word`. */
function processesWith(word: string): readonly string[] {
	return readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.flatMap(pid => {
			try {
				const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
				return line.includes(word) && Number(pid) !== process.pid ? [line] : [];
			} catch {
				return [];
			}
		});
}

describe('the first screen', () => {
	test('says what it is and where, then asks the first question', async () => {
		const wizard = openWizard();
		await wizard.waitFor(hints);
		const release = readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();
		expect(wizard.text().split('\n')[0]).toMatch(/^linux-rust-setup \d+\.\d+\.\d+ · .* · kernel /);
		expect(wizard.text().replaceAll('\n', '')).toContain(`kernel ${release}`);
		expect(wizard.screen()).toContain(' ▸ ');
	});

	test('begins before anything of ink is written', async () => {
		const wizard = openWizard();
		await wizard.waitFor(hints);
		expect(wizard.raw()).toMatch(/^linux-rust-setup [^\u001b]+\r\n\r\n\u001b/);
	});

	test('with NO_COLOR nothing is coloured', async () => {
		const wizard = openWizard([], {environment: {NO_COLOR: '1'}});
		await wizard.waitFor(hints);
		expect(wizard.raw()).not.toMatch(/\u001b\[(?:3[0-7]|9[0-7])m/);
		const coloured = openWizard();
		await coloured.waitFor(hints);
		expect(coloured.raw()).toMatch(/\u001b\[(?:3[0-7]|9[0-7])m/);
	});

	test('with --ascii every character is ASCII', async () => {
		const wizard = openWizard(['--ascii']);
		await wizard.waitFor(hints);
		expect(wizard.raw()).toMatch(/^[\u0000-\u007f]*$/);
	});

	test('follows the size of the terminal', async () => {
		const wizard = openWizard();
		await wizard.waitFor(hints);
		for (const [columns, rows] of [
			[40, 12],
			[20, 5],
			[1, 1],
			[120, 40]
		] as const) {
			wizard.resize(columns, rows);
			await new Promise(resolve => setTimeout(resolve, 200));
			if (columns === 40) expect(wizard.screen()).toMatch(/ Enter d \? q$/);
			if (columns === 20) expect(wizard.screen()).toMatch(/ Enter d \? q$/);
		}
		expect(wizard.screen()).toMatch(/ q quit$/);
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(1);
	});

	test('a terminal of one cell', async () => {
		const wizard = openWizard([], {columns: 1, rows: 1});
		await new Promise(resolve => setTimeout(resolve, 1500));
		wizard.type('\u0003');
		expect((await wizard.exit).exitCode).toBe(130);
	});
});

describe('leaving', () => {
	test('q: the last screen stays, a line says how to go on, the terminal is as it was', async () => {
		const shell = openShell();
		await shell.waitFor(hints);
		shell.type('q');
		await shell.waitFor('same terminal');
		expect(shell.text()).toMatch(
			/q quit\nStill open: [a-z, ]+\.\nlinux-rust-setup goes on from here\.\ncode=1\nsame terminal$/
		);
		expect(shell.showsCursor()).toBe(true);
	});

	test('Ctrl-C: 130, and the terminal is as it was', async () => {
		const shell = openShell();
		await shell.waitFor(hints);
		shell.type('\u0003');
		await shell.waitFor('same terminal');
		expect(shell.text()).toContain('\ncode=130\nsame terminal');
		expect(shell.showsCursor()).toBe(true);
	});

	test('keys in one chunk are all heard', async () => {
		const shell = openShell();
		await shell.waitFor(hints);
		shell.type('dd?xq');
		await shell.waitFor('code=1');
	});

	test.each([
		['SIGTERM', 143],
		['SIGHUP', 129],
		['SIGINT', 130]
	])('%s at a question: %i, the cursor is shown', async (signal, code) => {
		const wizard = openWizard();
		await wizard.waitFor(hints);
		process.kill(wizard.pid, signal);
		expect((await wizard.exit).exitCode).toBe(code);
		expect(wizard.showsCursor()).toBe(true);
	});
});

describe('while something runs', () => {
	/** A build that sleeps, in a process whose command line tells it apart from all others. */
	async function sleepingBuild(open = openWizard) {
		const duration = `10${process.pid}${Math.floor(Math.random() * 1e6)}`;
		const kernel = makeKernelFolder(`modules:\n\t@echo building in $(M)\n\t@sh -c 'sleep ${duration} & wait'\n`);
		const wizard = open(kernel.flags, {cwd: kernel.module});
		await wizard.waitFor(hints);
		// what this machine cannot do is left for later, until the build is asked for
		for (let count = 0; count < 8 && !/▸ build/.test(wizard.screen()); count++) {
			const before = wizard.screen();
			wizard.type('\u001b[F\r');
			while (wizard.screen() === before) await new Promise(resolve => setTimeout(resolve, 50));
			await new Promise(resolve => setTimeout(resolve, 150));
		}
		wizard.type('1\r');
		await wizard.waitFor('building in');
		expect(processesWith(`sleep ${duration}`).length).toBeGreaterThan(0);
		return {wizard: {...wizard, name: kernel.path('kdir')}, left: () => processesWith(`sleep ${duration}`)};
	}

	test('Ctrl-C stops it with all its processes, and the walk goes on', async () => {
		const {wizard, left} = await sleepingBuild();
		wizard.type('\u0003');
		await wizard.waitFor('Stopped: ');
		expect(left()).toEqual([]);
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(1);
	});

	test.each([
		['SIGTERM', 143],
		['SIGHUP', 129],
		['SIGINT', 130]
	])('%s stops it with all its processes: %i', async (signal, code) => {
		const {wizard, left} = await sleepingBuild();
		process.kill(wizard.pid, signal);
		expect((await wizard.exit).exitCode).toBe(code);
		expect(left()).toEqual([]);
		expect(wizard.showsCursor()).toBe(true);
	});

	test('nothing is left when the terminal is closed', async () => {
		const {wizard, left} = await sleepingBuild();
		wizard.hangUp();
		const until = performance.now() + 10_000;
		const isThere = () => left().length > 0 || processesWith(wizard.name).length > 0;
		while (isThere() && performance.now() < until) await new Promise(resolve => setTimeout(resolve, 100));
		expect(left()).toEqual([]);
		expect(processesWith(wizard.name)).toEqual([]);
	});

	test('the shell gets its terminal back as it was', async () => {
		const {wizard} = await sleepingBuild((flags, options) => openShell(flags ?? [], options));
		wizard.type('\u0003');
		await wizard.waitFor('Stopped: ');
		wizard.type('q');
		await wizard.waitFor('same terminal');
	});
});

describe('no screen to draw on', () => {
	test.each([
		['TERM=dumb', {environment: {TERM: 'dumb'}}, ''],
		['stdin is no terminal', {}, ' < /dev/null'],
		['stdout is no terminal', {}, ' | cat']
	])('%s: lines, and the end', async (_name, options, redirection) => {
		const {cwd, state} = makePlace();
		const shell = openPty(['/bin/sh', '-c', `'${process.execPath}' '${programPath}'${redirection}; echo "code=$?"`], {
			cwd,
			...options,
			environment: {HOME: cwd, XDG_STATE_HOME: state, ...('environment' in options ? options.environment : {})}
		});
		await shell.waitFor('code=');
		expect(shell.raw()).not.toContain('\u001b[?25l');
		expect(shell.text()).toMatch(/machine/);
	});
});
