import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {borrowRoot, emptyPlace, kdirOf, run} from './practice.ts';

const full = 'No space left on device';

describe('a disk that is full', () => {
	const none = emptyPlace();
	const at = borrowRoot({size: '64m'});
	const stamps = join(at.folder, 'stamps.json');

	test('while the base is made: said by its name, and nothing counts as made', async () => {
		// room enough, as it seems, and no names for files in it
		mkdirSync(none.cache, {recursive: true});
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=5g,nr_inodes=600', 'tmpfs', none.cache]);
		const {code, stdout, stderr} = await run(['practice', '--yes'], {at: none});
		expect(stdout + stderr).toContain(full);
		expect(code).toBe(3);
		expect(existsSync(join(none.folder, 'stamps.json'))).toBe(false);
	});

	test('while the metadata is made: the same, and nothing half made is left', async () => {
		const lost = join(kdirOf(at).outside, 'rust/libkernel.rmeta');
		rmSync(lost);
		const {code, stdout, stderr} = await run(['practice', '--yes'], {at});
		expect(stdout + stderr).toContain(full);
		expect(code).toBe(3);
		expect(existsSync(lost)).toBe(false);
		expect(existsSync(join(at.root, 'var/tmp/linux-rust-setup'))).toBe(false);
	});

	test('while packages are installed: the same, and what was installed before still counts', async () => {
		const {recipe, way, suite, mirror} = JSON.parse(readFileSync(stamps, 'utf8')) as Record<string, unknown>;
		writeFileSync(stamps, JSON.stringify({recipe, way, suite, mirror}));
		execFileSync('chroot', [at.root, 'dpkg', '--remove', '--force-depends', 'rust-src']);
		const {code, stdout, stderr} = await run(['practice', '--yes'], {at});
		expect(stdout + stderr).toContain(full);
		expect(code).toBe(3);
		expect(JSON.parse(readFileSync(stamps, 'utf8'))).toEqual({recipe, way: 'root', suite, mirror});
	});
});
