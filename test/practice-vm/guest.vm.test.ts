import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {borrowRoot, codeOf, expectNothingLeft, folderWith, ofPractice, run, standIn, start} from './practice.ts';

const at = borrowRoot();

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
		const cwd = folderWith({breaks: 'panic!("on purpose");'});
		const {code, stdout, stderr} = await run(['practice', '--yes', '--module', 'breaks'], {at, cwd});
		expect(stdout + stderr).toMatch(/panicked at .*breaks\.rs|rust_kernel: panicked/);
		expect(code).toBe(3);
	});
});

test('KVM that is there and hangs is given up after 5 s, and that is remembered', async () => {
	const programs = join(at.cache, 'programs');
	standIn(
		programs,
		'qemu-system-x86_64',
		'case " $* " in *" kvm "*) exec sleep 600 ;; esac; exec /usr/bin/qemu-system-x86_64 "$@"'
	);
	const layer = join(at.cache, 'devices');
	for (const name of ['upper', 'work']) mkdirSync(join(layer, name), {recursive: true});
	writeFileSync(join(layer, 'upper/kvm'), '');
	const stamps = join(at.folder, 'stamps.json');
	const {kvm: _known, ...untried} = JSON.parse(readFileSync(stamps, 'utf8'));
	writeFileSync(stamps, JSON.stringify(untried));
	const withKvm =
		'mount -t overlay -o "lowerdir=/dev,upperdir=$1/upper,workdir=$1/work" overlay /dev; shift; exec "$@"';
	const {code, stdout} = await run(['practice', 'shell'], {
		at,
		before: [
			'unshare',
			'--mount',
			'sh',
			'-euc',
			withKvm,
			'sh',
			layer,
			'env',
			`PATH=${programs}:${process.env['PATH']}`
		],
		input: 'uname -r\nexit\n'
	});
	expect(stdout).toMatch(/\d+\.\d+\.\d+\S*-amd64/);
	expect(code).toBe(0);
	expect(JSON.parse(readFileSync(stamps, 'utf8')).kvm).toMatchObject({boots: false});
});

describe('interrupted, nothing is left, and the next start goes on', () => {
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
		expect((await started.ended).code).toBe(codeOf[signal]);
		await expectNothingLeft(at);
	});

	test('by SIGKILL with a shell open', async () => {
		const started = start(['practice', 'shell'], {at, input: 'sleep 1000\n'});
		await started.says(/A shell in the guest/);
		started.child.kill('SIGKILL');
		await started.ended;
		await expectNothingLeft(at);
	});

	test('by SIGINT while a module’s init runs for ever', async () => {
		const cwd = folderWith({loops: 'loop { core::hint::spin_loop() }'});
		const started = start(['practice', '--yes', '--module', 'loops'], {at, cwd});
		await started.says(/^loading loops$/m);
		started.child.kill('SIGINT');
		expect((await started.ended).code).toBe(130);
		await expectNothingLeft(at);
	});

	test('after all of that', async () => {
		expect((await run(['practice', '--yes', '--name', 'cut'], {at})).code).toBe(0);
	});
});
