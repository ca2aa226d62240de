import {execFileSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {performAll} from '../../src/actions/perform.ts';
import {createLocalReader} from '../../src/machine/reader.ts';
import {createLocalRunner} from '../../src/machine/runner.ts';
import type {Command} from '../../src/model/command.ts';
import type {Reader} from '../../src/model/machine.ts';
import type {Action} from '../../src/model/step.ts';
import type {ActionEvent} from '../../src/model/walk.ts';
import {foundProgram} from '../scaffold/found-program.ts';
import {debianRustup} from '../support/rustup/debian.ts';
import {release1851, writeRelease} from '../support/rustup/distribution.ts';
import {installRustup, rustupAt} from '../support/rustup/rustup.ts';
import {type Fault, serve} from '../support/rustup/server.ts';
import {scratchFolder} from '../support/scratch.ts';

const {version} = release1851;
const rustcSays = 'rustc 1.85.1 (4eb161250 2025-03-15)';
const folder = `${version}-x86_64-unknown-linux-gnu`;

/** What the server offers, and a rustup of each kind to be copied: made once. */
const made = mkdtempSync(join(tmpdir(), 'install-toolchain-'));
const mirror = join(made, 'mirror');
beforeAll(() => writeRelease(mirror, release1851));
afterAll(() => rmSync(made, {recursive: true}));

const rustup = (verb: 'install' | 'uninstall', ...words: readonly string[]): Command => ({
	argv: ['rustup', 'toolchain', verb, ...words],
	as: 'user',
	terminal: 'captured',
	interrupt: verb === 'install' ? 'group' : 'never',
	why: 'it is tested'
});

type Circumstances = {
	readonly faults?: readonly Fault[];
	readonly bytesPerSecond?: number;
	/** In place of the server's own address. */
	readonly url?: string;
	/** Added to the environment of rustup alone. */
	readonly env?: Readonly<Record<string, string>>;
	readonly release?: string;
	readonly reader?: Partial<Reader>;
	readonly signal?: AbortSignal;
};

/** What a test does with a rustup of its own. */
function workshop(home: string) {
	const {environment, toolchains} = rustupAt(home);
	const installed = join(toolchains, folder);
	return {
		home,
		installed,
		listed: () => (existsSync(toolchains) ? readdirSync(toolchains) : []),
		asksRustc: () => execFileSync(join(installed, 'bin/rustc'), ['--version'], {encoding: 'utf8'}).trim(),
		programs: () => readdirSync(join(installed, 'bin')).sort(),
		/** Waits until the first component of several is installed. */
		async untilHalf() {
			while (!existsSync(join(installed, 'bin'))) await new Promise(resolve => setTimeout(resolve, 10));
		},
		/** Waits until that many bytes of a download have come. */
		async untilStalled(bytes: number) {
			const downloads = join(home, '.rustup/downloads');
			const has = (name: string): boolean => statSync(join(downloads, name), {throwIfNoEntry: false})?.size === bytes;
			while (!existsSync(downloads) || !readdirSync(downloads).some(has))
				await new Promise(resolve => setTimeout(resolve, 10));
		},
		/** Performs the action as the program does, with a server of its own. */
		async install(given: Circumstances = {}) {
			const server = await serve(mirror, given);
			const reader: Reader = {
				...createLocalReader({
					environment: {
						...environment,
						RUSTUP_DIST_SERVER: given.url ?? server.url,
						XDG_STATE_HOME: join(home, 'state')
					}
				}),
				...given.reader
			};
			const release = given.release ?? version;
			const install: Action = {
				kind: 'install-toolchain',
				install: {
					toolchain: release,
					home: environment['RUSTUP_HOME'] ?? '',
					command: {
						...rustup('install', release, '--profile', 'minimal', '--no-self-update'),
						...(given.env === undefined ? {} : {env: given.env})
					},
					uninstall: rustup('uninstall', release)
				}
			};
			const events: ActionEvent[] = [];
			try {
				const outcome = await performAll([install], {
					reader,
					runner: createLocalRunner(reader),
					handOver: undefined,
					emit: event => events.push(event),
					signal: given.signal ?? new AbortController().signal,
					watched: undefined,
					remember: async () => undefined
				});
				return {outcome, requests: server.requests, said: saidIn(events)};
			} finally {
				await server.close();
			}
		}
	};
}

/** The texts of each kind of event, in order. */
const saidIn = (events: readonly ActionEvent[]) => (kind: 'progress' | 'phase' | 'notice' | 'output') =>
	events.flatMap(event => (event.kind === kind ? [event.text] : []));

const deadLink: [string, Circumstances, string] = [
	'a link that went dead',
	{
		faults: [{path: '/rustc-', kind: 'stall', at: 5000}],
		env: {RUSTUP_DOWNLOAD_TIMEOUT: '1', RUSTUP_MAX_RETRIES: '0'}
	},
	'rustup.net'
];

/** A file system of its own for `$RUSTUP_HOME`; false, said aloud, where it may not be mounted. */
function mountSmall(place: string, megabytes: number): boolean {
	mkdirSync(place, {recursive: true});
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', place], {stdio: 'ignore'});
	} catch {
		console.warn('A file system may not be mounted here: what rustup does when the disk is full is not tested.');
		return false;
	}
	onTestFinished(() => void execFileSync('umount', [place]));
	return true;
}

