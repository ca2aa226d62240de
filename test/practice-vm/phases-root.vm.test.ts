import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {interruptEach} from './interrupt.ts';
import {borrowRoot, emptyPlace, expectNothingLeft, run, standIn, start} from './practice.ts';

describe('interrupted while there is no root yet', () => {
	const at = emptyPlace();
	const programs = join(at.cache, 'programs');
	// for the phases behind debootstrap, which takes its time: a root of nothing
	standIn(programs, 'debootstrap', 'mkdir -p "$3/etc"');
	const quickly = ['env', `PATH=${programs}:${process.env['PATH']}`];

	interruptEach(at, 'nothing', phase => (phase.amid === undefined ? quickly : []));

	test('after all of that nothing counts as made, and clean removes it', async () => {
		expect(existsSync(join(at.folder, 'stamps.json'))).toBe(false);
		expect((await run(['practice', 'clean'], {at})).code).toBe(0);
		expect(existsSync(at.folder)).toBe(false);
	});
});

describe('interrupted while the packages are installed', () => {
	const at = borrowRoot();
	const stamps = join(at.folder, 'stamps.json');
	// as it is between the base and the packages, but for those that were installed before
	execFileSync('chroot', [at.root, 'dpkg', '--remove', '--force-depends', 'rust-src', 'bindgen']);
	const {kernel: _kernel, kdir: _kdir, ...begun} = JSON.parse(readFileSync(stamps, 'utf8')) as Record<string, unknown>;
	writeFileSync(stamps, JSON.stringify(begun));

	interruptEach(at, 'base');

	test('after all of that they are installed and whole', async () => {
		const started = start(['practice', '--yes'], {at});
		await started.says(/^checking the compiler$/m);
		started.child.kill('SIGINT');
		expect((await started.ended).code).toBe(130);
		await expectNothingLeft(at);
		expect(JSON.parse(readFileSync(stamps, 'utf8'))).toHaveProperty('kernel.release');
		expect(execFileSync('chroot', [at.root, 'dpkg', '--audit'], {encoding: 'utf8'})).toBe('');
		expect(existsSync(join(at.root, 'usr/bin/bindgen'))).toBe(true);
	});
});
