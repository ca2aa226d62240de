import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {borrowRoot, emptyFolder, ofPractice, run, start} from './practice.ts';

const at = borrowRoot();

/** A folder with a module in it, whose init is `body`. */
function folderWith(name: string, body: string): string {
	const cwd = emptyFolder();
	mkdirSync(join(cwd, name));
	writeFileSync(join(cwd, name, 'Kbuild'), `obj-m := ${name}.o\n`);
	writeFileSync(
		join(cwd, name, `${name}.rs`),
		`// SPDX-License-Identifier: GPL-2.0\n//! Test.\nuse kernel::prelude::*;\nmodule! { type: M, name: "${name}", authors: ["x"], description: "x", license: "GPL", }\nstruct M;\nimpl kernel::Module for M { fn init(_m: &'static ThisModule) -> Result<Self> { ${body} } }\n`
	);
	return cwd;
}

describe('a guest that goes wrong', () => {
	test('because it hangs is ended after 20 s without a sign of life', async () => {
		const started = start(['practice', 'shell'], {at, input: 'sleep 1000\n'});
		await started.says(/A shell in the guest/);
		for (const id of ofPractice(at.folder)) {
			const name = readFileSync(`/proc/${id}/comm`, 'utf8');
			if (name.startsWith('qemu')) process.kill(id, 'SIGSTOP');
		}
		const {code, stderr} = await started.ended;
		expect(stderr).toContain('The guest gave no sign of life for 20 s and was ended.');
		expect(code).toBe(3);
	});

	test('because the kernel panics is said to have, with its last words', async () => {
		const {code, stderr} = await run(['practice', 'shell'], {at, input: 'echo c > /proc/sysrq-trigger\nsleep 60\n'});
		expect(stderr).toMatch(/The guest’s kernel panicked: Kernel panic - not syncing/);
		expect(code).toBe(3);
	});

	test('because a module panics (a Rust panic is a BUG): the load fails, and says why', async () => {
		const cwd = folderWith('breaks', 'panic!("on purpose");');
		const {code, stdout, stderr} = await run(['practice', '--yes', '--module', 'breaks'], {at, cwd});
		expect(stdout + stderr).toMatch(/panicked at .*breaks\.rs|rust_kernel: panicked/);
		expect(code).toBe(3);
	});
});

describe('interrupted, nothing is left, and the next start goes on', () => {
	const endings = {SIGINT: 130, SIGTERM: 143, SIGKILL: null} as const;
	const phases = [
		['SIGINT', 'while the guest starts', /starting the guest/],
		['SIGTERM', 'while the guest starts', /starting the guest/],
		['SIGKILL', 'while the guest starts', /starting the guest/],
		['SIGINT', 'while the module is built', /RUSTC \[M\]/],
		['SIGKILL', 'while the module is built', /RUSTC \[M\]/],
		['SIGKILL', 'while the module is loaded', /cut is loaded/]
	] as const;

	test.each(phases)('by %s %s', async (signal, _when, said) => {
		const started = start(['practice', '--yes', '--name', 'cut'], {at});
		await started.says(said);
		started.child.kill(signal);
		expect((await started.ended).code).toBe(endings[signal]);
		await expect.poll(() => ofPractice(at.folder), {timeout: 8000}).toEqual([]);
	});

	test('by SIGKILL with a shell open', async () => {
		const started = start(['practice', 'shell'], {at, input: 'sleep 1000\n'});
		await started.says(/A shell in the guest/);
		started.child.kill('SIGKILL');
		await started.ended;
		await expect.poll(() => ofPractice(at.folder), {timeout: 8000}).toEqual([]);
	});

	test('after all of that', async () => {
		expect((await run(['practice', '--yes', '--name', 'cut'], {at})).code).toBe(0);
	});
});
