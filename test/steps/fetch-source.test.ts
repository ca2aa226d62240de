import {execFileSync} from 'node:child_process';
import {createHash, randomBytes} from 'node:crypto';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {type AddressInfo, connect} from 'node:net';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {performAll} from '../../src/actions/perform.ts';
import {createLocalReader} from '../../src/machine/reader.ts';
import {createLocalRunner} from '../../src/machine/runner.ts';
import type {ActionEvent, Outcome} from '../../src/model/walk.ts';
import {type Download, planSourceFetch} from '../../src/steps/fetch-source.ts';
import {foundProgram} from '../scaffold/found-program.ts';
import {makeCertificate} from '../support/certificate.ts';
import {type Fault, serve} from '../support/rustup/server.ts';
import {scratchFolder} from '../support/scratch.ts';

const canServe = ['openssl', 'curl', 'xz', 'gzip', 'tar'].every(name => foundProgram(name) !== undefined);

const folder = 'https://cdn.kernel.org/pub/linux/kernel/v7.x';
const fromKernelOrg: Download = {
	url: `${folder}/linux-7.2.13.tar.xz`,
	name: 'linux-7.2.13.tar.xz',
	size: 'About 150 MB',
	sums: `${folder}/sha256sums.asc`
};
const fromGithub: Download = {
	url: 'https://github.com/archlinux/linux/archive/refs/tags/v7.1.3-arch1.tar.gz',
	name: 'v7.1.3-arch1.tar.gz',
	size: 'About 250 MB'
};
const hosts = ['cdn.kernel.org', 'github.com', 'codeload.github.com'];
const redirects = {
	'/archlinux/linux/archive/refs/tags/v7.1.3-arch1.tar.gz':
		'https://codeload.github.com/archlinux/linux/tar.gz/refs/tags/v7.1.3-arch1'
};

type Circumstances = {
	readonly download?: Download;
	readonly faults?: readonly Fault[];
	readonly redirects?: Readonly<Record<string, string>>;
	readonly bytesPerSecond?: number;
	/** Lines of ~/.curlrc, which curl reads by itself: how a test leads it to its own server. */
	readonly curlrc?: (port: number) => readonly string[];
	readonly environment?: (port: number) => Readonly<Record<string, string>>;
	/** What an earlier start left of it. */
	readonly part?: Uint8Array;
	readonly signal?: AbortSignal;
};

