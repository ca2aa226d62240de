import {chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {buildProgram, makePlace} from '../support/program.ts';
import {linuxRust, ready, scenes} from '../support/scenes.ts';
import {labRelease, makeSystem} from '../support/sysroot.ts';

beforeAll(buildProgram, 60_000);

const kdir = `/usr/lib/modules/${labRelease}/build`;

test('a compiler that does not answer is named, and waited for no longer than its limit', async () => {
	const place = makePlace();
	const programs = join(place.cwd, 'bin');
	mkdirSync(programs);
	writeFileSync(join(programs, 'rustc'), '#!/bin/sh\nsleep 60\n');
	chmodSync(join(programs, 'rustc'), 0o755);
	const system = makeSystem({...ready, rustup: []});
	const started = performance.now();
	const {stdout} = await place.run(['check', 'toolchain', '--kdir', system.path(kdir)], {
		environment: {PATH: `${programs}:/usr/bin:/bin`}
	});
	expect(performance.now() - started).toBeLessThan(25_000);
	expect(stdout).toContain(`toolchain: evidence: installed: ${programs}/rustc did not answer within 15000 ms`);
});

describe('--report', () => {
	test('shows the answer without names, and writes the same to a new file for its owner alone', async () => {
		const place = makePlace();
		const system = makeSystem(ready);
		const args = ['check', 'toolchain', '--sysroot', system.root, '--report', 'report.txt'];
		const {stdout, stderr, code} = await place.run(args);
		const file = join(place.cwd, 'report.txt');
		expect({code, stderr, written: readFileSync(file, 'utf8')}).toEqual({
			code: 0,
			stderr: 'wrote report.txt\n',
			written: stdout
		});
		expect(statSync(file).mode & 0o777).toBe(0o600);
		expect(stdout).toContain('~/.rustup/toolchains');
		expect(stdout).not.toContain('/home/me');
		if (hostname().length > 2) expect(stdout).not.toContain(hostname());
		const again = await place.run(args);
		expect(again.code).toBe(1);
		expect(again.stderr).toContain('report.txt exists already, and is not written over.');
	});
});

describe('the plan of the whole walk', () => {
	const system = () => makeSystem({...ready, kernels: [{...linuxRust, package: 'linux-rust'}]});

	test('--dry-run names what each step would do and runs nothing', async () => {
		const place = makePlace();
		const {stdout, code} = await place.run(['--dry-run', '--sysroot', system().root]);
		expect(code).toBe(1);
		expect(stdout).toMatch(/\nplan: module: write \S+\/hello\/Kbuild\n/);
		expect(stdout).toMatch(/\nplan: build: it depends on the steps before it\nplan: load: it depends/);
		expect(existsSync(join(place.cwd, 'hello'))).toBe(false);
	});

	test('--script writes it as a program, once, and runs nothing', async () => {
		const place = makePlace();
		const args = ['--script', 'plan.sh', '--name', 'mine', '--sysroot', system().root];
		expect(await place.run(args)).toEqual({code: 0, stdout: '', stderr: 'wrote plan.sh\n'});
		const file = join(place.cwd, 'plan.sh');
		expect(statSync(file).mode & 0o111).toBe(0o111);
		expect(readFileSync(file, 'utf8')).toMatch(/^#!\/bin\/sh\n[\s\S]*\nset -eu\n[\s\S]*\/mine\/Kbuild/);
		expect(existsSync(join(place.cwd, 'mine'))).toBe(false);
		expect(await place.run(args)).toMatchObject({
			code: 1,
			stderr: expect.stringContaining('plan.sh exists already, and is not written over.')
		});
	});
});

test('--mend of a mounted system is refused: it is looked at, never changed', async () => {
	const scene = scenes['Arch, sources changed since the build'];
	const {code, stderr} = await makePlace().run([
		'check',
		'--mend',
		'--sysroot',
		makeSystem(scene.system).root,
		'--module',
		'/home/me/numbers'
	]);
	expect(code).toBe(2);
	expect(stderr).toContain('is looked at, never changed');
});

test('--mend under sudo is refused: what is built belongs to the user', async () => {
	const {code, stderr} = await makePlace().run(['check', '--mend'], {environment: {SUDO_USER: 'me'}});
	if (process.getuid?.() === 0) {
		expect(code).toBe(1);
		expect(stderr).toContain('Run it again without sudo.');
	} else expect([0, 1, 4]).toContain(code);
});

test('--hook ends with 0 and says nothing where nothing was ever green', async () => {
	expect(await makePlace().run(['check', '--hook'])).toEqual({code: 0, stdout: '', stderr: ''});
});

test.each([
	[['build', '--mend'], 'flag-elsewhere'],
	[['--report', 'x'], 'flag-elsewhere'],
	[['check', '--script', 'x'], 'flag-elsewhere'],
	[['hook', 'away'], 'unknown-word'],
	[['hook'], 'wrong-words']
])('%j', async (args, error) => {
	const {code, stdout} = await makePlace().run([...args, '--json']);
	expect({code, error: JSON.parse(stdout).error.code}).toEqual({code: 2, error});
});
