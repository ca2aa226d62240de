import {spawnSync} from 'node:child_process';
import {existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {planMetadataRebuild} from '../../src/actions/rebuild-metadata.ts';
import type {Command} from '../../src/model/command.ts';
import {scratchFolder} from '../support/scratch.ts';

const rustcText = 'rustc 1.97.1 (8bab26f4f 2026-07-14) (built from a source tarball)';

function write(file: string, content: string): string {
	mkdirSync(dirname(file), {recursive: true});
	writeFileSync(file, content);
	return file;
}

/** Headers as Debian packs them, small; objects as rust/ leaves them; and the plan's commands by title. */
function rebuild(parts: {clang?: boolean; ccText?: string; rustcSays?: string} = {}) {
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
		expect(existsSync(`${one.kdir}.part`)).toBe(false);
	}
	expect(readdirSync(one.headers, {recursive: true}).sort()).toEqual(before);
	expect(existsSync(join(one.folder, 'kbuild/scripts/target.json'))).toBe(false);
});
