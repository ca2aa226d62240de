import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {type ScaffoldRequest, scaffold, templates} from '../../src/scaffold/scaffold.ts';
import {foundProgram} from './found-program.ts';
import {generations} from './generations.ts';

const rustfmt = foundProgram('rustfmt');
const make = foundProgram('make');
const git = foundProgram('git');

describe.runIf(rustfmt !== undefined)('rustfmt', () => {
	it('leaves every source as it is, whatever the length of its name', () => {
		for (const api of Object.values(generations)) {
			for (const {id} of templates.filter(({available}) => available(api).ok)) {
				for (const name of ['m', 'rust_out_of_tree', 'x'.repeat(55)]) {
					const source = scaffold({template: id, name, author: 'Jörg "J" Müller', api}).find(({path}) =>
						path.endsWith('.rs')
					);
					const formatted = execFileSync(rustfmt ?? '', ['--edition', '2021', '--emit', 'stdout'], {
						input: source?.content,
						encoding: 'utf8'
					});
					expect(formatted).toBe(source?.content);
				}
			}
		}
	}, 60_000);
});

/** Writes a module into a folder of its own, hands it over and removes it. */
function inFolder<T>(request: ScaffoldRequest, use: (folder: string) => T): T {
	const folder = mkdtempSync(join(tmpdir(), 'scaffold-'));
	try {
		for (const {path, content} of scaffold(request)) {
			mkdirSync(dirname(join(folder, path)), {recursive: true});
			writeFileSync(join(folder, path), content);
		}
		return use(folder);
	} finally {
		rmSync(folder, {recursive: true});
	}
}

describe.runIf(make !== undefined)('make', () => {
	const request = {template: 'hello', name: 'hello', api: generations.g5} as const;
	const parameters = {template: 'parameters', name: 'hello', api: generations.g6} as const;

	/** The commands make would run; kbuild itself is stood in for by `echo`. */
	const commandsOf = (wanted: ScaffoldRequest, ...words: readonly string[]): readonly string[] =>
		inFolder(wanted, folder =>
			execFileSync(make ?? '', ['--no-print-directory', 'MAKE=echo make', 'CURDIR=/m', ...words], {
				cwd: folder,
				encoding: 'utf8',
				env: {PATH: process.env.PATH}
			})
				.split('\n')
				.filter(line => line.startsWith('make '))
		);
	const dryRun = (wanted: ScaffoldRequest, ...words: readonly string[]): string =>
		inFolder(wanted, folder =>
			execFileSync(make ?? '', ['--dry-run', '--assume-old=build', ...words], {
				cwd: folder,
				encoding: 'utf8',
				env: {PATH: process.env.PATH}
			})
		);

	it('builds by default, for the kernel and with the compiler that were named', () => {
		expect(commandsOf(request, 'KDIR=/k')).toEqual(['make -C /k M=/m RUSTC=rustc modules']);
		const named = {...request, llvm: true, rustc: '/usr/bin/rustc', kdirHint: '/usr/src/linux'} as const;
		expect(commandsOf(named)).toEqual(['make -C /usr/src/linux M=/m RUSTC=/usr/bin/rustc LLVM=1 modules']);
		expect(commandsOf(named, 'clean')).toEqual(['make -C /usr/src/linux M=/m RUSTC=/usr/bin/rustc LLVM=1 clean']);
	});

	it('lets every variable be set on the command line', () => {
		const named = {...request, llvm: true, rustc: '/usr/bin/rustc'} as const;
		expect(commandsOf(named, 'KDIR=/other', 'LLVM=', 'RUSTC=/opt/rustc')).toEqual([
			'make -C /other M=/m RUSTC=/opt/rustc modules'
		]);
	});

	it('takes sudo for insmod and rmmod, says why, and goes without it as root', () => {
		expect(dryRun(request, 'SUDO=sudo', 'load', 'unload')).toBe(
			[
				"echo 'sudo: only root may put code into the running kernel'",
				'sudo insmod hello.ko',
				"echo 'sudo: only root may take code out of the running kernel'",
				'sudo rmmod hello',
				''
			].join('\n')
		);
		expect(dryRun(request, 'SUDO=', 'load', 'unload').replace(/^ +/gm, '')).toBe('insmod hello.ko\nrmmod hello\n');
	});

	it('shows the lines of the module alone, as root where the kernel log is for root alone', () => {
		const log = inFolder(request, folder => {
			const dmesg = '#!/bin/sh\n[ "$ROOT" ] || exit 1\necho "usb: hello"\necho "[ 1.0] hello: Hello from Rust"\n';
			writeFileSync(join(folder, 'dmesg'), dmesg, {mode: 0o755});
			return execFileSync(make ?? '', ['log', 'SUDO=env ROOT=1'], {
				cwd: folder,
				encoding: 'utf8',
				env: {PATH: `${folder}:${process.env.PATH}`}
			});
		});
		expect(log).toBe('[ 1.0] hello: Hello from Rust\n');
	});

	it('hands parameters to the module', () => {
		expect(dryRun(parameters, 'SUDO=sudo', 'load', 'PARAMETERS=times=5')).toContain('sudo insmod hello.ko times=5\n');
	});
});

