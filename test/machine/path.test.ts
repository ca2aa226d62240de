import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {childEnvironment} from '../../src/machine/environment.ts';
import {findProgram, safePath} from '../../src/machine/path.ts';
import {stateFolder} from '../../src/machine/state-folder.ts';
import {scratchFolder} from '../support/scratch.ts';

const folder = (mode: number): string => {
	const made = scratchFolder();
	chmodSync(made, mode);
	return made;
};

describe('safePath', () => {
	it('keeps absolute folders that only their owner or group may write to, in their order and once', async () => {
		const first = folder(0o755);
		const second = folder(0o775);
		const path = await safePath(`${first}:${second}:${first}:/usr/bin`);
		expect(path.slice(0, 3)).toEqual([first, second, '/usr/bin']);
		expect(new Set(path).size).toBe(path.length);
	});

	it.each([
		['relative', 'bin'],
		['the current folder', '.'],
		['empty', ''],
		['above the current folder', '../bin']
	])('drops an entry that is %s', async (_name, entry) => {
		expect(await safePath(`${entry}:/usr/bin:${entry}`)).toEqual(await safePath('/usr/bin'));
	});

	it('drops what anyone may write to, a sticky bit notwithstanding, and through a link too', async () => {
		const open = folder(0o777);
		const sticky = folder(0o1777);
		const link = join(folder(0o755), 'link');
		symlinkSync(open, link);
		expect(await safePath(`${open}:${sticky}:${link}:/usr/bin`)).toEqual(await safePath('/usr/bin'));
	});

	it('drops what is no folder', async () => {
		const file = join(folder(0o755), 'file');
		writeFileSync(file, '');
		expect(await safePath(`${file}:/no/such/folder:/usr/bin`)).toEqual(await safePath('/usr/bin'));
	});

	it('knows the folders of system programs without being told', async () => {
		expect(await safePath(undefined)).toEqual(expect.arrayContaining(['/usr/sbin', '/usr/bin']));
	});
});

describe('findProgram', () => {
	it('takes the first file that may be executed', async () => {
		const [first, second, third] = [folder(0o755), folder(0o755), folder(0o755)];
		mkdirSync(join(first, 'tool'));
		writeFileSync(join(second, 'tool'), '', {mode: 0o644});
		writeFileSync(join(third, 'tool'), '', {mode: 0o755});
		expect(await findProgram('tool', [first, second, third])).toBe(join(third, 'tool'));
		expect(await findProgram('tool', [first, second])).toBeUndefined();
		expect(await findProgram(join(third, 'tool'), [])).toBe(join(third, 'tool'));
	});
});

describe('childEnvironment', () => {
	it('puts what a command adds above what is inherited', () => {
		const environment = childEnvironment(
			{HOME: '/h', RUSTUP_HOME: '/r', RUST_BACKTRACE: '1', GREETING: 'x', TERM: undefined},
			['/a', '/b'],
			{RUSTUP_HOME: '/mine'}
		);
		expect(environment).toEqual({
			PATH: '/a:/b',
			LC_ALL: 'C.UTF-8',
			RUSTUP_AUTO_INSTALL: '0',
			HOME: '/h',
			RUSTUP_HOME: '/mine'
		});
	});
});

describe('stateFolder', () => {
	const user = {uid: 1000, name: 'me', home: '/home/me', groups: [1000]};

	it.each([
		[{XDG_STATE_HOME: '/state'}, '/state/linux-rust-setup'],
		[{}, '/home/me/.local/state/linux-rust-setup'],
		// a relative path in an XDG variable is to be ignored (XDG base directory specification)
		[{XDG_STATE_HOME: 'state'}, '/home/me/.local/state/linux-rust-setup'],
		[{XDG_STATE_HOME: ''}, '/home/me/.local/state/linux-rust-setup']
	])('with %o is %s', (environment, expected) => {
		expect(stateFolder({user, environment})).toBe(expected);
	});
});
