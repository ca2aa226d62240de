import {createHash} from 'node:crypto';
import {chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {describe, expect, it, onTestFinished} from 'vitest';
import {createLocalReader} from '../../src/machine/reader.ts';
import {createRemoteReader} from '../../src/machine/remote-reader.ts';
import {openSshShell, type SshLimits, type SshShell, sshLimits} from '../../src/machine/ssh.ts';
import type {Reader} from '../../src/model/machine.ts';
import {scratchFolder} from '../support/scratch.ts';
import {busybox} from '../support/sshd.ts';

const address = {text: 'ssh://box', host: 'box'};

/** A program named ssh that runs these lines of shell in its place: the words for the other machine do not matter to it. */
function sshThat(lines: string): Record<string, string> {
	const folder = scratchFolder();
	writeFileSync(join(folder, 'ssh'), `#!/bin/sh\n${lines}\n`, {mode: 0o755});
	return {PATH: `${folder}:/usr/bin:/bin`, HOME: '/home/me'};
}

async function shellOf(lines: string, limits: SshLimits = sshLimits): Promise<SshShell> {
	const opened = await openSshShell(address, sshThat(lines), limits);
	if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
	onTestFinished(opened.shell.close);
	return opened.shell;
}

const problemOf = async (lines: string, limits: Partial<SshLimits> = {}) => {
	const opened = await openSshShell(address, sshThat(lines), {...sshLimits, ...limits});
	if (opened.ok) opened.shell.close();
	return opened.ok ? undefined : opened.problem;
};

/** Files of all kinds, with the names that shells trip over. */
function manyFiles(): string {
	const folder = scratchFolder();
	const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder, name), content);
	write('plain', 'one\ntwo\n');
	write('no newline', 'one');
	write('empty', '');
	write(
		'every byte',
		Uint8Array.from({length: 1024}, (_, index) => index % 256)
	);
	write('it\'s $(a) `name` "x" *', 'quoted');
	write('two\nlines', 'lines');
	write('-rf', 'flag');
	write('.hidden', 'hidden');
	write('...', 'dots');
	write('ünï', 'letters');
	write('packed', gzipSync('CONFIG_RUST=y\n'));
	write('half packed', gzipSync('CONFIG_RUST=y\n').subarray(0, 20));
	write('large', Buffer.alloc(3_000_000, 'abc'));
	write('program', '#!/bin/sh\necho out; echo err >&2; exit 3\n');
	chmodSync(join(folder, 'program'), 0o755);
	mkdirSync(join(folder, 'folder'));
	mkdirSync(join(folder, 'none in it'));
	write('folder/inside', 'x');
	symlinkSync('plain', join(folder, 'link'));
	symlinkSync('folder', join(folder, 'link to folder'));
	symlinkSync('nowhere', join(folder, 'dangling'));
	return folder;
}

const shells = [
	['dash', '/usr/bin/dash'],
	['bash', '/usr/bin/bash'],
	['busybox', busybox ?? '']
].filter(([, path]) => existsSync(path ?? ''));

