// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are bash
import {execFileSync, spawnSync} from 'node:child_process';
import {chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, onTestFinished, test} from 'vitest';
import {parseConfig} from '../../src/kernel/config.ts';
import {rustSupport} from '../../src/kernel/rust-support.ts';
import {declarationCommand} from '../../src/packages/build-commands.ts';
import {parseRecipeInfo} from '../../src/packages/recipe-info.ts';
import {reviewRecipe} from '../../src/review/review.ts';
import {configs} from '../support/sysroot.ts';

const recipe = fileURLToPath(new URL('../../assets/linux-rust', import.meta.url));
const text = readFileSync(join(recipe, 'PKGBUILD'), 'utf8');
const fragment = readFileSync(join(recipe, 'rust.config'), 'utf8');

function folder(): string {
	const made = mkdtempSync(join(tmpdir(), 'recipe-'));
	onTestFinished(() => rmSync(made, {recursive: true, force: true}));
	return made;
}

/** Runs bash with the recipe sourced, as makepkg does it, and gives what it printed. */
function inRecipe(script: string, environment: Readonly<Record<string, string>> = {}, cwd = folder()) {
	const {status, stdout, stderr} = spawnSync('bash', ['--norc', '-euc', `source "${recipe}/PKGBUILD"; ${script}`], {
		cwd,
		encoding: 'utf8',
		// a socket there would make bash think that it is a login from afar
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {PATH: `${cwd}:/usr/bin:/bin`, LC_ALL: 'C', ...environment}
	});
	return {code: status, stdout, stderr};
}

test('is bash', () => {
	expect(spawnSync('bash', ['-n', join(recipe, 'PKGBUILD')], {encoding: 'utf8'})).toMatchObject({
		status: 0,
		stderr: ''
	});
});

test('makepkg reads it', () => {
	if (spawnSync('makepkg', ['--version']).error !== undefined) {
		console.log('makepkg is not installed here: what it makes of the recipe is seen in the lab (npm run test:lab)');
		return;
	}
	const copy = folder();
	cpSync(recipe, copy, {recursive: true});
	// makepkg refuses to run as root, and reads the recipe before it asks
	const isRoot = process.getuid?.() === 0;
	if (isRoot) chownSync(copy, 65534, 65534);
	const asUser = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
	const ask = (words: readonly string[], version: string): string => {
		const [program = '', ...argv] = [...asUser, ...words];
		return execFileSync(program, argv, {cwd: copy, encoding: 'utf8', env: {...process.env, LINUX_VERSION: version}});
	};
	const {argv} = declarationCommand(copy, 'x86_64');
	for (const version of ['7.2.13', '6.18.2.arch1']) {
		const said = ask(['makepkg', '--printsrcinfo'], version);
		expect(said).toMatch(/^pkgbase = linux-rust$/m);
		expect(said).toMatch(/^pkgname = linux-rust-headers$/m);
		// bash alone says the same, in a hundredth of the time
		expect(parseRecipeInfo(ask(argv, version), 'x86_64')).toEqual(parseRecipeInfo(said, 'x86_64'));
	}
});

test('its own review finds nothing', () => {
	const files = ['PKGBUILD', 'rust.config'].map(path => ({path, content: readFileSync(join(recipe, path))}));
	expect(reviewRecipe(files)).toEqual([]);
});

