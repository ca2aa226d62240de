import {execFileSync} from 'node:child_process';
import {chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {withMemo} from '../../src/memory/memo.ts';
import {memoryFile, memorySchema, recall} from '../../src/memory/read.ts';
import {remember} from '../../src/memory/write.ts';
import {emptyMemory, type Memory} from '../../src/model/memory.ts';
import type {LoadEvidence, Memo} from '../../src/model/step.ts';
import {scratchFolder} from '../support/scratch.ts';

const load = (hash: string, release = '6.12.1-rust', spoke: readonly string[] = ['Hello']): LoadEvidence => ({
	name: 'hello',
	hash,
	release,
	spoke,
	at: '2026-01-31T10:00:00.000Z'
});

const memos: readonly Memo[] = [
	{kind: 'rustc', path: '/home/me/.rustup/toolchains/1.85.1/bin/rustc'},
	{kind: 'module', folder: '/home/me/hello', name: 'hello'},
	{kind: 'load', evidence: load('ab12')}
];

const remembered: Memory = {
	rustc: '/home/me/.rustup/toolchains/1.85.1/bin/rustc',
	modules: [{folder: '/home/me/hello', name: 'hello'}],
	loads: [load('ab12')]
};

/** A state folder with this as its memory. */
function stateWith(content: string | Uint8Array): string {
	const folder = scratchFolder();
	writeFileSync(memoryFile(folder), content);
	return folder;
}

describe('what was remembered', () => {
	it('is recalled, from a folder that did not exist', async () => {
		const folder = join(scratchFolder(), 'deep/linux-rust-setup');
		expect(await remember(folder, memos)).toBeUndefined();
		expect(await recall(folder)).toEqual({status: 'ok', isPrivate: true, memory: remembered});
	});

	it('is added to', async () => {
		const folder = scratchFolder();
		for (const memo of memos) expect(await remember(folder, [memo])).toBeUndefined();
		await remember(folder, [{kind: 'load', evidence: load('cd34', '7.0.0', ['ä "quoted"', ''])}]);
		expect(await recall(folder)).toEqual({
			status: 'ok',
			isPrivate: true,
			memory: {...remembered, loads: [load('cd34', '7.0.0', ['ä "quoted"', '']), load('ab12')]}
		});
	});

	it('is a JSON file with a schema, for its owner alone', async () => {
		const folder = scratchFolder();
		await remember(folder, memos);
		expect(JSON.parse(readFileSync(memoryFile(folder), 'utf8'))).toEqual({schema: memorySchema, ...remembered});
		expect(statSync(memoryFile(folder)).mode & 0o777).toBe(0o600);
		expect(readdirSync(folder)).toEqual(['memory.json']);
	});

	it('is for its owner alone again where the file was opened to others', async () => {
		const folder = scratchFolder();
		await remember(folder, memos);
		chmodSync(memoryFile(folder), 0o644);
		await remember(folder, memos);
		expect(statSync(memoryFile(folder)).mode & 0o777).toBe(0o600);
	});

	it('leaves no trace where there is nothing to remember', async () => {
		const folder = scratchFolder();
		expect(await remember(folder, [])).toBeUndefined();
		expect(readdirSync(folder)).toEqual([]);
	});
});

describe('recall', () => {
	it('is empty where nothing was remembered yet', async () => {
		expect(await recall(scratchFolder())).toMatchObject({status: 'ok', memory: emptyMemory});
		expect(await recall('/no/such/folder')).toMatchObject({status: 'ok', memory: emptyMemory});
	});

	it.each([
		['empty', ''],
		['binary', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0xff, 0x00)],
		['cut off', JSON.stringify({schema: 1, modules: [{folder: '/a', name: 'a'}]}).slice(0, -5)],
		['a list', '[]'],
		['a word', '"hello"'],
		['null', 'null'],
		['with a number as compiler', '{"schema": 1, "rustc": 7}'],
		['with modules that are no list', '{"schema": 1, "modules": {}}'],
		['with a module without a name', '{"schema": 1, "modules": [{"folder": "/a"}]}'],
		['with a load that said a number', JSON.stringify({schema: 1, loads: [{...load('ab'), spoke: [1]}]})],
		[
			'with a trial that has no hash',
			'{"schema": 4, "trials": [{"name": "a", "release": "6.1", "spoke": [], "at": ""}]}'
		],
		['with a load that is null', '{"schema": 1, "loads": [null]}']
	])('says that a file is damaged that is %s', async (_name, content) => {
		const folder = stateWith(content);
		expect(await recall(folder)).toEqual({
			status: 'broken',
			memory: emptyMemory,
			why: expect.stringContaining(`${memoryFile(folder)} is damaged: `)
		});
	});

	it('takes a file without lists, as an older version may have left it', async () => {
		expect(await recall(stateWith('{"schema": 1}'))).toMatchObject({status: 'ok', memory: emptyMemory});
	});

	it('does not read what a newer version wrote', async () => {
		const folder = stateWith(JSON.stringify({schema: memorySchema + 1, modules: 'changed'}));
		expect(await recall(folder)).toEqual({
			status: 'newer',
			memory: emptyMemory,
			why: `${memoryFile(folder)} was written by a newer version of this program`
		});
	});

	it('says that a file cannot be read', async () => {
		const folder = scratchFolder();
		mkdirSync(memoryFile(folder));
		expect(await recall(folder)).toMatchObject({
			status: 'unreadable',
			memory: emptyMemory,
			why: expect.stringContaining(memoryFile(folder))
		});
	});
});

