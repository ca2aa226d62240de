import {existsSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {borrowRoot, kdirOf, run} from './practice.ts';

const at = borrowRoot({size: '64m'});

test('a disk that is full while the metadata is made: said by its name, and nothing half made is left or counts', async () => {
	const lost = join(kdirOf(at).outside, 'rust/libkernel.rmeta');
	rmSync(lost);
	const {code, stdout, stderr} = await run(['practice', '--yes'], {at});
	expect(stdout + stderr).toContain('No space left on device');
	expect(code).toBe(3);
	expect(existsSync(lost)).toBe(false);
	expect(existsSync(join(at.root, 'var/tmp/linux-rust-setup'))).toBe(false);
});
