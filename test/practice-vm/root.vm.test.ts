import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {borrowRoot, emptyPlace, ofPractice, run, start} from './practice.ts';

const at = emptyPlace();
const stamps = join(at.folder, 'stamps.json');

describe('a mirror', () => {
	test('that nobody answers at: the reason, and nothing left that counts as made', async () => {
		const {code, stderr} = await run(['practice', '--yes', '--mirror', 'http://127.0.0.1:9/debian'], {at});
		expect(stderr).toMatch(/Failed getting release file|debootstrap/);
		expect(code).toBe(3);
		expect(existsSync(stamps)).toBe(false);
	});

	test('that serves something else: the same', async () => {
		const server = createServer((_request, response) => response.end('<html>welcome to this hotel</html>'));
		await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
		try {
			const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/debian`;
			const {code, stderr} = await run(['practice', '--yes', '--mirror', mirror], {at});
			expect(stderr).toMatch(/making a small Debian forky.* stopped with code 1/);
			expect(code).toBe(3);
			expect(existsSync(stamps)).toBe(false);
		} finally {
			server.close();
		}
	});

	test('without a network at all: the same', async () => {
		const {code} = await run(['practice', '--yes'], {at, before: ['unshare', '-n']});
		expect(code).toBe(3);
		expect(existsSync(stamps)).toBe(false);
	});
});

describe('before anything is fetched', () => {
	test('too little disk is said', async () => {
		const small = join(at.cache, 'small');
		mkdirSync(small, {recursive: true});
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', small]);
		try {
			const {code, stderr} = await run(['practice', '--yes'], {at: {...at, cache: small}});
			expect(stderr).toMatch(/needs 4\.5 GB below .*, and 0\.1 GB are free/);
			expect(code).toBe(1);
		} finally {
			execFileSync('umount', [small]);
		}
	});

	test('consent is asked for, and without it nothing is made', async () => {
		const {code, stderr} = await run(['practice', 'start'], {at});
		expect(stderr).toContain('Agree with: linux-rust-setup practice --yes');
		expect(code).toBe(1);
		expect(existsSync(at.root)).toBe(false);
	});
});

describe('interrupted', () => {
	test.each([
		['SIGINT', 130],
		['SIGKILL', null]
	] as const)('by %s while its base is made: nothing stays mounted, and it is begun anew', async (signal, code) => {
		const started = start(['practice', '--yes'], {at});
		await started.says(/I: (Retrieving|Validating|Extracting|Unpacking)/);
		started.child.kill(signal);
		expect((await started.ended).code).toBe(code);
		await expect.poll(() => ofPractice(at.folder), {timeout: 8000}).toEqual([]);
		expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(at.cache);
		expect(existsSync(stamps)).toBe(false);
		expect((await run(['practice', 'clean'], {at})).code).toBe(0);
		expect(existsSync(at.folder)).toBe(false);
	});
});

describe('packages that were half installed', () => {
	const borrowed = borrowRoot();
	const kept = join(borrowed.folder, 'stamps.json');

	test('by SIGKILL: the next start puts them in order and goes on', async () => {
		// as it is between the base and the packages, but for those that were installed before
		execFileSync('chroot', [borrowed.root, 'dpkg', '--remove', '--force-depends', 'rust-src', 'bindgen']);
		const {kernel: _kernel, kdir: _kdir, ...begun} = JSON.parse(readFileSync(kept, 'utf8')) as Record<string, unknown>;
		writeFileSync(kept, JSON.stringify(begun));
		const first = start(['practice', '--yes'], {at: borrowed});
		await first.says(/Unpacking (rust-src|bindgen)/);
		first.child.kill('SIGKILL');
		await first.ended;
		await expect.poll(() => ofPractice(borrowed.folder), {timeout: 8000}).toEqual([]);
		const second = start(['practice', '--yes'], {at: borrowed});
		await second.says(/checking the compiler/);
		second.child.kill('SIGINT');
		expect((await second.ended).code).toBe(130);
		expect(JSON.parse(readFileSync(kept, 'utf8'))).toHaveProperty('kernel.release');
		const status = execFileSync('chroot', [borrowed.root, 'dpkg', '--audit'], {encoding: 'utf8'});
		expect(status).toBe('');
		expect(existsSync(join(borrowed.root, 'usr/bin/bindgen'))).toBe(true);
	});
});