describe.each(shells)('a machine whose sh is %s', (name, path) => {
	const command =
		name === 'busybox' ? `exec ${path} sh -s` : name === 'bash' ? `exec ${path} --posix -s` : `exec ${path} -s`;
	const local = createLocalReader();

	it('answers as this one does, for every kind of file', async () => {
		const remote = createRemoteReader(await shellOf(command));
		const folder = manyFiles();
		const listed = await local.list(folder);
		const names = listed.status === 'found' ? listed.value : [];
		expect(names.length).toBeGreaterThan(15);
		const asks: readonly ((reader: Reader) => Promise<unknown>)[] = [
			reader => reader.list(folder),
			...[...names, 'missing', 'plain/below', 'missing/below', 'folder/inside'].flatMap(one => {
				const file = join(folder, one);
				return [
					(reader: Reader) => reader.readBytes(file),
					(reader: Reader) => reader.readBytes(file, 3),
					(reader: Reader) => reader.readText(file, 100_000),
					(reader: Reader) => reader.list(file),
					(reader: Reader) => reader.stat(file),
					(reader: Reader) => reader.realPath(file)
				];
			}),
			...['/proc/sys/kernel/osrelease', '/proc/self/../filesystems', '/etc/os-release'].map(
				file => (reader: Reader) => reader.readText(file)
			),
			...['sh', 'no-such-program', '/usr/bin/env', '/etc/passwd', '/etc'].map(
				word => (reader: Reader) => reader.which(word)
			)
		];
		// all at once, as the steps ask
		const [here, there] = await Promise.all([local, remote].map(reader => Promise.all(asks.map(ask => ask(reader)))));
		const comparable = (answers: readonly unknown[] | undefined) => answers?.map(one => withoutWords(one));
		expect(comparable(there)).toEqual(comparable(here));
	});

	it('says who and where it is', async () => {
		const {user, architecture, cwd, root} = createRemoteReader(await shellOf(`cd /usr; ${command}`));
		expect({uid: user.uid, name: user.name, architecture, cwd, root}).toEqual({
			uid: local.user.uid,
			name: local.user.name,
			architecture: local.architecture,
			cwd: '/usr',
			root: '/'
		});
		expect([...user.groups].sort()).toEqual([...new Set([...local.user.groups, process.getgid?.() ?? 0])].sort());
	});

	it('runs a program that is asked: output, errors, code, its time', async () => {
		const remote = createRemoteReader(await shellOf(command));
		const folder = manyFiles();
		writeFileSync(join(folder, 'slow'), '#!/bin/sh\nexec sleep 60\n', {mode: 0o755});
		expect(await remote.probe([join(folder, 'program')])).toEqual({
			status: 'found',
			value: {stdout: 'out\n', stderr: 'err', code: 3}
		});
		expect(await remote.probe([join(folder, 'missing')])).toEqual({status: 'absent'});
		expect(await remote.probe([join(folder, 'slow')], {timeout: 1000})).toEqual({
			status: 'unknown',
			why: `${join(folder, 'slow')} did not answer within 1000 ms`
		});
		const free = await remote.freeSpace('/');
		expect(free.status === 'found' && free.value > 1_000_000).toBe(true);
	});

	it('does not run what start files and names of files say', async () => {
		const remote = createRemoteReader(await shellOf(`echo Welcome; echo found; ${command}`));
		expect(remote.architecture).toBe(local.architecture);
		const folder = manyFiles();
		const file = join(folder, "'; touch made; '");
		expect(await remote.readText(file)).toEqual({status: 'absent'});
		expect(await remote.readText(join(folder, '$(touch made)'))).toEqual({status: 'absent'});
		const names = await remote.list(folder);
		expect(names.status === 'found' && names.value.includes('made')).toBe(false);
	});
});

/** Times of files are asked in other units, and sentences are in other words. */
function withoutWords(answer: unknown): unknown {
	const {status, value} = answer as {status: string; value?: unknown};
	if (status === 'unknown') return {status};
	if (value instanceof Uint8Array) return {status, value: createHash('sha256').update(value).digest('hex')};
	if (typeof value === 'string' && value.length > 1000)
		return {status, value: createHash('sha256').update(value).digest('hex')};
	if (typeof value === 'object' && value !== null && 'modified' in value)
		return {status, value: {...value, modified: Math.round(value.modified as number)}};
	return {status, value};
}

describe.runIf(process.getuid?.() === 0 && existsSync('/usr/bin/setpriv'))('what a user may not see there', () => {
	it('is unknown, never absent', async () => {
		const folder = manyFiles();
		chmodSync(folder, 0o755);
		chmodSync(join(folder, 'folder'), 0o700);
		chmodSync(join(folder, 'plain'), 0o600);
		const remote = createRemoteReader(
			await shellOf('cd /; exec setpriv --reuid=65534 --regid=65534 --clear-groups sh -s')
		);
		expect(remote.user.uid).toBe(65_534);
		expect(await remote.readText(join(folder, 'plain'))).toEqual({
			status: 'unknown',
			why: `${folder}/plain: permission denied`
		});
		expect((await remote.stat(join(folder, 'plain'))).status).toBe('found');
		for (const look of [remote.readText, remote.stat, remote.realPath, remote.list])
			expect(await look(join(folder, 'folder/inside/deeper'))).toMatchObject({status: 'unknown'});
		expect(await remote.list(join(folder, 'folder'))).toMatchObject({status: 'unknown'});
		expect(await remote.stat(join(folder, 'nothing/deeper'))).toEqual({status: 'absent'});
	});
});

