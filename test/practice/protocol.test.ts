import {execFileSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {isPanic, parseFiles, parseWord, readScript, request} from '../../src/practice/protocol.ts';
import {scratchFolder} from '../support/scratch.ts';

test('a request is a head line and its bytes', () => {
	expect(Buffer.from(request('7.1', new TextEncoder().encode('uname -r\n'))).toString()).toBe('7.1 9 -\nuname -r\n');
	expect(
		Buffer.from(request('7.2', Uint8Array.of(0, 10, 255), '/tmp/a.ko'))
			.subarray(0, 16)
			.toString()
	).toBe('7.2 3 /tmp/a.ko\n');
});

test('the guest’s words are read, others are not', () => {
	expect(parseWord('beat')).toEqual({kind: 'beat'});
	expect(parseWord('ready 7.2.12+deb14-amd64')).toEqual({kind: 'ready', release: '7.2.12+deb14-amd64'});
	expect(parseWord('answer 7.1 139 aGkK')).toMatchObject({kind: 'answer', id: '7.1', code: 139});
	expect(parseWord('answer 7.1 0 ')).toMatchObject({kind: 'answer', code: 0, output: Buffer.alloc(0)});
	for (const line of ['', 'beats', 'ready', 'answer', 'answer 1 x y', 'answer 1 0 a b', 'answer 1 0 \u001b[2J'])
		expect(parseWord(line)).toBeUndefined();
});

test('files are asked for by a script that a shell really runs, whatever their names', () => {
	const folder = scratchFolder();
	writeFileSync(join(folder, "it's; $(false)"), 'one\ntwo\n');
	mkdirSync(join(folder, 'parameters'));
	writeFileSync(join(folder, 'parameters/a'), '1');
	writeFileSync(join(folder, 'empty'), '');
	const paths = ["it's; $(false)", 'missing', 'parameters', 'empty'].map(name => join(folder, name));
	const files = parseFiles(execFileSync('sh', ['-c', readScript(paths)], {encoding: 'utf8'}), paths.length);
	expect(files).toEqual([
		{kind: 'file', bytes: Buffer.from('one\ntwo\n')},
		{kind: 'absent'},
		{kind: 'folder', names: ['a']},
		{kind: 'file', bytes: Buffer.alloc(0)}
	]);
});

test('what was cut off is absent', () => {
	expect(parseFiles('file 0 0 YQ==\nfile 1 0 YW', 3)[2]).toEqual({kind: 'absent'});
});

test('a panic is known by its sentence', () => {
	expect(isPanic('[   12.3] Kernel panic - not syncing: sysrq triggered crash')).toBe(true);
	expect(isPanic('[   12.3] numbers: do not panic')).toBe(false);
});