describe('remember', () => {
	it('sets a damaged file aside with all its bytes, tells so, and starts anew', async () => {
		const bytes = Uint8Array.of(0x7b, 0x00, 0xff, 0x0a, 0x22);
		const folder = stateWith(bytes);
		const notice = await remember(folder, memos);
		const aside = readdirSync(folder).filter(name => name !== 'memory.json');
		expect(aside).toHaveLength(1);
		expect(notice).toContain(`It is kept as ${join(folder, aside[0] ?? '')}`);
		expect(Uint8Array.from(readFileSync(join(folder, aside[0] ?? '')))).toEqual(bytes);
		expect(await recall(folder)).toEqual({status: 'ok', isPrivate: true, memory: remembered});
	});

	it('keeps each of several damaged files', async () => {
		const folder = stateWith('first');
		await remember(folder, memos);
		writeFileSync(memoryFile(folder), 'second');
		await remember(folder, memos);
		const kept = readdirSync(folder)
			.filter(name => name !== 'memory.json')
			.map(name => readFileSync(join(folder, name), 'utf8'));
		expect(kept.sort()).toEqual(['first', 'second']);
	});

	it('leaves alone what a newer version wrote, and tells so', async () => {
		const content = '{"schema": 99, "future": true}';
		const folder = stateWith(content);
		expect(await remember(folder, memos)).toContain('nothing is remembered of this run');
		expect(readFileSync(memoryFile(folder), 'utf8')).toBe(content);
		expect(readdirSync(folder)).toEqual(['memory.json']);
	});

	it('tells where the file cannot be read', async () => {
		const folder = scratchFolder();
		mkdirSync(memoryFile(folder));
		expect(await remember(folder, memos)).toContain('nothing is remembered of this run');
	});

	it('leaves alone what belongs to another user, and tells so', async () => {
		const folder = stateWith(JSON.stringify({schema: 1, rustc: '/tmp/planted'}));
		const stranger = (process.getuid?.() ?? 0) + 1;
		expect(await recall(folder, stranger)).toMatchObject({
			status: 'foreign',
			memory: emptyMemory,
			why: expect.stringContaining('belongs to another user')
		});
		expect(await remember(folder, memos, stranger)).toContain('nothing is remembered of this run');
		expect(readdirSync(folder)).toEqual(['memory.json']);
	});

	it('does not wait for a pipe in the place of the file', async () => {
		const folder = scratchFolder();
		execFileSync('mkfifo', [memoryFile(folder)]);
		expect(await remember(folder, memos)).toContain('is no file');
	});

	it('sets aside what is larger than a memory can be', async () => {
		const folder = stateWith(' '.repeat(16 * 1024 * 1024 + 1));
		expect(await remember(folder, memos)).toContain('larger than a memory can be');
		expect(await recall(folder)).toMatchObject({status: 'ok', memory: remembered});
	});

	it('removes what a killed process left half written', async () => {
		const folder = scratchFolder();
		writeFileSync(join(folder, 'memory.next.json'), '{"sche');
		writeFileSync(join(folder, 'memory.next.json.tmp-1234567890abcd'), '{');
		expect(await remember(folder, memos)).toBeUndefined();
		expect(readdirSync(folder)).toEqual(['memory.json']);
	});

	it.each(['1-1', `${process.pid}-1`, 'nobody', '4000000000-77'])(
		'takes the lock of a holder that is no more: %s',
		async target => {
			const folder = scratchFolder();
			symlinkSync(target, join(folder, 'memory.lock'));
			symlinkSync(target, join(folder, 'memory.lock.breaking'));
			expect(await remember(folder, memos)).toBeUndefined();
			expect(readdirSync(folder)).toEqual(['memory.json']);
		}
	);

	it('tells, and does not throw, where the folder cannot be written', async () => {
		const file = join(scratchFolder(), 'file');
		writeFileSync(file, '');
		expect(await remember(join(file, 'state'), memos)).toContain('nothing is remembered of this run');
	});
});