describe.runIf(canServe)('a source is fetched by curl from servers of kernel.org’s and GitHub’s shape', () => {
	const made = mkdtempSync(join(tmpdir(), 'fetch-source-'));
	const published = join(made, 'published');
	let tls = {key: '', cert: '', file: ''};
	const pathOf = {
		xz: join(published, new URL(fromKernelOrg.url).pathname),
		gz: join(published, '/archlinux/linux/tar.gz/refs/tags/v7.1.3-arch1')
	};

	beforeAll(() => {
		tls = makeCertificate(made, hosts);
		const tree = join(made, 'linux-7.2.13');
		mkdirSync(tree);
		writeFileSync(join(tree, 'Makefile'), 'VERSION = 7\nPATCHLEVEL = 2\nSUBLEVEL = 13\nEXTRAVERSION =\n');
		writeFileSync(join(tree, 'noise'), randomBytes(200_000));
		for (const [kind, file] of Object.entries(pathOf)) {
			mkdirSync(dirname(file), {recursive: true});
			execFileSync('tar', ['-C', made, kind === 'xz' ? '-cJf' : '-czf', file, 'linux-7.2.13']);
		}
		const sum = createHash('sha256').update(readFileSync(pathOf.xz)).digest('hex');
		writeFileSync(
			join(dirname(pathOf.xz), 'sha256sums.asc'),
			`-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${'0'.repeat(64)}  linux-7.2.1.tar.xz\n${sum}  linux-7.2.13.tar.xz\n${'1'.repeat(64)}  patch-7.2.13.xz\n-----BEGIN PGP SIGNATURE-----\n`
		);
	});
	afterAll(() => rmSync(made, {recursive: true}));

	const leadingHere = (port: number): readonly string[] => [
		`cacert = "${tls.file}"`,
		...hosts.map(host => `connect-to = "${host}:443:127.0.0.1:${port}"`)
	];

	async function fetch(given: Circumstances = {}) {
		const home = scratchFolder();
		const {download = fromKernelOrg} = given;
		const file = join(home, '.local/share/linux-rust-setup/sources', download.name);
		if (given.part !== undefined) {
			mkdirSync(dirname(file), {recursive: true});
			writeFileSync(`${file}.part`, given.part);
		}
		const server = await serve(published, {redirects, ...given, tls});
		writeFileSync(join(home, '.curlrc'), (given.curlrc ?? leadingHere)(server.port).join('\n'));
		const reader = createLocalReader({
			environment: {
				PATH: process.env['PATH'],
				HOME: home,
				XDG_STATE_HOME: join(home, 'state'),
				...given.environment?.(server.port)
			}
		});
		const events: ActionEvent[] = [];
		let outcome: Outcome;
		try {
			outcome = await performAll(planSourceFetch(download, file), {
				reader,
				runner: createLocalRunner(reader),
				handOver: undefined,
				emit: event => events.push(event),
				signal: given.signal ?? new AbortController().signal,
				watched: undefined,
				remember: async () => undefined
			});
		} finally {
			await server.close();
		}
		return {
			outcome,
			file,
			requests: server.requests,
			said: events.flatMap(event => (event.kind === 'output' ? [event.text] : [])).join('')
		};
	}
	const whole = () => readFileSync(pathOf.xz);
	const failedBy = (id: string, cause: RegExp) => ({
		kind: 'failed',
		trouble: {cause: {id, cause: expect.stringMatching(cause)}}
	});

	test('whole, with its checksum compared, and curl’s own progress to be seen', async () => {
		const {outcome, file, requests, said} = await fetch();
		expect(outcome).toEqual({kind: 'ok'});
		expect(readFileSync(file).equals(whole())).toBe(true);
		expect(existsSync(`${file}.part`)).toBe(false);
		expect(requests).toEqual([
			'GET /pub/linux/kernel/v7.x/linux-7.2.13.tar.xz',
			'GET /pub/linux/kernel/v7.x/sha256sums.asc'
		]);
		expect(said).toMatch(/100 +\d+k/);
	});

	test('over a redirect, where no checksum is published', async () => {
		const {outcome, file} = await fetch({download: fromGithub});
		expect(outcome).toEqual({kind: 'ok'});
		expect(readFileSync(file).equals(readFileSync(pathOf.gz))).toBe(true);
	});

	test('never over a redirect to what is not encrypted', async () => {
		const {outcome} = await fetch({
			download: fromGithub,
			redirects: {[new URL(fromGithub.url).pathname]: 'http://codeload.github.com/v7.1.3-arch1.tar.gz'}
		});
		expect(outcome).toMatchObject(failedBy('any.curl', /Protocol "http"/));
	});

	test('over a slow link', async () => {
		expect((await fetch({bytesPerSecond: 70_000})).outcome).toEqual({kind: 'ok'});
	});

	test('through the proxy that the environment names', async () => {
		let asked = '';
		const ports = {server: 0};
		const proxy = createServer();
		proxy.on('connect', (request, socket) => {
			asked = request.url ?? '';
			const through = connect(ports.server, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
			through.pipe(socket).pipe(through);
			for (const end of [through, socket]) end.on('error', () => {});
		});
		await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
		onTestFinished(() => void proxy.close());
		const {outcome} = await fetch({
			curlrc: port => {
				ports.server = port;
				return [`cacert = "${tls.file}"`];
			},
			environment: () => ({https_proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`})
		});
		expect(outcome).toEqual({kind: 'ok'});
		expect(asked).toBe('cdn.kernel.org:443');
	});

	test('with the authority that the environment names', async () => {
		const {outcome} = await fetch({
			curlrc: port => [`connect-to = "cdn.kernel.org:443:127.0.0.1:${port}"`],
			environment: () => ({SSL_CERT_FILE: tls.file})
		});
		expect(outcome).toEqual({kind: 'ok'});
	});

	test('a connection that breaks once is gone on with by itself', async () => {
		const {outcome, file, requests} = await fetch({
			faults: [{path: '.tar.xz', kind: 'cut', at: 80_000, times: 1}]
		});
		expect(outcome).toEqual({kind: 'ok'});
		expect(readFileSync(file).equals(whole())).toBe(true);
		expect(requests).toContain('GET /pub/linux/kernel/v7.x/linux-7.2.13.tar.xz Range');
	});

	test('a link that goes dead is given up, and gone on with by itself', {timeout: 60_000}, async () => {
		const {outcome, requests} = await fetch({faults: [{path: '.tar.xz', kind: 'stall', at: 80_000, times: 1}]});
		expect(outcome).toEqual({kind: 'ok'});
		expect(requests).toContain('GET /pub/linux/kernel/v7.x/linux-7.2.13.tar.xz Range');
	});

	test('what an earlier start left is gone on with', async () => {
		const {outcome, requests} = await fetch({part: whole().subarray(0, 90_000)});
		expect(outcome).toEqual({kind: 'ok'});
		expect(requests[0]).toMatch(/ Range$/);
	});

	test('what an earlier start left whole is looked at and kept', async () => {
		const {outcome, requests} = await fetch({part: whole()});
		expect(outcome).toEqual({kind: 'ok'});
		expect(requests).toHaveLength(2);
	});

	test('a server that cannot go on in the middle is asked for all of it', async () => {
		const {outcome, file} = await fetch({
			download: fromGithub,
			part: readFileSync(pathOf.gz).subarray(0, 90_000),
			faults: [{path: '/tar.gz/', kind: 'whole', at: 0}]
		});
		expect(outcome).toEqual({kind: 'ok'});
		expect(readFileSync(file).equals(readFileSync(pathOf.gz))).toBe(true);
	});

	test.for<[string, Circumstances, string, RegExp]>([
		[
			'a bit that changed on the way',
			{faults: [{path: '.tar.xz', kind: 'flip', at: 5000}]},
			'metadata.checksum',
			/removed again/
		],
		[
			'a file that is cut off on the server',
			{faults: [{path: '.tar.xz', kind: 'short', at: 5000}]},
			'metadata.checksum',
			/checksum/
		],
		['the rest of another file', {part: randomBytes(90_000)}, 'metadata.checksum', /checksum/],
		[
			'a packed file that is cut off',
			{download: fromGithub, faults: [{path: '/tar.gz/', kind: 'short', at: 5000}]},
			'metadata.damaged',
			/cut off/
		],
		[
			'a list without it',
			{download: {...fromKernelOrg, sums: `${folder}/linux-7.2.13.tar.xz`}},
			'metadata.unlisted',
			/does not name it/
		]
	])('%s: nothing bears its name', async ([, given, id, cause]) => {
		const {outcome, file} = await fetch(given);
		expect(outcome).toMatchObject(failedBy(id, cause));
		expect(existsSync(file)).toBe(false);
		if (id !== 'metadata.unlisted') expect(existsSync(`${file}.part`)).toBe(false);
	});

	test.for<[string, Circumstances, string, RegExp]>([
		[
			'a version that was never released',
			{faults: [{path: '.tar.xz', kind: 'status', at: 404}]},
			'any.http',
			/answered 404/
		],
		[
			'a server in trouble, three times',
			{faults: [{path: '.tar.xz', kind: 'status', at: 503}]},
			'any.http',
			/answered 503/
		],
		[
			'a name that is not found',
			{curlrc: () => ['connect-to = "cdn.kernel.org:443:nowhere.invalid:443"']},
			'any.curl',
			/Could not resolve host/
		],
		[
			'nobody there',
			{curlrc: () => ['connect-to = "cdn.kernel.org:443:127.0.0.1:9"']},
			'any.curl',
			/Failed to connect|Couldn't connect/
		],
		[
			'a certificate that nobody vouches for',
			{curlrc: port => [`connect-to = "cdn.kernel.org:443:127.0.0.1:${port}"`]},
			'any.curl',
			/certificate/
		],
		[
			'a proxy that is not there',
			{environment: () => ({https_proxy: 'http://127.0.0.1:9'})},
			'any.curl',
			/Failed to connect|Couldn't connect/
		]
	])('%s: said, and nothing bears its name', {timeout: 30_000}, async ([, given, id, cause]) => {
		const {outcome, file} = await fetch(given);
		expect(outcome).toMatchObject(failedBy(id, cause));
		expect(outcome).toMatchObject({
			trouble: {title: expect.stringMatching(/^fetching the source: stopped with code \d+/)}
		});
		expect(existsSync(file)).toBe(false);
	});

	test('Ctrl-C keeps what has come', async () => {
		const cancelling = new AbortController();
		const fetching = fetch({bytesPerSecond: 40_000, signal: cancelling.signal});
		setTimeout(() => cancelling.abort(), 1500);
		const {outcome, file} = await fetching;
		expect(outcome).toEqual({kind: 'cancelled'});
		expect(statSync(`${file}.part`).size).toBeGreaterThan(0);
		expect(existsSync(file)).toBe(false);
	});
});