const rustups = [
	{name: 'of this machine', program: foundProgram('rustup'), packaged: false},
	{name: '1.27.1, of Debian', program: debianRustup(), packaged: true}
].filter(one => one.program !== undefined);

describe.for(rustups)('rustup, $name', {timeout: 60_000}, ({name, program = '', packaged}) => {
	const template = join(made, name);
	beforeAll(() => installRustup(program, template, {packaged}));
	const fresh = () => {
		const home = scratchFolder();
		cpSync(template, home, {recursive: true, verbatimSymlinks: true});
		return workshop(home);
	};

	test('installs a whole toolchain from the mirror of the environment, and tells how far it is', async () => {
		const shop = fresh();
		const {outcome, requests, said} = await shop.install({bytesPerSecond: 4_000_000});
		expect(outcome).toEqual({kind: 'ok'});
		expect(shop.asksRustc()).toBe(rustcSays);
		expect(shop.programs()).toEqual(['cargo', 'rustc', 'rustdoc']);
		expect(requests).toContainEqual(expect.stringMatching(/^GET \/dist\/2025-03-15\/rustc-/));
		expect(said('progress')).toContainEqual(
			expect.stringMatching(packaged ? /^downloading rustc$/ : /^downloading rustc · about [\d.]+ of 3\.0 MiB$/)
		);
		// bars are no lines of a log
		expect(said('output').join('')).not.toMatch(/\[[# ]{15}\]/);
		expect(said('output').join('')).toContain(`installed - ${rustcSays}`);
	});

	test('one that is there is not asked for again: rustup would need its server for that', async () => {
		const shop = fresh();
		await shop.install();
		const {outcome, requests, said} = await shop.install();
		expect(outcome).toEqual({kind: 'ok'});
		expect(requests).toEqual([]);
		expect(said('notice')).toEqual(['the toolchain 1.85.1 is there already']);
	});

	test('Ctrl-C in the middle leaves nothing half installed, and the next time goes on from there', async () => {
		const shop = fresh();
		const cancelling = new AbortController();
		const running = shop.install({
			faults: [{path: '/rustc-', kind: 'stall', at: 500_000}],
			signal: cancelling.signal
		});
		// 1.27 installs nothing before everything is downloaded
		await (packaged ? shop.untilStalled(500_000) : shop.untilHalf());
		cancelling.abort();
		expect((await running).outcome).toEqual({
			kind: 'cancelled',
			note: packaged
				? 'Finished downloads are kept.'
				: 'What was half installed is removed again, finished downloads are kept.'
		});
		expect(shop.listed()).toEqual([]);
		const again = await shop.install();
		expect(again.outcome).toEqual({kind: 'ok'});
		expect(again.requests).toContainEqual(expect.stringMatching(/\/rustc-.* Range$/));
		expect(shop.asksRustc()).toBe(rustcSays);
	});

	test('a half that a crash left is removed first: rustup would install more than the minimum beside it', async () => {
		const shop = fresh();
		mkdirSync(join(shop.installed, 'bin'), {recursive: true});
		writeFileSync(join(shop.installed, 'bin/rustc'), '');
		const {outcome, said} = await shop.install();
		expect(outcome).toEqual({kind: 'ok'});
		expect(said('phase')[0]).toBe('removing the half of 1.85.1 that is there');
		expect(shop.programs()).toEqual(['cargo', 'rustc', 'rustdoc']);
	});

	// no case of Debian's: it is run by a loader here, and its process bears the loader's name
	if (!packaged)
		test('a half that another rustup is at work on is left to it', async () => {
			const shop = fresh();
			const cancelling = new AbortController();
			const running = shop.install({
				faults: [{path: '/rustc-', kind: 'stall', at: 500_000}],
				signal: cancelling.signal
			});
			await shop.untilHalf();
			const {outcome, requests} = await shop.install();
			expect(outcome).toMatchObject({
				kind: 'refused',
				why: expect.stringMatching(/is half there, and a rustup .* is at work \(process \d+\): wait/)
			});
			expect(requests).toEqual([]);
			cancelling.abort();
			await running;
			expect(shop.listed()).toEqual([]);
		});

	test.for<[string, Circumstances, string]>([
		['a version that was never released', {release: '1.99.9'}, 'rustup.version'],
		['a bit that changed on the way', {faults: [{path: '/rustc-', kind: 'flip', at: 5000}]}, 'rustup.checksum'],
		['a mirror with a file that is cut off', {faults: [{path: '/rustc-', kind: 'short', at: 5000}]}, 'rustup.checksum'],
		['a connection that breaks each time', {faults: [{path: '/rustc-', kind: 'cut', at: 5000}]}, 'rustup.net'],
		['a server in trouble', {faults: [{path: 'channel-rust', kind: 'status', at: 503}]}, 'rustup.http'],
		['nobody there', {url: 'http://127.0.0.1:9'}, 'rustup.net'],
		// 1.27 waits for 30 s, whatever it is told: rustup.broken has its words
		...(packaged ? [] : [deadLink])
	])('%s is explained, leaves nothing, and the next time goes well', async ([, given, id]) => {
		const shop = fresh();
		const {outcome} = await shop.install(given);
		expect(outcome).toMatchObject({kind: 'failed', trouble: {cause: {id}}});
		expect(shop.listed()).toEqual([]);
		expect((await shop.install()).outcome).toEqual({kind: 'ok'});
		expect(shop.asksRustc()).toBe(rustcSays);
	});

	test('a connection that broke once is mended by rustup itself, or by the next time', async () => {
		const shop = fresh();
		const {outcome} = await shop.install({faults: [{path: '/rustc-', kind: 'cut', at: 300_000, times: 1}]});
		if (packaged) {
			expect(outcome).toMatchObject({kind: 'failed', trouble: {cause: {id: 'rustup.broken'}}});
			expect((await shop.install()).outcome).toEqual({kind: 'ok'});
		} else expect(outcome).toEqual({kind: 'ok'});
		expect(shop.asksRustc()).toBe(rustcSays);
	});

	test('too little space: nothing is begun', async () => {
		const shop = fresh();
		const {outcome, requests} = await shop.install({
			reader: {freeSpace: async () => ({status: 'found', value: 300_000_000})}
		});
		expect(outcome).toEqual({
			kind: 'refused',
			why: `300 MB are free where ${shop.home}/.rustup is, and a toolchain takes about 800 MB while it is unpacked`
		});
		expect(requests).toEqual([]);
	});

	test.for([
		['while it downloads', 2, packaged ? 'rustup.write' : 'any.enospc'],
		['while it unpacks', 5, 'any.enospc']
	] as const)('the disk is full %s: nothing is left of it', async ([, megabytes, id]) => {
		const shop = fresh();
		rmSync(join(shop.home, '.rustup'), {recursive: true, force: true});
		if (!mountSmall(join(shop.home, '.rustup'), megabytes)) return;
		const plenty: Partial<Reader> = {freeSpace: async () => ({status: 'found', value: 41e9})};
		const {outcome} = await shop.install({reader: plenty});
		expect(outcome).toMatchObject({kind: 'failed', trouble: {cause: {id}}});
		expect(shop.listed()).toEqual([]);
	});

	test('two at once: it is there in the end, and who did not get through is told why', async () => {
		const shop = fresh();
		const both = await Promise.all([
			shop.install({bytesPerSecond: 2_000_000}),
			shop.install({bytesPerSecond: 2_000_000})
		]);
		const outcomes = both.map(one => one.outcome);
		expect(outcomes).toContainEqual({kind: 'ok'});
		for (const outcome of outcomes)
			if (outcome.kind !== 'ok') expect(outcome).toMatchObject({trouble: {cause: {stage: 'toolchain'}}});
		expect(shop.asksRustc()).toBe(rustcSays);
	});
});
