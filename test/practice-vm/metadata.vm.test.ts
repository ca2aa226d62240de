import {spawnSync} from 'node:child_process';
import {chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {borrowRoot, emptyFolder, kdirOf, numbers, run, start} from './practice.ts';

const at = borrowRoot();
const kdir = kdirOf(at);
const headers = `/usr/src/linux-headers-${basename(kdir.inside)}`;
const metadata = [...readdirSync(join(kdir.outside, 'rust')).map(name => `rust/${name}`), 'scripts/target.json'];

/** Takes a file away while `use` runs. */
async function without<T>(path: string, use: () => Promise<T>): Promise<T> {
	renameSync(path, `${path}.away`);
	try {
		return await use();
	} finally {
		rmSync(path, {force: true});
		renameSync(`${path}.away`, path);
	}
}

type Step = {readonly status: string; readonly reason?: string; readonly evidence: readonly {readonly value: string}[]};

/** What the program says of the metadata in a build folder of the root. */
async function check(against: string): Promise<Step> {
	const {stdout} = await run(['check', 'metadata', '--sysroot', at.root, '--kdir', against, '--json'], {at});
	const {steps} = JSON.parse(stdout) as {readonly steps: readonly Step[]};
	return steps[0] as Step;
}

/** What make itself says there of a module, and what `explain` makes of that. */
async function make(against: string): Promise<{readonly log: string; readonly explained: string}> {
	const cwd = emptyFolder();
	await run(['new', 'x'], {at, cwd});
	const {stdout: log} = spawnSync(
		'unshare',
		[
			...['--mount', 'sh', '-euc'],
			'mount -t tmpfs t "$1/tmp"; mkdir "$1/tmp/x"; mount --bind "$3" "$1/tmp/x"; exec chroot "$1" make -C "$2" M=/tmp/x modules 2>&1',
			...['sh', at.root, against, join(cwd, 'x')]
		],
		{encoding: 'utf8'}
	);
	return {log, explained: (await run(['explain'], {at, input: log})).stdout};
}

describe('headers as they are packaged, without metadata', () => {
	test('are seen to have none; what make says of them is known', async () => {
		expect(await check(headers)).toMatchObject({status: 'todo', reason: 'metadata.files-missing'});
		const {log, explained} = await make(headers);
		expect(log).toContain('target.json');
		expect(explained).toMatch(/Rust metadata/);
	});
});

describe('metadata', () => {
	test('as it was rebuilt is whole', async () => {
		expect(await check(kdir.inside)).toMatchObject({status: 'done'});
		expect(metadata.length).toBeGreaterThan(10);
	});

	test.each(metadata)('without %s is not, and that file is named', async file => {
		const step = await without(join(kdir.outside, file), () => check(kdir.inside));
		expect(step).toMatchObject({status: 'todo', reason: 'metadata.files-missing'});
		expect(step.evidence.map(({value}) => value)).toContain(file);
	});

	test('that lost a file builds nothing: make says so, and the reason is known', async () => {
		const {log, explained} = await without(join(kdir.outside, 'rust/libffi.rmeta'), () => make(kdir.inside));
		expect(log).toContain('E0463');
		expect(explained).toMatch(/Rust metadata/);
	});
});

describe('a rebuild', () => {
	const lost = join(kdir.outside, 'rust/libcore.rmeta');

	test('with a compiler that did not build this kernel is refused at once, and both are named', async () => {
		const rustc = join(at.root, 'usr/bin/rustc');
		const {code, stdout, stderr} = await without(lost, () =>
			without(rustc, () => {
				writeFileSync(rustc, '#!/bin/sh\necho "rustc 1.98.0 (0123456789 2026-08-20)"\n');
				chmodSync(rustc, 0o755);
				return run(['practice', '--yes'], {at});
			})
		);
		expect(stdout + stderr).toMatch(
			/the kernel was built with rustc 1\.\d+\.\d+ \(.*and \/usr\/bin\/rustc is rustc 1\.98\.0/
		);
		expect(code).toBe(3);
	});

	test('that was interrupted is made anew from what is here, equal to the kernel’s own, and a module speaks', async () => {
		const before = readFileSync(lost);
		rmSync(lost);
		for (const [said, signal, code] of [
			[/unpacking the source/, 'SIGINT', 130],
			[/RUSTC L rust\/core\.o/, 'SIGKILL', null]
		] as const) {
			const started = start(['practice', '--yes'], {at});
			await started.says(said);
			started.child.kill(signal);
			expect((await started.ended).code).toBe(code);
		}
		expect(existsSync(lost)).toBe(false);
		const {code, stdout, stderr, seconds} = await run(['practice', '--yes', '--name', 'again'], {
			at,
			before: ['unshare', '-n']
		});
		expect(stderr).toMatch(
			/Rust symbols: \d+ rebuilt, 0 of them unknown to the kernel, 0 of the kernel's not among them/
		);
		expect(stdout).toMatch(numbers);
		expect(code).toBe(0);
		expect(readFileSync(lost).equals(before)).toBe(true);
		expect(existsSync(join(at.root, 'var/tmp/linux-rust-setup'))).toBe(false);
		process.stderr.write(`rebuilt and loaded: ${seconds.toFixed(0)} s\n`);
	});
});