describe('withMemo', () => {
	const withAll = (all: readonly Memo[]): Memory => all.reduce(withMemo, emptyMemory);
	const module = (folder: string, name = 'hello'): Memo => ({kind: 'module', folder, name});

	it('has the module worked on last first, each folder once', () => {
		const {modules} = withAll([module('/a', 'old'), module('/b'), module('/a', 'new')]);
		expect(modules).toEqual([
			{folder: '/a', name: 'new'},
			{folder: '/b', name: 'hello'}
		]);
	});

	it('has one load for each file and release, the last first', () => {
		const {loads} = withAll([
			{kind: 'load', evidence: load('a', '6.1', ['first'])},
			{kind: 'load', evidence: load('a', '6.2')},
			{kind: 'load', evidence: load('b', '6.1')},
			{kind: 'load', evidence: load('a', '6.1', ['again'])}
		]);
		expect(loads).toEqual([load('a', '6.1', ['again']), load('b', '6.1'), load('a', '6.2')]);
	});

	it('keeps what was loaded into the practice VM apart', () => {
		const memory = withAll([
			{kind: 'trial', evidence: load('a', '6.1', ['first'])},
			{kind: 'trial', evidence: load('a', '6.1', ['again'])},
			{kind: 'load', evidence: load('b', '6.1')}
		]);
		expect(memory).toEqual({...emptyMemory, loads: [load('b', '6.1')], trials: [load('a', '6.1', ['again'])]});
	});

	it('forgets the oldest modules and loads', () => {
		const {modules, loads} = withAll([
			...Array.from({length: 80}, (_, index) => module(`/${index}`)),
			...Array.from({length: 150}, (_, index): Memo => ({kind: 'load', evidence: load(`${index}`)}))
		]);
		expect(modules.map(one => one.folder)).toEqual(Array.from({length: 50}, (_, index) => `/${79 - index}`));
		expect(loads.map(one => one.hash)).toEqual(Array.from({length: 100}, (_, index) => `${149 - index}`));
	});

	it('keeps packages until they are installed, and a reboot until it has taken place', () => {
		const packages = {names: ['linux-rust', 'linux-rust-headers'], folder: '/home/me/packages'};
		const boot = {bootId: '4f6b', release: '7.2.13-arch1-1-rust', running: '7.2.12-arch1-1', by: 'once'} as const;
		const memos: readonly Memo[] = [
			{kind: 'packages', packages},
			{kind: 'expected-boot', boot}
		];
		const memory = memos.reduce(withMemo, emptyMemory);
		expect(memory).toEqual({...emptyMemory, packages, expectedBoot: boot});
		const later: readonly Memo[] = [
			{kind: 'packages', packages: undefined},
			{kind: 'expected-boot', boot: undefined}
		];
		expect(later.reduce(withMemo, memory)).toEqual(emptyMemory);
	});

	it('replaces the compiler, and changes nothing that it was given', () => {
		const before = withAll(memos);
		const after = withMemo(before, {kind: 'rustc', path: '/usr/bin/rustc'});
		expect(after).toEqual({...remembered, rustc: '/usr/bin/rustc'});
		expect(before).toEqual(remembered);
	});
});
