import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {cache, emptyFolder, endAll, ofPractice, practiceFolder, root, run, start} from './practice.ts';

afterEach(async () => {
	endAll();
	await expect.poll(() => ofPractice(), {timeout: 8000}).toEqual([]);
});

/** The build folder of practice mode, which the metadata is in. */
function kdir(): string {
	const folder = join(root, 'usr/lib/linux-rust-setup');
	return join(folder, readdirSync(folder)[0] ?? '');
}

const numbers = /\| +\d+\.\d{3} {2}My numbers are \[72, 108, 200\]/;

describe('the walk', () => {
	test('ends with the module’s words on stdout, from an untouched kernel, in seconds', async () => {
		const {code, stdout, seconds} = await run(['practice', '--yes', '--template', 'numbers', '--name', 'mine']);
		expect(stdout).toMatch(numbers);
		expect(stdout).toMatch(/load: done: mine was loaded, said 3 lines, and was unloaded/);
		expect(code).toBe(0);
		process.stderr.write(`warm start to the end: ${seconds.toFixed(1)} s\n`);
	});

	test('needs no network once the root is there', async () => {
		const {code, stdout} = await run(['practice', '--yes', '--name', 'alone'], {before: ['unshare', '-n']});
		expect(stdout).toMatch(numbers);
		expect(code).toBe(0);
	});

	test('leaves the module in the user’s folder, and nothing of the guest', async () => {
		const cwd = emptyFolder();
		await run(['practice', '--yes', '--name', 'kept'], {cwd});
		expect(existsSync(join(cwd, 'kept/kept.rs'))).toBe(true);
		expect(readdirSync(join(practiceFolder, 'guest'))).toEqual([]);
	});

	test('a second one waits its turn: it is refused, and told by whom', async () => {
		const first = start(['practice', '--yes', '--name', 'first']);
		await first.says(/starting the guest/);
		const second = await run(['practice', '--yes']);
		expect(second.code).toBe(1);
		expect(second.stderr).toContain(`in use already, by process ${first.child.pid}`);
		expect((await first.ended).code).toBe(0);
	});
});

describe('load --on practice', () => {
	test('tries a module without touching what is built for this machine', async () => {
		const cwd = emptyFolder();
		await run(['practice', '--yes', '--name', 'tried'], {cwd});
		const file = join(cwd, 'tried/tried.ko');
		writeFileSync(file, 'built for another kernel');
		const {code, stdout} = await run(['load', '--on', 'practice', 'tried'], {cwd});
		expect(stdout).toMatch(numbers);
		expect(code).toBe(0);
		expect(readFileSync(file, 'utf8')).toBe('built for another kernel');
	});

	test('uses the guest that was started, which lives on until it is stopped', async () => {
		const cwd = emptyFolder();
		await run(['new', 'x'], {cwd});
		expect((await run(['practice', 'start'])).code).toBe(0);
		expect(ofPractice()).toHaveLength(1);
		const shell = await run(['practice', 'shell'], {input: 'uname -r\nexit\n'});
		expect(shell.stdout).toMatch(/\d+\.\d+\.\d+\S*-amd64/);
		expect(ofPractice()).toHaveLength(1);
		expect((await run(['practice', 'stop'])).code).toBe(0);
	});
});

describe('metadata', () => {
	// that any other file is missed as well is tested without a compiler (test/practice/prepare.test.ts)
	test('that lost a file is rebuilt from what is here, and equal to the kernel’s own', async () => {
		const path = join(kdir(), 'rust/libcore.rmeta');
		const before = readFileSync(path);
		rmSync(path);
		const {code, stdout, stderr, seconds} = await run(['practice', '--yes', '--name', 'again'], {
			before: ['unshare', '-n']
		});
		expect(stderr).toMatch(
			/Rust symbols: \d+ rebuilt, 0 of them unknown to the kernel, 0 of the kernel's not among them/
		);
		expect(stdout).toMatch(numbers);
		expect(code).toBe(0);
		expect(readFileSync(path).equals(before)).toBe(true);
		process.stderr.write(`rebuilt and loaded: ${seconds.toFixed(0)} s\n`);
	});
});

