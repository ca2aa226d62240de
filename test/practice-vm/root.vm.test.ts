import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {emptyPlace, kept, run} from './practice.ts';

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

	test('that lost its packages: the same', async () => {
		const real = (JSON.parse(readFileSync(join(kept.folder, 'stamps.json'), 'utf8')) as {readonly mirror: string})
			.mirror;
		const server = createServer(async (request, response) => {
			const answer = await fetch(`${real}${(request.url ?? '').replace(/^\/debian/, '')}`);
			const bytes = answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
			const isGone = bytes === undefined || request.url?.includes('/pool/');
			response.writeHead(isGone ? 404 : 200).end(isGone ? '' : bytes);
		});
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
			expect(stderr).toMatch(/needs 4\.5 GB below .*, and 6\d MB are free/);
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