describe('what it sets', () => {
	const show = (name: string): string => `printf '%s\\n' "\${${name}[@]}"`;

	test.each([
		['7.2.13', 'https://cdn.kernel.org/pub/linux/kernel/v7.x/linux-7.2.13.tar.xz'],
		['6.18', 'https://cdn.kernel.org/pub/linux/kernel/v6.x/linux-6.18.tar.xz'],
		['7.0.0', 'https://cdn.kernel.org/pub/linux/kernel/v7.x/linux-7.0.tar.xz']
	])('the archive of %s, and its signature', (version, archive) => {
		const {stdout} = inRecipe(show('source'), {LINUX_VERSION: version});
		expect(stdout.trim().split('\n')).toEqual([archive, archive.replace(/xz$/, 'sign'), 'rust.config']);
	});

	test('with Arch’s patch where the version names it: its signature, its signers, and the archive without it', () => {
		const {stdout} = inRecipe(`${show('source')}; ${show('validpgpkeys')}; echo ${'$'}{#sha256sums[@]} $_name`, {
			LINUX_VERSION: '6.18.2.arch1'
		});
		const patch = 'https://github.com/archlinux/linux/releases/download/v6.18.2-arch1/linux-v6.18.2-arch1.patch.zst';
		expect(stdout.trim().split('\n')).toEqual([
			'https://cdn.kernel.org/pub/linux/kernel/v6.x/linux-6.18.2.tar.xz',
			'https://cdn.kernel.org/pub/linux/kernel/v6.x/linux-6.18.2.tar.sign',
			'rust.config',
			patch,
			`${patch}.sig`,
			'ABAF11C65A2970B130ABE3C479BE3E4300411886',
			'647F28654894E3BD457199BE38DBBDC86092693E',
			'A2FF3A36AAA56654109064AB19802F8B0D70FC30',
			'83BC8889351B5DEBBB68416EB8AC08600F108CDF',
			'5 linux-6.18.2'
		]);
	});

	test('one sum for each source, the keys of those who release kernels, and a function for each package', () => {
		const {stdout} = inRecipe(
			'echo ${#source[@]} ${#sha256sums[@]} ${validpgpkeys[*]}; for one in "${pkgname[@]}"; do declare -F "package_$one"; done'
		);
		expect(stdout.trim().split('\n')).toEqual([
			'3 3 ABAF11C65A2970B130ABE3C479BE3E4300411886 647F28654894E3BD457199BE38DBBDC86092693E',
			'package_linux-rust',
			'package_linux-rust-headers'
		]);
	});

	test('no documentation is built', () => {
		expect(text).not.toMatch(/htmldocs|sphinx/);
	});
});

describe('make', () => {
	/** A folder whose make prints its arguments. */
	function withMake(): string {
		const place = folder();
		writeFileSync(join(place, 'make'), '#!/bin/sh\necho "$@"\n', {mode: 0o755});
		writeFileSync(join(place, 'nproc'), '#!/bin/sh\necho 6\n', {mode: 0o755});
		return place;
	}

	test.each([
		[{}, '-j6 ARCH=x86_64 LLVM=1 all'],
		[{MAKEFLAGS: '-j2'}, 'ARCH=x86_64 LLVM=1 all'],
		[{MAKEFLAGS: '--jobs=2'}, 'ARCH=x86_64 LLVM=1 all'],
		[{MAKEFLAGS: '-s', LINUX_ARCH: 'um'}, '-j6 ARCH=um LLVM=1 all']
	])('with %j', (environment, said) => {
		expect(inRecipe('_make all', environment, withMake()).stdout.trim()).toBe(said);
	});
});

