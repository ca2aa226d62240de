import {existsSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {asOrdinaryUser, give, id} from './ordinary-user.ts';
import {emptyFolder, emptyPlace, expectNothingLeft, run, start} from './practice.ts';

const at = emptyPlace();

test('an ordinary user makes the root in a namespace of its own, without sudo, and can remove it', async () => {
	const before = asOrdinaryUser(at, {ids: true});
	const started = start(['practice', '--yes'], {at, cwd: give(emptyFolder()), before});
	await started.says(/MB are fetched now/);
	started.child.kill('SIGINT');
	const {code, stderr} = await started.ended;
	expect(code).toBe(130);
	expect(stderr).not.toContain('sudo');
	expect(statSync(join(at.root, 'usr/bin/apt-get')).uid).toBe(id);
	// what is another user's inside is one of this user's further ids outside
	expect(statSync(join(at.root, 'etc/shadow')).gid).toBeGreaterThan(65_536);
	expect(JSON.parse(readFileSync(join(at.folder, 'stamps.json'), 'utf8'))).toMatchObject({way: 'namespace'});
	await expectNothingLeft(at);
	expect((await run(['practice', 'clean'], {at, cwd: give(emptyFolder()), before})).code).toBe(0);
	expect(existsSync(at.folder)).toBe(false);
});

test('one without such ids is told which command needs root, and nothing is made', async () => {
	const before = asOrdinaryUser(at, {});
	const {code, stderr} = await run(['practice', '--yes'], {at, cwd: give(emptyFolder()), before});
	expect(stderr).toMatch(/root is needed|sudo/);
	expect(code).toBe(3);
	expect(existsSync(at.root)).toBe(false);
});
