import {execFileSync, spawnSync} from 'node:child_process';
import {chownSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {reviewRecipe} from '../../src/review/review.ts';
import {foundProgram} from '../scaffold/found-program.ts';
import {buildProgram} from '../support/program.ts';
import {scratchFolder} from '../support/scratch.ts';

const root = join(import.meta.dirname, '../..');
const recipe = join(root, 'packaging/arch/PKGBUILD');
const {version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {version: string};
const makepkg = foundProgram('makepkg');
const bsdtar = foundProgram('bsdtar');

test('the recipe is for this version, and its own review finds nothing red', () => {
	expect(readFileSync(recipe, 'utf8')).toContain(`\npkgver=${version}\n`);
	const flags = reviewRecipe([{path: 'PKGBUILD', content: readFileSync(recipe)}]);
	expect(flags.filter(flag => flag.severity === 'red')).toEqual([]);
});

describe.runIf(makepkg !== undefined && bsdtar !== undefined)('what makepkg makes of the tarball of npm pack', () => {
	beforeAll(buildProgram, 60_000);

	/** Packs and unpacks: the folder that stands for `/` of the system it is installed in. */
	function install(): string {
		const [home, folder, system] = [scratchFolder(), scratchFolder(), scratchFolder()];
		execFileSync('npm', ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder], {
			cwd: root,
			env: {HOME: home, PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`, npm_config_offline: 'true'},
			stdio: ['ignore', 'ignore', 'inherit']
		});
		cpSync(recipe, join(folder, 'PKGBUILD'));
		// makepkg refuses to run as root
		const isRoot = process.getuid?.() === 0;
		if (isRoot)
			for (const path of [folder, ...readdirSync(folder).map(name => join(folder, name))])
				chownSync(path, 65534, 65534);
		const [program = '', ...argv] = [
			...(isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []),
			...['makepkg', '--nodeps', '--nocolor']
		];
		execFileSync(program, argv, {
			cwd: folder,
			env: {
				PATH: '/usr/bin:/bin',
				HOME: folder,
				LC_ALL: 'C.UTF-8',
				PKGEXT: '.pkg.tar',
				MAKEPKG_CONF: '/etc/makepkg.conf'
			},
			stdio: ['ignore', 'ignore', 'pipe']
		});
		const [made = ''] = readdirSync(folder).filter(name => name.endsWith('.pkg.tar'));
		expect(made).toBe(`linux-rust-setup-${version}-1-any.pkg.tar`);
		execFileSync(bsdtar ?? '', ['-xf', join(folder, made), '-C', system]);
		return system;
	}

	test('has the program, what the system looks for, and no hook in force', {timeout: 180_000}, () => {
		const installed = install();
		const has = (path: string): boolean => existsSync(join(installed, path));
		for (const path of [
			'usr/share/man/man1/linux-rust-setup.1.gz',
			'usr/share/bash-completion/completions/linux-rust-setup',
			'usr/share/zsh/site-functions/_linux-rust-setup',
			'usr/share/fish/vendor_completions.d/linux-rust-setup.fish',
			'usr/share/licenses/linux-rust-setup/LICENSE',
			'usr/lib/linux-rust-setup/assets/hooks/linux-rust-setup.hook'
		])
			expect({path, isThere: has(path)}).toEqual({path, isThere: true});
		expect(has('etc')).toBe(false);
		expect(has('usr/share/libalpm')).toBe(false);

		const info = readFileSync(join(installed, '.PKGINFO'), 'utf8');
		expect(info).toMatch(/^depend = nodejs>=22\.12$/m);
		// nothing of where it was made
		expect(
			spawnSync('grep', ['-rlE', '/tmp/linux-rust-setup-test', join(installed, 'usr')], {encoding: 'utf8'}).stdout
		).toBe('');

		const home = scratchFolder();
		mkdirSync(join(home, 'empty'));
		const run = (...args: string[]) =>
			spawnSync(process.execPath, [join(installed, 'usr/bin/linux-rust-setup'), ...args], {
				cwd: join(home, 'empty'),
				env: {PATH: '/usr/bin:/bin', HOME: home},
				encoding: 'utf8'
			});
		expect(run('--version')).toMatchObject({status: 0, stdout: `${version}\n`, stderr: ''});
		expect([0, 1, 4]).toContain(run('check', '--json').status);
	});
});