describe('a guest that goes wrong', () => {
	const module = (name: string, body: string): string => {
		const cwd = emptyFolder();
		mkdirSync(join(cwd, name));
		writeFileSync(join(cwd, name, 'Kbuild'), `obj-m := ${name}.o\n`);
		writeFileSync(
			join(cwd, name, `${name}.rs`),
			`// SPDX-License-Identifier: GPL-2.0\n//! Test.\nuse kernel::prelude::*;\nmodule! { type: M, name: "${name}", authors: ["x"], description: "x", license: "GPL", }\nstruct M;\nimpl kernel::Module for M { fn init(_m: &'static ThisModule) -> Result<Self> { ${body} } }\n`
		);
		return cwd;
	};

	test('because it hangs is ended after 20 s without a sign of life', async () => {
		const started = start(['practice', 'shell'], {input: 'sleep 1000\n'});
		await started.says(/A shell in the guest/);
		for (const id of ofPractice()) {
			const name = readFileSync(`/proc/${id}/comm`, 'utf8');
			if (name.startsWith('qemu')) process.kill(id, 'SIGSTOP');
		}
		const {code, stderr} = await started.ended;
		expect(stderr).toContain('The guest gave no sign of life for 20 s and was ended.');
		expect(code).toBe(3);
	});

	test('because the kernel panics is said to have, with its last words', async () => {
		const {code, stderr} = await run(['practice', 'shell'], {input: 'echo c > /proc/sysrq-trigger\nsleep 60\n'});
		expect(stderr).toMatch(/The guest’s kernel panicked: Kernel panic - not syncing/);
		expect(code).toBe(3);
	});

	test('because a module panics (a Rust panic is a BUG): the load fails, and says why', async () => {
		const cwd = module('breaks', 'panic!("on purpose");');
		const {code, stdout, stderr} = await run(['practice', '--yes', '--module', 'breaks'], {cwd});
		expect(stdout + stderr).toMatch(/panicked at .*breaks\.rs|rust_kernel: panicked/);
		expect(code).toBe(3);
	});
});

describe('interrupted', () => {
	test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
		'by %s while the guest starts, nothing is left and the next start goes on',
		async signal => {
			const started = start(['practice', '--yes', '--name', 'cut']);
			await started.says(/starting the guest/);
			started.child.kill(signal);
			const {code} = await started.ended;
			if (signal !== 'SIGKILL') expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
			await expect.poll(() => ofPractice(), {timeout: 8000}).toEqual([]);
			expect((await run(['practice', '--yes', '--name', 'cut'])).code).toBe(0);
		}
	);

	test.each(['SIGINT', 'SIGKILL'] as const)(
		'by %s while the metadata is compiled, the next start makes it',
		async signal => {
			rmSync(join(kdir(), 'rust/libkernel.rmeta'));
			const started = start(['practice', '--yes', '--name', 'cut']);
			await started.says(/RUSTC L rust\/core\.o/);
			started.child.kill(signal);
			await started.ended;
			await expect.poll(() => ofPractice(), {timeout: 8000}).toEqual([]);
			const {code, stderr} = await run(['practice', '--yes', '--name', 'cut']);
			expect(stderr).toContain('0 of them unknown to the kernel');
			expect(code).toBe(0);
		}
	);
});

describe('the root itself', () => {
	test('a broken mirror: the reason, and nothing left that counts as made', async () => {
		const other = emptyFolder();
		const {code, stderr} = await run(['practice', '--yes', '--mirror', 'http://127.0.0.1:9/debian'], {cache: other});
		expect(stderr).toMatch(/Failed getting release file|debootstrap/);
		expect(code).toBe(3);
		expect(existsSync(join(other, 'linux-rust-setup/practice/stamps.json'))).toBe(false);
		rmSync(other, {recursive: true, force: true});
	});

	test('too little disk is said before anything is fetched', async () => {
		const other = emptyFolder();
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', other]);
		try {
			const {code, stderr} = await run(['practice', '--yes'], {cache: other});
			expect(stderr).toMatch(/needs 4\.5 GB below .*, and 0\.1 GB are free/);
			expect(code).toBe(1);
		} finally {
			execFileSync('umount', [other]);
		}
	});

	test('by SIGKILL while its base is made: nothing stays mounted, and it is begun anew', async () => {
		const other = emptyFolder();
		const folder = join(other, 'linux-rust-setup/practice');
		const started = start(['practice', '--yes'], {cache: other});
		await started.says(/I: (Retrieving|Validating|Extracting|Unpacking)/);
		started.child.kill('SIGKILL');
		await started.ended;
		await expect.poll(() => ofPractice(folder), {timeout: 8000}).toEqual([]);
		expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(other);
		expect((await run(['practice', 'clean'], {cache: other})).code).toBe(0);
		expect(existsSync(folder)).toBe(false);
	});

	test('without consent nothing is made', async () => {
		const other = emptyFolder();
		const {code, stderr} = await run(['practice'], {cache: other});
		expect(stderr).toContain('Agree with: linux-rust-setup practice --yes');
		expect(code).toBe(1);
		expect(existsSync(join(other, 'linux-rust-setup/practice/root'))).toBe(false);
	});
});

test('the cache of these tests is not the user’s', () => {
	expect(cache).not.toBe(join(process.env['HOME'] ?? '', '.cache'));
});
