import {execFileSync} from 'node:child_process';
import {appendFileSync, existsSync, mkdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {emptyFolder, emptyPlace, ofPractice, run, start} from './practice.ts';

// a real ordinary user, without sudo, who has ids of its own in /etc/subuid as useradd gives them
const name = `practice${process.pid}`;
const at = emptyPlace();
const before = [
	'setpriv',
	'--reuid',
	name,
	'--regid',
	name,
	'--init-groups',
	'--inh-caps=-all',
	'env',
	`HOME=${at.cache}`
];

function folder(): string {
	const made = emptyFolder();
	for (const path of [made, join(made, '.state')]) {
		mkdirSync(path, {recursive: true});
		execFileSync('chown', [name, path]);
	}
	return made;
}

beforeAll(() => {
	// useradd gives further ids only where these files are (login.defs(5))
	for (const file of ['/etc/subuid', '/etc/subgid']) appendFileSync(file, '');
	execFileSync('useradd', ['--create-home', '--home-dir', at.cache, name]);
	execFileSync('chmod', ['755', join(at.cache, '..')]);
});
afterAll(() => execFileSync('userdel', ['--force', name]));

test('an ordinary user makes the root in a namespace of its own, without sudo, and can remove it', async () => {
	const id = Number(execFileSync('id', ['-u', name], {encoding: 'utf8'}));
	const started = start(['practice', '--yes'], {at, cwd: folder(), before});
	await started.says(/MB are fetched now/);
	started.child.kill('SIGINT');
	const {code, stderr} = await started.ended;
	expect(code).toBe(130);
	expect(stderr).not.toContain('sudo');
	expect(statSync(join(at.root, 'usr/bin/apt-get')).uid).toBe(id);
	// what is another user's inside is one of this user's further ids outside
	expect(statSync(join(at.root, 'etc/shadow')).gid).toBeGreaterThan(65_536);
	expect(JSON.parse(readFileSync(join(at.folder, 'stamps.json'), 'utf8'))).toMatchObject({way: 'namespace'});
	await expect.poll(() => ofPractice(at.folder), {timeout: 8000}).toEqual([]);
	expect((await run(['practice', 'clean'], {at, cwd: folder(), before})).code).toBe(0);
	expect(existsSync(at.folder)).toBe(false);
});

test('one without such ids is told which command needs root, and nothing is made', async () => {
	const noIds = 'mount --bind /dev/null /etc/subuid; exec "$@"';
	const {code, stderr} = await run(['practice', '--yes'], {
		at,
		cwd: folder(),
		before: ['unshare', '--mount', 'sh', '-euc', noIds, 'sh', ...before]
	});
	expect(stderr).toMatch(/root is needed|sudo/);
	expect(code).toBe(3);
	expect(existsSync(at.root)).toBe(false);
});
