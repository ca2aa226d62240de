import {execFileSync, spawnSync} from 'node:child_process';
import {describe, expect, test} from 'vitest';
import {cpio, guestFiles, init} from '../../src/practice/initramfs.ts';

/** Reads the archive as the kernel does (init/initramfs.c): names and modes, in order. */
function entriesOf(archive: Uint8Array): readonly {name: string; mode: number; size: number}[] {
	const text = Buffer.from(archive).toString('latin1');
	const found: {name: string; mode: number; size: number}[] = [];
	for (let at = 0; at < text.length; ) {
		expect(text.slice(at, at + 6)).toBe('070701');
		const field = (index: number): number => Number.parseInt(text.slice(at + 6 + 8 * index, at + 14 + 8 * index), 16);
		const [mode, size, length] = [field(1), field(6), field(11)];
		const name = text.slice(at + 110, at + 110 + length - 1);
		found.push({name, mode, size});
		if (name === 'TRAILER!!!') break;
		at += Math.ceil((110 + length) / 4) * 4 + Math.ceil(size / 4) * 4;
	}
	return found;
}

describe('the archive', () => {
	const parts = {busybox: Uint8Array.of(1, 2, 3, 4, 5), libraries: [], modules: []};
	const archive = cpio(guestFiles(parts));

	test('is read back whole', () => {
		const entries = entriesOf(archive);
		expect(entries.map(one => one.name)).toEqual([
			...['bin', 'dev', 'proc', 'sys', 'tmp', 'modules'],
			...['bin/busybox', 'init', 'TRAILER!!!']
		]);
		expect(entries.find(one => one.name === 'bin/busybox')).toMatchObject({mode: 0o100755, size: 5});
		expect(entries.find(one => one.name === 'proc')).toMatchObject({mode: 0o040755, size: 0});
	});

	test('holds a busybox’s libraries where the loader looks, in folders that come first, and modules in their order', () => {
		const names = entriesOf(
			cpio(
				guestFiles({
					...parts,
					libraries: [{path: '/lib/x86_64-linux-gnu/libc.so.6', bytes: Uint8Array.of(1)}],
					modules: [Uint8Array.of(2), Uint8Array.of(3, 3)]
				})
			)
		).map(one => one.name);
		expect(names.indexOf('lib')).toBeLessThan(names.indexOf('lib/x86_64-linux-gnu'));
		expect(names.indexOf('lib/x86_64-linux-gnu')).toBeLessThan(names.indexOf('lib/x86_64-linux-gnu/libc.so.6'));
		expect(names.filter(name => name.startsWith('modules/'))).toEqual(['modules/00.ko', 'modules/01.ko']);
	});

	test('is one that cpio itself lists, where that is installed', context => {
		if (spawnSync('cpio', ['--version']).error !== undefined) return context.annotate('no cpio here');
		const listed = execFileSync('cpio', ['-it', '--quiet'], {input: archive, encoding: 'utf8'});
		expect(listed.trim().split('\n')).toContain('bin/busybox');
	});
});

test('the guest’s first program is one that a shell can read', () => {
	expect(spawnSync('sh', ['-n'], {input: init, encoding: 'utf8'})).toMatchObject({status: 0, stderr: ''});
});