describe.runIf(git !== undefined)('git', () => {
	it('keeps the module and ignores what a build leaves, as seen with 6.12.117', () => {
		const leftovers = [
			'..module-common.o.cmd',
			'.Module.symvers.cmd',
			'.hello.ko.cmd',
			'.hello.o.cmd',
			'.module-common.o',
			'.modules.order.cmd',
			'Module.symvers',
			'hello.ko',
			'hello.mod',
			'hello.mod.c',
			'hello.mod.o',
			'hello.o',
			'modules.order'
		];
		const seen = inFolder({template: 'hello', name: 'hello', api: generations.g4}, folder => {
			for (const name of leftovers) writeFileSync(join(folder, name), '');
			const run = (...words: readonly string[]): string =>
				execFileSync(git ?? '', words, {cwd: folder, encoding: 'utf8'});
			run('init', '--quiet');
			return run('ls-files', '--others', '--exclude-per-directory=.gitignore').trim().split('\n').sort();
		});
		expect(seen).toEqual(['.gitignore', 'Kbuild', 'Makefile', 'README.md', 'hello.rs']);
	});
});

const compiler = foundProgram('cc');

describe.runIf(make !== undefined && compiler !== undefined)('the program that talks to a device', () => {
	it.each(['g5', 'g7'] as const)('%s: builds without a warning, and says that there is no device', generation => {
		const api = generations[generation];
		const said = inFolder({template: 'misc-device', name: 'no_such_device', api}, folder => {
			execFileSync(make ?? '', ['--no-print-directory', 'talk', 'HOSTCC=cc -Werror'], {cwd: folder, stdio: 'pipe'});
			return spawnSync(join(folder, 'user/talk'), {encoding: 'utf8'});
		});
		expect({code: said.status, stderr: said.stderr}).toEqual({
			code: 1,
			stderr: 'open /dev/no_such_device: No such file or directory\n'
		});
	});
});

const bash = foundProgram('bash');

describe.runIf(bash !== undefined)('dkms.conf', () => {
	it.each([
		['CONFIG_CC_IS_CLANG=y\n', 'LLVM=1'],
		['CONFIG_CC_IS_GCC=y\n', 'LLVM=']
	])('says LLVM=1 exactly for a kernel with %j', (config, llvm) => {
		const said = inFolder(
			{template: 'hello', name: 'hello', api: generations.g6, rustc: '/usr/bin/rustc', dkms: true},
			folder => {
				mkdirSync(join(folder, 'include/config'), {recursive: true});
				writeFileSync(join(folder, 'include/config/auto.conf'), config);
				const script = `kernel_source_dir=${folder}; . ./dkms.conf; echo "\${MAKE[0]}|$BUILT_MODULE_NAME|$BUILD_EXCLUSIVE_CONFIG"`;
				const output = execFileSync(bash ?? '', ['-c', script], {cwd: folder, encoding: 'utf8'});
				return output.replaceAll(folder, '/k');
			}
		);
		expect(said).toBe(`make KDIR=/k RUSTC=/usr/bin/rustc ${llvm} build|hello|CONFIG_RUST\n`);
	});
});
