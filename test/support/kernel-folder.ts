import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {onTestFinished} from 'vitest';
import {rmeta, rustc, writeHeaders} from './sysroot.ts';

/**
 * A folder with the build folder of a kernel that does not exist (real metadata headers, a Makefile of our own), a rustc that
 * only tells its version, and a module `hello`. It goes with the test.
 */
export function makeKernelFolder(makefile: string) {
	const folder = mkdtempSync(join(tmpdir(), 'kernel-folder-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	const write = (path: string, content: string | Uint8Array): void => {
		mkdirSync(dirname(join(folder, path)), {recursive: true});
		writeFileSync(join(folder, path), content);
	};
	const compiler = rustc.rustup1851;
	writeHeaders(write, 'kdir', '6.12.1-fake', {
		rustc: compiler,
		content: {'rust/liballoc.rmeta': rmeta(compiler)}
	});
	const config = ['CONFIG_X86_64=y', 'CONFIG_RUST=y', 'CONFIG_MODULES=y', 'CONFIG_CC_IS_GCC=y'];
	write('kdir/.config', `${config.join('\n')}\nCONFIG_RUSTC_VERSION_TEXT="${compiler}"\n`);
	write('kdir/Makefile', makefile);
	write('rustc', `#!/bin/sh\n[ "$1" = --version ] && echo '${compiler}'\nexit 0\n`);
	chmodSync(join(folder, 'rustc'), 0o755);
	write('hello/Kbuild', 'obj-m := hello.o\n');
	write('hello/hello.rs', '//! A module.\n');
	return {
		module: join(folder, 'hello'),
		path: (inside: string): string => join(folder, inside),
		flags: ['--kdir', join(folder, 'kdir'), '--rustc', join(folder, 'rustc')] as const
	};
}
