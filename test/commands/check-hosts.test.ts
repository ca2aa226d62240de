import {cpSync, existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Green} from '../../src/model/facts.ts';
import {buildProgram, makePlace} from '../support/program.ts';
import {ready} from '../support/scenes.ts';
import {expectToFit, schema} from '../support/schemas.ts';
import {busybox, freePort, makeBareSystem, type SshServer, sshd, startSshd} from '../support/sshd.ts';
import {makeSystem} from '../support/sysroot.ts';

const isRoot = process.getuid?.() === 0;
if (sshd === undefined) console.warn('There is no sshd here: check over ssh is not tested against a real one.');

beforeAll(buildProgram, 60_000);

describe('an address that is none', () => {
	test.each([
		[['--on', 'ssh://-oProxyCommand=id'], 'unusable-host'],
		[['--on', 'ssh://b\u001b[31mox'], 'unusable-host'],
		[['--on', 'ssh://good', '--on', 'ssh://bad host'], 'unusable-host'],
		[['--on', 'box'], 'unknown-place'],
		[['--on', 'practice'], 'unknown-place'],
		[['--on', 'ssh://box', '--mend'], 'flag-elsewhere'],
		[['--on', 'ssh://box', '--kdir', '/usr/src'], 'flag-elsewhere'],
		[['--on', 'ssh://box', '--report', 'file'], 'flag-elsewhere']
	])('%j ends with code 2 before anything is asked', async (words, error) => {
		const {code, stdout} = await makePlace().run(['check', '--json', ...words]);
		expect({code, error: JSON.parse(stdout).error.code}).toEqual({code: 2, error});
		expect(stdout).not.toContain('\u001b');
	});
});

describe.runIf(sshd !== undefined)('over a real sshd', () => {
	let server: SshServer;
	beforeAll(async () => {
		server = await startSshd();
	});
	afterAll(() => server?.stop());

	const check = async (words: readonly string[], environment: Readonly<Record<string, string>>) => {
		const ran = await makePlace().run(['check', ...words], {environment});
		return {...ran, document: words.includes('--json') ? JSON.parse(ran.stdout) : undefined};
	};

	test('a machine says over ssh what it says of itself', async () => {
		const environment = server.environment();
		// this very machine, under the address of its loopback
		const {code, document, stderr} = await check(['--on', server.address, '--on', 'this', '--json'], environment);
		expectToFit(schema('check-hosts'), document);
		const [there, here] = document.hosts;
		expect(stderr).toBe('');
		expect([there.host, here.host]).toEqual([server.address, 'this']);
		const foundation = (host: typeof there) =>
			host.steps
				.filter((step: {id: string}) => ['machine', 'kernel', 'boot', 'toolchain', 'metadata'].includes(step.id))
				.map(({id, status, reason}: Record<string, string>) => ({id, status, reason}));
		expect(foundation(there)).toEqual(foundation(here));
		expect(code).toBe(Math.max(there.exit, here.exit));
	});

	test('a name of the ssh configuration does; what it would start beside the session stays away', async () => {
		const {code, document} = await check(['--on', 'ssh://box', '--json'], server.environment());
		expect(document.hosts).toMatchObject([{host: 'ssh://box', outcome: 'checked', exit: code}]);
	});

	test.each([
		['key-refused', {key: 'wrong'}],
		['host-key-unknown', {knows: 'nothing'}],
		['host-key-changed', {knows: 'another'}]
	] as const)('%s', async (problem, client) => {
		const {code, document, stderr} = await check(['--on', server.address, '--json'], server.environment(client));
		expectToFit(schema('check-hosts'), document);
		expect({code, stderr, outcome: document.hosts[0].outcome, problem: document.hosts[0].problem.code}).toEqual({
			code: 3,
			stderr: '',
			outcome: 'failed',
			problem
		});
	});

	test('a dead port is named, and the other machines are shown', async () => {
		const dead = `ssh://127.0.0.1:${await freePort()}`;
		const {code, stdout} = await check(['machine', '--on', dead, '--on', server.address], server.environment());
		expect(code).toBe(3);
		const lines = stdout.trim().split('\n');
		expect(lines[0]).toMatch(new RegExp(`^${dead}: problem: It cannot be reached \\(ssh: .*Connection refused\\)\\.$`));
		expect(lines[1]).toMatch(new RegExp(`^${dead}: remedy: .*: ssh -p \\d+ 127\\.0\\.0\\.1$`));
		expect(lines[2]).toMatch(new RegExp(`^${server.address}: machine: `));
	});

	test('many at once, each named once', async () => {
		// sshd listens at the first four of them
		const hosts = Array.from({length: 20}, (_, index) => `ssh://127.0.0.${index + 1}:${server.port}`);
		const {document, code} = await check(
			['machine', '--json', ...hosts.flatMap(host => ['--on', host]), '--on', hosts[0] as string],
			server.environment()
		);
		expect(code).toBe(3);
		expect(document.hosts.map((one: {host: string}) => one.host)).toEqual(hosts);
		expect(document.hosts.map((one: {outcome: string}) => one.outcome)).toEqual(
			hosts.map((_, index) => (index < 4 ? 'checked' : 'failed'))
		);
	});
});

