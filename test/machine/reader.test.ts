import {chmodSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {createLocalReader} from '../../src/machine/reader.ts';
import {scratchFolder} from '../support/scratch.ts';
import {processesWith, uniqueSleep, until} from './processes.ts';

/** A system in a folder: paths with their content, `-> target` for a symbolic link. */
function system(files: Readonly<Record<string, string | Uint8Array>>): string {
	const root = scratchFolder();
	for (const [path, content] of Object.entries(files)) {
		const file = join(root, path);
		mkdirSync(dirname(file), {recursive: true});
		if (typeof content === 'string' && content.startsWith('-> ')) symlinkSync(content.slice(3), file);
		else writeFileSync(file, content);
	}
	return root;
}

const found = (value: unknown) => ({status: 'found', value});
const absent = {status: 'absent'};

describe('files below a root', () => {
	const files = {
		'/etc/os-release': 'ID=arch\n',
		'/usr/lib/modules/6.1/build/.config': 'CONFIG_RUST=y\n',
		'/lib': '-> usr/lib',
		'/absolute': '-> /etc/os-release',
		'/relative': '-> etc/../etc/os-release',
		'/usr/up': '-> ../etc',
		'/outside': '-> ../../../../../../../../etc/os-release',
		'/loop': '-> /loop2',
		'/loop2': '-> loop',
		'/dangling': '-> /nothing/here',
		'/deep/down/secret': 'deep\n',
		'/jump': '-> /deep/down'
	};

	it.each([
		['a plain path', '/etc/os-release', 'ID=arch\n'],
		['a link to an absolute path', '/absolute', 'ID=arch\n'],
		['a link to a relative path', '/relative', 'ID=arch\n'],
		['a linked folder on the way', '/lib/modules/6.1/build/.config', 'CONFIG_RUST=y\n'],
		['a link with .. on the way', '/usr/up/os-release', 'ID=arch\n'],
		['a link that climbs above the root, where /.. is /', '/outside', 'ID=arch\n'],
		['a path that climbs above the root', '/../../etc/os-release', 'ID=arch\n'],
		['.. behind a linked folder, which is the parent of its target', '/jump/../down/secret', 'deep\n']
	])('are found: %s', async (_name, path, text) => {
		expect(await createLocalReader({root: system(files)}).readText(path)).toEqual(found(text));
	});

	it.each(['/nothing', '/nothing/here', '/etc/os-release/below', '/dangling'])('are absent: %s', async path => {
		const reader = createLocalReader({root: system(files)});
		expect(await reader.readText(path)).toEqual(absent);
		expect(await reader.stat(path)).toEqual(absent);
		expect(await reader.list(path)).toEqual(absent);
		expect(await reader.realPath(path)).toEqual(absent);
	});

	it('are unknown where links go round in a circle', async () => {
		const reader = createLocalReader({root: system(files)});
		for (const answer of [await reader.readText('/loop'), await reader.stat('/loop/x'), await reader.list('/loop')]) {
			expect(answer).toEqual({status: 'unknown', why: expect.stringMatching(/too many symbolic links/)});
		}
	});

	it('are never those of the machine the folder is on', async () => {
		const root = system({'/etc/hostname': '-> /etc/passwd', '/proc-link': '-> /proc', '/a': '-> ../../../etc'});
		const reader = createLocalReader({root});
		expect(await reader.readText('/etc/hostname')).toEqual(absent);
		expect(await reader.readText('/proc-link/version')).toEqual(absent);
		expect(await reader.readText('/a/passwd')).toEqual(absent);
		expect(await reader.list('/a')).toEqual(found(['hostname']));
	});

	it('have their real path as that machine sees it', async () => {
		const root = system(files);
		const reader = createLocalReader({root});
		expect(await reader.realPath('/lib/modules/6.1')).toEqual(found('/usr/lib/modules/6.1'));
		expect(await reader.realPath('/absolute')).toEqual(found('/etc/os-release'));
		expect(await reader.realPath('/')).toEqual(found('/'));
	});

	it('can be looked at through a root that is a link itself', async () => {
		const root = system(files);
		const link = join(scratchFolder(), 'root');
		symlinkSync(root, link);
		const reader = createLocalReader({root: link});
		expect(await reader.readText('/absolute')).toEqual(found('ID=arch\n'));
		expect(await reader.realPath('/lib')).toEqual(found('/usr/lib'));
	});
});

describe('programs below a root', () => {
	it('are found by the links of that machine, and not run', async () => {
		const root = system({
			'/usr/bin/gcc-14': '#!/bin/sh\n',
			'/etc/alternatives/other-cc': '-> /usr/bin/gcc-14',
			'/usr/bin/other-cc': '-> /etc/alternatives/other-cc',
			'/bin': '-> usr/bin',
			'/usr/bin/text': 'no program'
		});
		chmodSync(join(root, '/usr/bin/gcc-14'), 0o755);
		chmodSync(join(root, '/usr/bin/text'), 0o644);
		const reader = createLocalReader({root});
		expect(await reader.which('gcc-14')).toEqual(found('/usr/bin/gcc-14'));
		expect(await reader.which('other-cc')).toEqual(found('/usr/bin/other-cc'));
		expect(await reader.which('/bin/other-cc')).toEqual(found('/bin/other-cc'));
		expect(await reader.which('text')).toEqual(absent);
		expect(await reader.probe(['/usr/bin/gcc-14', '--version'])).toMatchObject({status: 'unknown'});
	});

	it('are not those of the machine the folder is on', async () => {
		const root = system({'/usr/bin/sh': '-> /bin/dash', '/usr/bin/x': ''});
		expect(await createLocalReader({root}).which('sh')).toEqual(absent);
		expect(await createLocalReader({root}).which('bash')).toEqual(absent);
	});
});

describe('what stands at a path', () => {
	it('is told from what cannot be found out', async () => {
		const root = system({'/folder/file': 'x'});
		const reader = createLocalReader();
		expect(await reader.readText(join(root, 'nothing'))).toEqual(absent);
		expect(await reader.readText(join(root, 'folder'))).toEqual({
			status: 'unknown',
			why: expect.stringContaining('is a folder')
		});
		expect(await reader.list(join(root, 'folder/file'))).toEqual(absent);
		symlinkSync('round', join(root, 'round'));
		expect(await reader.readText(join(root, 'round'))).toEqual({
			status: 'unknown',
			why: expect.stringContaining('too many symbolic links')
		});
	});

	it('has facts, through links', async () => {
		const root = system({'/folder/file': '12345', '/link': '-> folder/file'});
		chmodSync(join(root, 'folder/file'), 0o640);
		const reader = createLocalReader({root});
		const facts = await reader.stat('/link');
		expect(facts).toMatchObject({status: 'found', value: {kind: 'file', size: 5, owner: process.getuid?.()}});
		expect(facts.status === 'found' && facts.value.mode & 0o777).toBe(0o640);
		expect(await reader.stat('/folder')).toMatchObject({value: {kind: 'folder'}});
		expect(await createLocalReader().stat('/dev/null')).toMatchObject({value: {kind: 'other'}});
	});

	it('is listed in order', async () => {
		const reader = createLocalReader({root: system({'/f/b': '', '/f/a': '', '/f/.hidden': '', '/f/C': ''})});
		expect(await reader.list('/f')).toEqual(found(['.hidden', 'C', 'a', 'b']));
	});
});

describe('the content of a file', () => {
	it('is read from /proc, where files have the size 0', async () => {
		const reader = createLocalReader();
		expect(await reader.readText('/proc/version')).toEqual(found(expect.stringMatching(/^Linux version /)));
		const {length} = readFileSync('/proc/kallsyms');
		const names = await reader.readBytes('/proc/kallsyms');
		expect(names.status === 'found' && names.value.length).toBe(length);
	});

	it('is unpacked where it is gzip', async () => {
		const reader = createLocalReader({root: system({'/config.gz': gzipSync('CONFIG_RUST=y\n')})});
		expect(await reader.readText('/config.gz')).toEqual(found('CONFIG_RUST=y\n'));
	});

	it.each([
		['cut off', gzipSync('CONFIG_RUST=y\n'.repeat(1000)).subarray(0, 60)],
		['changed', Uint8Array.from(gzipSync('CONFIG_RUST=y\n'), (byte, index) => (index === 12 ? byte ^ 0xff : byte))],
		['a bomb', gzipSync(Buffer.alloc(64 * 1024 * 1024))]
	])('is unknown where the gzip data is %s', async (_name, bytes) => {
		const reader = createLocalReader({root: system({'/config.gz': bytes})});
		expect(await reader.readText('/config.gz')).toEqual({
			status: 'unknown',
			why: expect.stringContaining('/config.gz is gzip data that cannot be unpacked')
		});
	});

	it.each([0, 1, 8191, 8192, 8193, 20_000, 30_000])('is read up to a limit of %i bytes', async limit => {
		const bytes = Uint8Array.from({length: 20_000}, (_, index) => index % 251);
		const read = await createLocalReader({root: system({'/file': bytes})}).readBytes('/file', limit);
		expect(read.status === 'found' && Buffer.from(read.value).equals(Buffer.from(bytes.subarray(0, limit)))).toBe(true);
	});

	it('is read up to the limit where it never ends', async () => {
		const read = await createLocalReader().readBytes('/dev/zero', 100_000);
		expect(read.status === 'found' && read.value.length).toBe(100_000);
	});
});

describe('probe', () => {
	const reader = createLocalReader({
		environment: {
			...process.env,
			RUST_BACKTRACE: '1',
			RUSTUP_AUTO_INSTALL: '1',
			LD_PRELOAD: '',
			SECRET: 'x',
			LANG: 'de_DE.UTF-8',
			HOME: '/home/me'
		}
	});

	it('gives what a program said and how it ended', async () => {
		expect(await reader.probe(['sh', '-c', 'echo out; echo err >&2; exit 3'])).toEqual(
			found({stdout: 'out\n', stderr: 'err\n', code: 3})
		);
	});

	it('gives -1 for a program that a signal ended', async () => {
		expect(await reader.probe(['sh', '-c', 'kill -SEGV $$'])).toMatchObject({value: {code: -1}});
	});

	it('finds no program that is not there', async () => {
		expect(await reader.probe(['no-such-program-here', '--version'])).toEqual(absent);
		expect(await reader.probe(['/no/such/program'])).toEqual(absent);
	});

	it('cannot find out about a file that is no program', async () => {
		const file = join(system({'/x': 'no program'}), 'x');
		expect(await reader.probe([file])).toEqual({status: 'unknown', why: expect.stringContaining('permission denied')});
	});

	it('lets programs inherit nothing but what is listed', async () => {
		const answer = await reader.probe(['env']);
		const lines = answer.status === 'found' ? answer.value.stdout.trim().split('\n') : [];
		expect(lines).toContain('RUSTUP_AUTO_INSTALL=0');
		expect(lines).toContain('LC_ALL=C.UTF-8');
		expect(lines).toContain('HOME=/home/me');
		expect(lines.filter(line => /^(RUST_BACKTRACE|LD_PRELOAD|SECRET|LANG|RUST_LOG|NODE_OPTIONS)=/.test(line))).toEqual(
			[]
		);
	});

	it('keeps sudo alone in this session, where its ticket is valid', async () => {
		const session = '#!/bin/sh\ncut -d" " -f6 /proc/$$/stat\n';
		const folder = system({'/sudo': session, '/another': session});
		for (const name of ['sudo', 'another']) chmodSync(join(folder, name), 0o755);
		const standIn = createLocalReader({environment: {PATH: `${folder}:/usr/bin:/bin`}});
		const own = `${readFileSync('/proc/self/stat', 'utf8').split(' ')[5]}\n`;
		expect(await standIn.probe(['sudo', '-n', 'true'])).toEqual(found({stdout: own, stderr: '', code: 0}));
		expect(await standIn.probe(['another'])).not.toEqual(found({stdout: own, stderr: '', code: 0}));
	});

	it('runs nothing from a relative folder of PATH, and in /', async () => {
		const planted = system({'/planted-program': '#!/bin/sh\necho planted\n'});
		chmodSync(join(planted, 'planted-program'), 0o755);
		chmodSync(planted, 0o777);
		expect(
			await createLocalReader({environment: {PATH: `${planted}:/usr/bin:/bin`}}).probe(['planted-program'])
		).toEqual(absent);
		chmodSync(planted, 0o755);
		expect(
			await createLocalReader({environment: {PATH: `${planted}:/usr/bin:/bin`}}).probe(['planted-program'])
		).toMatchObject({value: {stdout: 'planted\n'}});
		expect(await reader.probe(['pwd'])).toMatchObject({value: {stdout: '/\n'}});
	});

	it('kills a program that does not answer in time, and what that one started', async () => {
		const sleep = uniqueSleep();
		const started = performance.now();
		const answer = await reader.probe(['sh', '-c', `sleep ${sleep} & sleep ${sleep} & wait`], {timeout: 300});
		expect(answer).toEqual({status: 'unknown', why: 'sh did not answer within 300 ms'});
		expect(performance.now() - started).toBeLessThan(2000);
		expect(await until(() => processesWith(sleep).length === 0)).toBe(true);
	});

	it('keeps a part of what a talkative program says', async () => {
		const answer = await reader.probe(['sh', '-c', 'head -c 5000000 /dev/zero | tr "\\0" x']);
		const length = answer.status === 'found' ? answer.value.stdout.length : 0;
		expect(length).toBeGreaterThanOrEqual(256 * 1024);
		expect(length).toBeLessThan(1024 * 1024);
	});
});

describe('this machine', () => {
	it('is known without asking a program', async () => {
		const reader = createLocalReader({environment: {HOME: '/home/me', PATH: '/usr/bin:/bin'}});
		expect(reader.root).toBe('/');
		expect(reader.user).toMatchObject({uid: process.getuid?.(), home: '/home/me'});
		expect(reader.architecture).toMatch(/^[a-z0-9_]+$/);
		expect(await reader.freeSpace('/')).toEqual(found(expect.any(Number)));
		expect(await reader.freeSpace('/no/such/folder')).toEqual(absent);
		expect(await reader.which('sh')).toEqual(found(expect.stringMatching(/\/sh$/)));
		expect(await reader.realPath('/proc/self/cwd')).toEqual(found(realpathSync('.')));
	});
});
