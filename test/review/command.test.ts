import {chmodSync, cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {buildProgram, makePlace} from '../support/program.ts';
import {expectToFit, schema} from '../support/schemas.ts';
import {root} from './recipes.ts';

beforeAll(buildProgram, 60_000);

const document = schema('review');
const attack = join(root, 'test/fixtures/review/attacks/npm-in-install');

test('--json: one document, exit 1 with a red flag', async () => {
	const {code, stdout, stderr} = await makePlace().run(['review', attack, '--json']);
	expectToFit(document, JSON.parse(stdout));
	expect({code, stderr}).toEqual({code: 1, stderr: ''});
	expect(JSON.parse(stdout).flags[0]).toEqual({
		id: 'packages.javascript',
		severity: 'red',
		file: 'tidy-tool.install',
		line: 2,
		text: 'cd /tmp && npm install --silent atomic-lockfile js-digest > /dev/null 2>&1 || true',
		why: expect.stringContaining('June 2026')
	});
});

test('for people: where, what and why of each flag, and how many', async () => {
	const {code, stdout} = await makePlace().run(['review', attack]);
	expect(code).toBe(1);
	expect(stdout).toMatch(
		/^tidy-tool\.install:2: red: packages\.javascript\n {3}cd \/tmp && npm install .*\n {3}A package manager for JavaScript/
	);
	expect(stdout).toMatch(
		/\n2 red, 0 amber in 2 files\. Do not build this before you understand what is red\.\n.*read the recipe yourself\.\n$/
	);
	expect((await makePlace().run(['review', attack, '--quiet'])).stdout).toBe('');
});

test('nothing red: 0; the folder is the current one where none is named', async () => {
	const place = makePlace();
	cpSync(join(root, 'assets/linux-rust'), place.cwd, {recursive: true});
	expect(await place.run(['review', '--json'])).toEqual({
		code: 0,
		stdout: '{\n\t"schema": 1,\n\t"flags": []\n}\n',
		stderr: ''
	});
});

test('nothing of the recipe is run or sourced, and nothing is written', async () => {
	const place = makePlace();
	writeFileSync(join(place.cwd, 'PKGBUILD'), 'touch ran\n: > ran\nx=$(touch ran)\n');
	chmodSync(join(place.cwd, 'PKGBUILD'), 0o755);
	await place.run(['review']);
	expect(readdirSync(place.cwd)).toEqual(['PKGBUILD']);
});

test('what a terminal would obey is written out', async () => {
	const {stdout} = await makePlace().run(['review', join(root, 'test/fixtures/review/attacks/terminal-escape')]);
	expect(stdout).not.toContain('\x1b');
	const turned = await makePlace().run(['review', join(root, 'test/fixtures/review/attacks/direction'), '--json']);
	expect(turned.stdout).not.toMatch(/[\u202e\u2066]/);
});

describe('exit 2, with the reason and what to do', () => {
	const missing = join(root, 'test/fixtures/review');

	test.each([
		['no PKGBUILD', missing, 'no-recipe'],
		['no folder', '/nowhere/at/all', 'unreadable-recipe'],
		['a file', join(attack, 'PKGBUILD'), 'unreadable-recipe']
	])('%s', async (_, folder, reason) => {
		const {code, stdout} = await makePlace().run(['review', folder, '--json']);
		expectToFit(schema('error'), JSON.parse(stdout));
		expect(code).toBe(2);
		expect(JSON.parse(stdout).error.code).toBe(reason);
	});

	test('two folders', async () => {
		const {code, stderr} = await makePlace().run(['review', 'a', 'b']);
		expect(code).toBe(2);
		expect(stderr).toContain('review takes at most one word');
	});
});

test('links, pipes and what makepkg left behind do not stop it', async () => {
	const place = makePlace();
	writeFileSync(join(place.cwd, 'PKGBUILD'), 'pkgname=x\n');
	mkdirSync(join(place.cwd, 'src/linux'), {recursive: true});
	writeFileSync(join(place.cwd, 'src/linux/run.sh'), 'curl x\n');
	mkdirSync(join(place.cwd, 'patches'));
	writeFileSync(join(place.cwd, 'patches/a.patch'), '+++ b/x.sh\n+wget x\n');
	symlinkSync('/dev/zero', join(place.cwd, 'zero'));
	symlinkSync('nowhere', join(place.cwd, 'dangling'));
	const {code, stdout} = await place.run(['review', '--json']);
	expect(code).toBe(1);
	expect(JSON.parse(stdout).flags.map((flag: {file: string}) => flag.file)).toEqual(['patches/a.patch']);
});