describe.runIf(sshd !== undefined && busybox !== undefined && isRoot)('a system with nothing but busybox', () => {
	const tools = ['head', 'stat', 'readlink', 'df', 'uname', 'id', 'timeout'];
	const stops: (() => void)[] = [];
	afterAll(() => {
		for (const stop of stops) stop();
	});

	/** A described system, bare, behind an sshd of its own. */
	async function behindSshd(description: Parameters<typeof makeSystem>[0], green?: Green) {
		const bare = makeBareSystem(tools);
		const system = makeSystem({...description, programs: ['sudo', 'make', 'gcc', 'ld.lld', 'clang', 'llvm-nm']});
		cpSync(system.root, bare.root, {recursive: true, verbatimSymlinks: true, force: false});
		if (green !== undefined) {
			const folder = join(bare.root, 'home/me/state/linux-rust-setup');
			mkdirSync(folder, {recursive: true});
			writeFileSync(join(folder, 'memory.json'), JSON.stringify({schema: 2, modules: [], loads: [], green}));
		}
		const server = await startSshd([
			`ChrootDirectory ${bare.root}`,
			'SetEnv HOME=/home/me RUSTUP_HOME=/home/me/.rustup XDG_STATE_HOME=/home/me/state'
		]);
		stops.push(() => {
			server.stop();
			bare.remove();
		});
		return server;
	}

	test('is inspected by the same steps: a kernel, its compiler and headers are found', async () => {
		const server = await behindSshd(ready);
		const place = makePlace();
		const {code, stdout} = await place.run(['check', '--on', server.address, '--json'], {
			environment: server.environment()
		});
		const document = JSON.parse(stdout);
		expectToFit(schema('check-hosts'), document);
		const said = document.hosts[0].steps.map((step: {id: string; status: string; reason?: string}) => [
			step.id,
			step.reason ?? step.status
		]);
		expect(said.slice(0, 6)).toEqual([
			['machine', 'done'],
			['kernel', 'done'],
			['boot', 'done'],
			['toolchain', 'done'],
			['metadata', 'done'],
			['module', 'module.none']
		]);
		expect(code).toBe(1);
		// nothing was left there
		expect(existsSync(join(place.state, 'linux-rust-setup'))).toBe(false);
	});

	test('says what changed since it was green there, by its own memory', async () => {
		const server = await behindSshd(ready, {
			at: '2026-11-12T10:00:00.000Z',
			kernel: {release: '6.12.1-arch1-1-rust', package: 'linux-rust'},
			wanted: 'rustc 1.85.1 (4eb161250 2025-03-15)',
			rustc: {
				path: '/home/me/.rustup/toolchains/1.85.1-x86_64-unknown-linux-gnu/bin/rustc',
				text: 'rustc 1.85.1 (4eb161250 2025-03-15)'
			},
			kdir: '/usr/lib/modules/6.12.1-arch1-1-rust/build',
			headers: '6.12.1-arch1-1-rust',
			modules: []
		});
		const {stdout} = await makePlace().run(['check', '--on', server.address, '--json'], {
			environment: server.environment()
		});
		const document = JSON.parse(stdout);
		expectToFit(schema('check-hosts'), document);
		expect(document.hosts[0].since.changes).toMatchObject([
			{fact: 'kernel', before: 'linux-rust 6.12.1-arch1-1-rust', note: 'running'}
		]);
	});

	test('and no shell that can be run: the host is named with that', async () => {
		const server = await startSshd([`ForceCommand /nonexistent/shell`]);
		stops.push(server.stop);
		const {code, stdout} = await makePlace().run(['check', '--on', server.address, '--json'], {
			environment: server.environment()
		});
		expect({code, problem: JSON.parse(stdout).hosts[0].problem.code}).toEqual({code: 3, problem: 'no-shell'});
	});
});