describe('a machine without the usual tools', () => {
	it('answers what a shell knows by itself; the rest is unknown, and says why', async () => {
		const empty = scratchFolder();
		// the functions add the system's folders to PATH: a shell that ignores them stands for a system where they are empty
		const remote = createRemoteReader(
			await shellOf(`exec sed -u 's|^PATH=.*|PATH=${empty}|' | env -i PATH=${empty} HOME=/ /bin/sh -s`)
		);
		expect(await remote.stat('/no/such/file')).toEqual({status: 'absent'});
		expect(await remote.list('/proc/sys/kernel/random')).toMatchObject({status: 'found'});
		expect(await remote.readText('/etc/passwd')).toEqual({status: 'unknown', why: 'this machine has no program head'});
		expect(await remote.stat('/etc')).toEqual({status: 'unknown', why: 'this machine has no program stat'});
		expect(await remote.which('sudo')).toEqual({status: 'unknown', why: 'this machine has no program stat'});
		expect(remote.architecture).toBe('unknown');
	});
});

describe('no shell', () => {
	it.each([
		['host-key-unknown', 'echo "Host key verification failed." >&2; exit 255'],
		['host-key-changed', 'echo "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @" >&2; exit 255'],
		['key-refused', 'echo "me@box: Permission denied (publickey)." >&2; exit 255'],
		['unreachable', 'echo "ssh: connect to host box port 22: No route to host" >&2; exit 255'],
		['unreachable', 'echo "kex_exchange_identification: Connection closed by remote host" >&2; exit 255'],
		['timeout', 'echo "ssh: connect to host box port 22: Connection timed out" >&2; exit 255'],
		['name-unknown', 'echo "ssh: Could not resolve hostname box: Name or service not known" >&2; exit 255'],
		['ssh-failed', 'echo "Bad configuration option: nonsense" >&2; exit 255'],
		['no-shell', 'echo "This account is currently not available."; exit 1'],
		['no-shell', 'echo "sh: not found" >&2; exit 127']
	])('%s, with what to do about it', async (code, lines) => {
		const problem = await problemOf(lines);
		expect(problem).toMatchObject({code, message: expect.stringMatching(/^(It|ssh) .+\.$/)});
		expect(problem?.remedy).not.toBe('');
	});

	it('says what ssh said without what a terminal would obey', async () => {
		const problem = await problemOf('printf "\\033]0;title\\007\\033[31mno \\342\\200\\256way\\n" >&2; exit 255');
		expect(problem?.message).toBe('ssh could not connect: no \\u{202e}way.');
	});

	it('is waited for no longer than its time', async () => {
		expect(await problemOf('exec sleep 60', {greeting: 200})).toMatchObject({code: 'timeout'});
	});
});

describe('a connection that ends', () => {
	it('gives no answers any more, and says why', async () => {
		const shell = await shellOf('sed -u 400q | sh -s');
		const remote = createRemoteReader(shell);
		const answers = await Promise.all(Array.from({length: 600}, () => remote.stat('/etc')));
		expect(answers[0]).toMatchObject({status: 'found'});
		expect(answers.at(-1)).toEqual({status: 'unknown', why: 'the connection was lost'});
		expect(shell.problem()).toMatchObject({code: 'lost'});
	});

	it('because it was silent: what it was asked for is named', async () => {
		const shell = await shellOf('sh -s', {...sshLimits, silence: 300});
		const folder = scratchFolder();
		// a named pipe that nobody writes to, behind a name that is no pipe's
		writeFileSync(join(folder, 'sleeping'), '#!/bin/sh\nsleep 60\n', {mode: 0o755});
		expect(await shell.ask('ask_program', ['60', join(folder, 'sleeping')])).toBeUndefined();
		expect(shell.problem()).toMatchObject({
			code: 'silent',
			message: expect.stringContaining(join(folder, 'sleeping'))
		});
	});

	it('because it sends without end', async () => {
		const shell = await shellOf("sed -u 's/^stat_file .*/yes/' | sh -s");
		expect(await createRemoteReader(shell).stat('/etc')).toEqual({status: 'unknown', why: 'the connection was lost'});
		expect(shell.problem()).toMatchObject({code: 'lost', message: 'It sent more than it was asked for.'});
	});
});
