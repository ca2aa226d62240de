// A module folder and a kernel build folder that the program takes for real, because every file it looks at is there; only its
// Makefile does what a measurement wants. Nothing of the machine's own kernels takes part.
import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import {dirname, join} from 'node:path';

/** A compiler of this machine, as both contenders would meet it; a script that answers in its place where there is none. */
const compiler = realCompiler();
const version = compiler?.version ?? 'rustc 1.85.1 (4eb161250 2025-03-15)';

function realCompiler() {
	const toolchains = join(process.env.RUSTUP_HOME ?? join(homedir(), '.rustup'), 'toolchains');
	const names = existsSync(toolchains) ? readdirSync(toolchains) : [];
	for (const path of [...names.map(name => join(toolchains, name, 'bin/rustc')), '/usr/bin/rustc']) {
		const {status, stdout} = spawnSync(path, ['--version'], {encoding: 'utf8'});
		if (status === 0) return {path, version: stdout.trim()};
	}
	return undefined;
}
const crates = ['core', 'compiler_builtins', 'ffi', 'bindings', 'uapi', 'build_error', 'kernel'];

/** Metadata of format 10: magic, position of the root, length and text of the version. */
const rmeta = Buffer.concat([
	Buffer.from('rust\0\0\0\x0a', 'latin1'),
	Buffer.from([0xb1, 6, 0, 0, 0, 0, 0, 0, version.length]),
	Buffer.from(version),
	Buffer.alloc(64, 0xc1)
]);

/** An empty folder; gone when this process ends. */
export function scratch() {
	const folder = mkdtempSync(join(tmpdir(), 'linux-rust-setup-bench-'));
	process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
	return folder;
}

/** The folders of a module and of a kernel whose `make modules` runs `recipe`, and the flags that name them. */
export function moduleScene(recipe) {
	const folder = scratch();
	const put = (path, content, mode) => {
		const file = join(folder, path);
		mkdirSync(dirname(file), {recursive: true});
		writeFileSync(file, content, {mode});
		return file;
	};
	const rustc = compiler?.path ?? put('bin/rustc', `#!/bin/sh\necho '${version}'\n`, 0o755);
	put('module/Kbuild', 'obj-m := numbers.o\n');
	put('module/numbers.rs', '// SPDX-License-Identifier: GPL-2.0\n');
	// the running kernel's release: no boot entry has to be chosen first
	put('kdir/include/config/kernel.release', readFileSync('/proc/sys/kernel/osrelease'));
	put(
		'kdir/.config',
		`# Linux/x86 6.12.117 Kernel Configuration\nCONFIG_CC_IS_GCC=y\nCONFIG_X86_64=y\nCONFIG_MODULES=y\nCONFIG_RUST=y\nCONFIG_RUSTC_VERSION_TEXT="${version}"\n`
	);
	for (const crate of crates) put(`kdir/rust/lib${crate}.rmeta`, rmeta);
	put('kdir/rust/libmacros.so', Buffer.from('\x7fELF\x02\x01\x01', 'latin1'));
	put('kdir/scripts/target.json', '{"arch": "x86_64"}\n');
	put('kdir/Makefile', `modules:\n\t@${recipe}\n`);
	const [module, kdir] = [join(folder, 'module'), join(folder, 'kdir')];
	return {
		folder,
		module,
		kdir,
		rustc,
		make: ['-C', kdir, `M=${module}`, `RUSTC=${rustc}`, 'modules'],
		flags: ['--kdir', kdir, '--rustc', rustc]
	};
}

/** The environment of both contenders: this shell's, without what makes programs believe that nobody looks at them, with an own memory. */
export function environment(state) {
	const {CI: _ci, NO_COLOR: _no, FORCE_COLOR: _force, ...rest} = process.env;
	const own = Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith('npm_')));
	return {...own, TERM: 'xterm-256color', XDG_STATE_HOME: state};
}
