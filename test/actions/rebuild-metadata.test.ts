import {spawnSync} from 'node:child_process';
import {existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {planMetadataCopy, planMetadataRebuild} from '../../src/actions/rebuild-metadata.ts';
import type {Command} from '../../src/model/command.ts';
import {scratchFolder} from '../support/scratch.ts';

const rustcText = 'rustc 1.97.1 (8bab26f4f 2026-07-14) (built from a source tarball)';

function write(file: string, content: string): string {
	mkdirSync(dirname(file), {recursive: true});
	writeFileSync(file, content);
	return file;
}

/** Headers as Debian packs them, small; objects as rust/ leaves them; and the plan's commands by title. */
function rebuild(parts: {arch?: 'um'; clang?: boolean; ccText?: string; rustcSays?: string} = {}) {
	const folder = scratchFolder();
	const headers = join(folder, 'headers');
	const scratch = join(folder, 'scratch');
	write(join(headers, '.config'), 'CONFIG_RUST=y\n');
	write(join(headers, 'Makefile'), `KBUILD_OUTPUT=${headers}\n`);
	write(
		join(headers, 'Module.symvers'),
		['_RNvA\tvmlinux', 'rust_helper_b\tvmlinux', 'printk\tvmlinux']
			.map(line => `0x00000000\t${line}\tEXPORT_SYMBOL_GPL\t\n`)
			.join('')
	);
	for (const file of [
		'include/config/auto.conf',
		'include/generated/autoconf.h',
		'arch/x86/module.lds',
		'tools/objtool/objtool'
	])
		write(join(headers, file), file);
	write(join(folder, 'kbuild/scripts/Makefile.build'), 'x');
	symlinkSync('../kbuild/scripts', join(headers, 'scripts'));
	const rustc = write(join(folder, 'rustc'), `#!/bin/sh\necho '${parts.rustcSays ?? rustcText}'\n`);
	spawnSync('chmod', ['+x', rustc]);
	const kdir = join(folder, 'kdir');
	const actions = planMetadataRebuild({
		release: '7.2.12+deb14-amd64',
		version: '7.2.12',
		arch: parts.arch ?? 'x86',
		headers,
		source: {kind: 'folder', path: join(folder, 'source')},
		scratch,
		kdir,
		rustcText,
		rustc,
		ccText: parts.ccText ?? 'x86_64-linux-gnu-gcc-16 (Debian 16.2.0-3) 16.2.0',
		clang: parts.clang ?? false,
		jobs: 2
	});
	const commands = new Map<string, Command>(
		actions.map(action => (action.kind === 'run' ? [action.title, action.command] : ['', {} as Command]))
	);
	const objects = join(scratch, 'objects');
	return {
		folder,
		headers,
		kdir,
		objects,
		actions,
		commands,
		titles: [...commands.keys()],
		exports: (...names: string[]): string =>
			write(
				join(objects, 'rust/exports_kernel_generated.h'),
				names.map(name => `EXPORT_SYMBOL_RUST_GPL(${name});\n`).join('')
			),
		run(title: string) {
			const command = commands.get(title);
			if (command === undefined) throw new Error(`no step ${title}`);
			const [program, ...words] = command.argv;
			return spawnSync(program, words, {cwd: command.cwd, encoding: 'utf8'});
		}
	};
}

test('every command says why, asks for no root, and the proof comes before the headers are put together', () => {
	const {commands, titles} = rebuild();
	for (const command of commands.values())
		expect(command).toMatchObject({as: 'user', why: expect.stringMatching(/\w{4}/)});
	expect(titles.indexOf('comparing the symbols')).toBeLessThan(titles.indexOf('putting the headers together'));
	expect(titles.indexOf('compiling rust/')).toBeLessThan(titles.indexOf('comparing the symbols'));
});

describe('kbuild is given what the kernel was built with', () => {
	const made = (parts: Parameters<typeof rebuild>[0]): string =>
		rebuild(parts).commands.get('compiling rust/')?.argv.join(' ') ?? '';
	test('Debian’s gcc, by its full name', () =>
		expect(made({})).toContain('CC=x86_64-linux-gnu-gcc-16 HOSTCC=gcc CROSS_COMPILE=x86_64-linux-gnu-'));
	test('a plain gcc', () => {
		expect(made({ccText: 'gcc (GCC) 16.1.1 20260430'})).toContain('CC=gcc HOSTCC=gcc');
		expect(made({ccText: 'gcc (GCC) 16.1.1 20260430'})).not.toContain('CROSS_COMPILE');
	});
	test('clang', () => {
		expect(made({clang: true})).toContain('LLVM=1');
		expect(made({clang: true})).not.toContain('CC=');
	});
});

describe('the compiler', () => {
	test('that says the very same is taken', () => expect(rebuild().run('checking the compiler').status).toBe(0));
	test('that differs in a bracket is not', () => {
		const {status, stdout} = rebuild({rustcSays: 'rustc 1.97.1 (8bab26f4f 2026-07-14)'}).run('checking the compiler');
		expect(status).toBe(1);
		expect(stdout).toContain(`the kernel was built with ${rustcText}`);
	});
});

describe('the source', () => {
	const source = (files: Readonly<Record<string, string>>) => {
		const one = rebuild();
		for (const [path, content] of Object.entries(files)) write(join(one.folder, 'source', path), content);
		return one.run('comparing the source with the kernel');
	};
	const makefile = (patch: string): string => `VERSION = 7\nPATCHLEVEL = 2\nSUBLEVEL = ${patch}\nNAME = x\n`;

	test('of the kernel’s version is taken', () => {
		expect(source({Makefile: makefile('12\nEXTRAVERSION =')})).toMatchObject({status: 0, stdout: ''});
	});

	test.each(['13\nEXTRAVERSION =', '12\nEXTRAVERSION = -rc1'])('of another is not, and both are named: %j', patch => {
		const {status, stdout} = source({Makefile: makefile(patch)});
		expect(status).toBe(1);
		expect(stdout).toMatch(/the kernel was built from 7\.2\.12, and this is the source of 7\.2\.1[23]/);
	});

	test.each(['.config', 'include/config/auto.conf', 'include/generated/autoconf.h'])(
		'that was built in is not: %s',
		file => {
			const {status, stdout} = source({Makefile: makefile('12\nEXTRAVERSION ='), [file]: ''});
			expect(status).toBe(1);
			expect(stdout).toContain('make mrproper');
		}
	);
});

test('User-Mode Linux is built as itself, from its own folder too', () => {
	const {commands} = rebuild({arch: 'um'});
	expect(commands.get('compiling rust/')?.argv).toContain('ARCH=um');
	expect(commands.get('unpacking the source of 7.2.12+deb14-amd64')?.argv).toContain('*/arch/um');
});

test('what cleans up is the last, and is run however it went', () => {
	const {actions, commands} = rebuild();
	expect([...commands.keys()].at(-1)).toBe('cleaning up');
	expect(actions.map(action => action.kind === 'run' && action.always === true)).toEqual([
		...Array(actions.length - 1).fill(false),
		true
	]);
});

test('the metadata is copied into headers whose scripts lie elsewhere, as root, and the folder of ours goes', () => {
	const one = rebuild();
	write(join(one.kdir, 'rust/libcore.rmeta'), 'core');
	write(join(one.kdir, 'rust/libmacros.so'), 'macros');
	write(join(one.kdir, 'scripts/target.json'), '{}');
	const commands = planMetadataCopy(one.kdir, one.headers).map(action => {
		if (action.kind !== 'run') throw new Error(action.kind);
		const [program, ...words] = action.command.argv;
		expect(spawnSync(program, words, {encoding: 'utf8'})).toMatchObject({status: 0, stderr: ''});
		return action.command;
	});
	expect(commands.map(({as}) => as)).toEqual(['root', 'user']);
	expect(readdirSync(join(one.headers, 'rust')).sort()).toEqual(['libcore.rmeta', 'libmacros.so']);
	expect(readFileSync(join(one.folder, 'kbuild/scripts/target.json'), 'utf8')).toBe('{}');
	expect(existsSync(one.kdir)).toBe(false);
});

test('the configuration is taken over as it is, and made newer than .config', () => {
	const one = rebuild();
	expect(one.run('taking over the configuration')).toMatchObject({status: 0, stderr: ''});
	expect(readFileSync(join(one.objects, 'include/config/auto.conf'), 'utf8')).toBe('include/config/auto.conf');
	expect(lstatSync(join(one.objects, 'include/config/auto.conf')).mtimeMs).toBeGreaterThanOrEqual(
		lstatSync(join(one.objects, '.config')).mtimeMs
	);
	expect(existsSync(join(one.objects, 'scripts/Makefile.build'))).toBe(true);
	expect(readFileSync(join(one.objects, 'metadata.mk'), 'utf8')).toContain('$(Q)$(MAKE) $(build)=rust\n');
});

describe('the compiler is called', () => {
	const called = (...words: string[]): string => {
		const one = rebuild();
		one.run('taking over the configuration');
		write(join(one.folder, 'rustc'), '#!/bin/sh\nprintf "%s|" "$@"\n');
		return spawnSync(join(one.objects, 'rustc'), words, {encoding: 'utf8'}).stdout;
	};
	test('without its optimiser for what procedural macros are made of', () =>
		expect(called('--emit=link=rust/libsyn.rlib', '--crate-type', 'rlib', '-O', 'lib.rs')).toMatch(
			/\|-O\|lib\.rs\|-Copt-level=0\|-Cdebug-assertions=n\|$/
		));
	test('as kbuild calls it for crates of the kernel, words with blanks included', () => {
		expect(called('--cfg', 'feature = "x y"', '--crate-type', 'rlib', '-Copt-level=2')).toBe(
			'-Zthreads=1|--cfg|feature = "x y"|--crate-type|rlib|-Copt-level=2|'
		);
		expect(called('--version')).toBe('--version|');
	});
});

describe('the symbols', () => {
	test('that are the kernel’s own, one by one, pass', () => {
		const one = rebuild();
		one.exports('_RNvA', 'rust_helper_b');
		expect(one.run('comparing the symbols')).toMatchObject({status: 0});
	});

	test.each([
		['one that the kernel does not export', ['_RNvA', 'rust_helper_b', '_RNvC'], '_RNvC'],
		['one of the kernel’s that is missing', ['_RNvA'], 'rust_helper_b'],
		['none at all', [], '0 rebuilt']
	])('%s fails, and is named', (_what, names, said) => {
		const one = rebuild();
		one.exports(...names);
		const {status, stdout} = one.run('comparing the symbols');
		expect(status).not.toBe(0);
		expect(stdout).toContain(said);
	});
});

test('what was rebuilt for headers that are gone goes, and nothing else', () => {
	const one = rebuild();
	write(join(one.objects, 'rust/libcore.rmeta'), 'core');
	write(join(one.objects, 'rust/libmacros.so'), 'macros');
	write(join(one.objects, 'scripts/target.json'), '{}');
	for (const [name, config] of [
		['7.2.11', join(one.folder, 'removed/.config')],
		['7.2.10', join(one.headers, '.config')]
	] as const) {
		write(join(one.kdir, '..', name, 'linux-rust-setup.made-for'), '');
		symlinkSync(config, join(one.kdir, '..', name, '.config'));
	}
	const before = readdirSync(one.folder);
	expect(one.run('putting the headers together')).toMatchObject({status: 0, stderr: ''});
	expect(readdirSync(one.folder).sort()).toEqual([...before.filter(name => name !== '7.2.11'), 'kdir'].sort());
});

test('the build folder links to the headers, holds the metadata, and the headers stay as they were', () => {
	const one = rebuild();
	write(join(one.objects, 'rust/libcore.rmeta'), 'core');
	write(join(one.objects, 'rust/libmacros.so'), 'macros');
	write(join(one.objects, 'rust/core.o'), 'object');
	write(join(one.objects, 'scripts/target.json'), '{}');
	const before = readdirSync(one.headers, {recursive: true}).sort();
	for (let time = 0; time < 2; time++) {
		expect(one.run('putting the headers together')).toMatchObject({status: 0, stderr: ''});
		expect(readdirSync(join(one.kdir, 'rust')).sort()).toEqual(['libcore.rmeta', 'libmacros.so']);
		expect(readFileSync(join(one.kdir, 'scripts/target.json'), 'utf8')).toBe('{}');
		expect(readFileSync(join(one.kdir, 'scripts/Makefile.build'), 'utf8')).toBe('x');
		expect(readFileSync(join(one.kdir, 'Makefile'), 'utf8')).toBe(`KBUILD_OUTPUT=${one.kdir}\n`);
		expect(readFileSync(join(one.kdir, '.config'), 'utf8')).toBe('CONFIG_RUST=y\n');
		expect(readFileSync(join(one.kdir, 'linux-rust-setup.made-for'), 'utf8').split('\n')).toEqual([
			expect.stringMatching(/\/headers\/\.config 14 \d+$/),
			expect.stringMatching(/\/headers\/Module\.symvers \d+ \d+$/),
			''
		]);
		expect(existsSync(`${one.kdir}.part`)).toBe(false);
	}
	expect(readdirSync(one.headers, {recursive: true}).sort()).toEqual(before);
	expect(existsSync(join(one.folder, 'kbuild/scripts/target.json'))).toBe(false);
});
