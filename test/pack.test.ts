import {execFileSync, spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {scratchFolder} from './support/scratch.ts';

const root = join(import.meta.dirname, '..');
const mostBytes = 1.6 * 1024 * 1024;
const shipped = /^(?:(?:bin|dist|assets|docs)\/|(?:LICENSE|README\.md|CHANGELOG\.md|package\.json)$)/;

/** npm as a user has it: an empty home, no network, none of this repository's settings. */
function npmAt(home: string) {
	const env = {
		HOME: home,
		PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`,
		npm_config_offline: 'true',
		npm_config_update_notifier: 'false'
	};
	return {
		env,
		npm: (cwd: string, ...args: string[]): string =>
			execFileSync('npm', [...args, '--loglevel=error'], {
				cwd,
				env,
				encoding: 'utf8',
				stdio: ['ignore', 'pipe', 'inherit']
			})
	};
}

test('the package holds what it needs and nothing else, installs without the network and runs', {
	timeout: 60_000
}, () => {
	const folder = scratchFolder();
	const {env, npm} = npmAt(folder);
	// its scripts would build dist anew, under the feet of tests that run it
	const [packed] = JSON.parse(npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder)) as [
		{filename: string; size: number; files: {path: string}[]}
	];
	const paths = packed.files.map(file => file.path);
	console.log(`the package: ${(packed.size / 1024).toFixed(0)} KB, ${paths.length} files`);
	expect(paths.filter(path => !shipped.test(path))).toEqual([]);
	expect(paths).toEqual(
		expect.arrayContaining([
			'bin/linux-rust-setup.js',
			'dist/bundle.js',
			'dist/cli.cjs',
			'LICENSE',
			'README.md',
			'CHANGELOG.md',
			'package.json'
		])
	);
	expect(packed.size).toBeLessThan(mostBytes);

	const empty = scratchFolder();
	npm(empty, 'install', '--no-audit', '--no-fund', join(folder, packed.filename));
	const run = (...args: string[]) =>
		spawnSync('npx', ['--no-install', 'linux-rust-setup', ...args], {cwd: empty, env, encoding: 'utf8'});
	const {version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {version: string};
	expect(run('--version')).toMatchObject({status: 0, stdout: `${version}\n`, stderr: ''});
	const checked = run('check', '--json');
	// what this machine lacks is no matter here
	expect([0, 1, 4]).toContain(checked.status);
	expect(checked.stderr).toBe('');
	const {steps} = JSON.parse(checked.stdout) as {steps: {id: string; reason?: string}[]};
	expect(steps.map(step => step.id)).toEqual([
		'machine',
		'kernel',
		'boot',
		'toolchain',
		'metadata',
		'module',
		'build',
		'load'
	]);
	expect(steps.filter(step => step.reason?.endsWith('.failed'))).toEqual([]);
});

test('the licences of what is bundled come along', () => {
	const text = readFileSync(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
	for (const name of [
		'conf',
		'execa',
		'ink',
		'ink-select-input',
		'mustache',
		'react',
		'react-reconciler',
		'yoga-layout'
	]) {
		expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(MIT\\)$`, 'm'));
	}
	// human-signals' own file, which no comment in its code stands for
	expect(text).toContain('Apache License');
});