describe('stops in words, before anything is compiled,', () => {
	/** A source tree as far as prepare looks at it, with a make that does nothing, or fails at one target. */
	function tree(failing = 'none'): string {
		const place = folder();
		const source = join(place, 'linux-7.2.13');
		mkdirSync(join(source, 'scripts/kconfig'), {recursive: true});
		mkdirSync(join(source, 'init'));
		writeFileSync(
			join(source, 'init/Kconfig'),
			[
				'config RUST\n\tbool "Rust support"\n\tdepends on HAVE_RUST',
				'\tdepends on !MODVERSIONS || GENDWARFKSYMS\n\tdepends on !CALL_PADDING || RUSTC_VERSION >= 108100',
				'\tdepends on !DEBUG_INFO_BTF || (PAHOLE_HAS_LANG_EXCLUDE && !LTO)\n\thelp\n\t  depends on nothing\n',
				'config RUSTC_VERSION_TEXT\n\tstring\n\tdepends on RUST\n'
			].join('\n')
		);
		writeFileSync(join(source, 'scripts/kconfig/merge_config.sh'), '#!/bin/sh\n', {mode: 0o755});
		writeFileSync(
			join(place, 'make'),
			`#!/bin/sh\nfor last; do :; done\n[ "$last" != ${failing} ] || exit 1\n[ "$last" != kernelrelease ] || echo 7.2.13-1-rust\n`,
			{mode: 0o755}
		);
		return place;
	}

	test('where the compiler will not do', () => {
		const {code, stderr} = inRecipe('prepare', {}, tree('rustavailable'));
		expect(code).not.toBe(0);
		expect(stderr).toContain('linux-rust: The compiler, bindgen or the source of core does not do for this kernel');
	});

	test('where there is no configuration to begin with', () => {
		const {code, stderr} = inRecipe('prepare', {LINUX_CONFIG: '/nowhere/config.gz'}, tree());
		expect(code).not.toBe(0);
		expect(stderr).toContain('/nowhere/config.gz cannot be read');
		expect(stderr).toContain('LINUX_CONFIG=defconfig makepkg -s');
	});

	test('where Rust does not stay on: which conditions do not hold, with their options', () => {
		const place = tree();
		const config = join(place, 'config');
		writeFileSync(
			config,
			'CONFIG_HAVE_RUST=y\nCONFIG_MODVERSIONS=y\n# CONFIG_GENDWARFKSYMS is not set\nCONFIG_CALL_PADDING=y\nCONFIG_RUSTC_VERSION=108501\nCONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_HAS_LANG_EXCLUDE=y\nCONFIG_LTO=y\n'
		);
		const {code, stderr} = inRecipe('prepare', {LINUX_CONFIG: config}, place);
		expect(code).not.toBe(0);
		expect(stderr.split('\n').filter(line => line.includes('('))).toEqual([
			'linux-rust:    !MODVERSIONS || GENDWARFKSYMS  (GENDWARFKSYMS=n MODVERSIONS=y)',
			'   !DEBUG_INFO_BTF || (PAHOLE_HAS_LANG_EXCLUDE && !LTO)  (DEBUG_INFO_BTF=y LTO=y PAHOLE_HAS_LANG_EXCLUDE=y)'
		]);
	});

	test('and goes on where it does: the release is the version, the package’s and -rust', () => {
		const place = tree();
		const config = join(place, 'config');
		writeFileSync(config, 'CONFIG_RUST=y\n');
		const {code, stdout} = inRecipe('prepare; cat localversion.*', {LINUX_CONFIG: config}, place);
		expect({code, said: stdout.trim().split('\n').slice(-3)}).toEqual({
			code: 0,
			said: ['The release will be 7.2.13-1-rust.', '-1', '-rust']
		});
	});
});

describe('the fragment', () => {
	test('is written as kernel configurations are', () => {
		const lines = fragment.split('\n').filter(line => line !== '' && !/^# [A-Z][^_]/.test(line));
		expect(lines.filter(line => !/^(?:CONFIG_\w+=(?:y|".*")|# CONFIG_\w+ is not set)$/.test(line))).toEqual([]);
		expect(fragment).toMatch(/^CONFIG_RUST=y$/m);
	});

	test('takes away what keeps Rust out of a distribution’s configuration, but for the compiler', () => {
		const conflicts = (config: string): readonly string[] => {
			const parsed = parseConfig(config);
			return parsed.ok ? rustSupport(parsed.config).conflicts.map(one => one.option) : ['unreadable'];
		};
		const before = `${configs.rustOff612.replace('# CONFIG_CFI_CLANG is not set\n', '')}CONFIG_CFI_CLANG=y\n`;
		expect(conflicts(before)).toEqual(['CONFIG_RUST_IS_AVAILABLE', 'CONFIG_MODVERSIONS', 'CONFIG_CFI_CLANG']);
		// as merge_config.sh does it: what the fragment names, it decides; Rust itself stays off here, so that conflicts are looked for
		const names = Array.from(fragment.matchAll(/CONFIG_\w+/g), ([name]) => name);
		const kept = before
			.split('\n')
			.filter(line => !names.some(name => line.startsWith(`${name}=`)))
			.join('\n');
		expect(conflicts(`${kept}\n${fragment.replace('CONFIG_RUST=y\n', '')}`)).toEqual(['CONFIG_RUST_IS_AVAILABLE']);
	});
});
