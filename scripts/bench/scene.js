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
/** What stands for the kernel's crates: the least that a compiler takes for them, so that a look at them is what it is on a real kernel. */
const crates = {
	core: `#![feature(no_core, lang_items)]
#![no_core]
#[lang = "pointee_sized"]
pub trait PointeeSized {}
#[lang = "meta_sized"]
pub trait MetaSized: PointeeSized {}
#[lang = "sized"]
pub trait Sized: MetaSized {}
#[lang = "copy"]
pub trait Copy {}
impl Copy for usize {}
pub mod prelude {
	pub mod rust_2021 {}
}`,
	compiler_builtins: '#![feature(no_core, compiler_builtins)]\n#![no_core]\n#![compiler_builtins]',
	ffi: '#![no_std]',
	bindings: '#![no_std]',
	uapi: '#![no_std]',
	build_error: '#![no_std]',
	kernel: '#![no_std]\npub mod prelude {\n\tpub enum Result<T> { Ok(T) }\n\tpub use Result::Ok;\n}'
};

/** Metadata of format 10, which no compiler reads: magic, position of the root, length and text of the version. */
const rmeta = Buffer.concat([
	Buffer.from('rust\0\0\0\x0a', 'latin1'),
	Buffer.from([0xb1, 6, 0, 0, 0, 0, 0, 0, version.length]),
	Buffer.from(version),
	Buffer.alloc(64, 0xc1)
]);

/** Puts the metadata below `kdir`: real one where there is a compiler to make it. */
function putMetadata(kdir, put) {
	const rust = join(kdir, 'rust');
	const rustc = (args, input) =>
		spawnSync(compiler.path, ['-Zunstable-options', ...args], {
			input,
			encoding: 'utf8',
			env: {...process.env, RUSTC_BOOTSTRAP: '1'}
		});
	const target = put(
		'kdir/scripts/target.json',
		compiler === undefined ? '{"arch": "x86_64"}\n' : rustc(['--print', 'target-spec-json']).stdout
	);
	for (const [crate, source] of Object.entries(crates)) {
		const file = put(`kdir/rust/lib${crate}.rmeta`, rmeta);
		if (compiler === undefined) continue;
		const {status, stderr} = rustc(
			// biome-ignore format: one option after another
			['--edition=2021', '--crate-type=rlib', '--emit=metadata', `--target=${target}`, '-L', rust, '-o', file, '--crate-name', crate, '-Awarnings', '-'],
			source
		);
		if (status !== 0) throw new Error(`The metadata of the measured scene cannot be made:\n${stderr}`);
	}
}

const folders = [];
process.on('exit', () => {
	for (const folder of folders) rmSync(folder, {recursive: true, force: true});
});

/** An empty folder; gone when this process ends. */
export function scratch() {
	const folder = mkdtempSync(join(tmpdir(), 'linux-rust-setup-bench-'));
	folders.push(folder);
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
	put('kdir/rust/libmacros.so', Buffer.from('\x7fELF\x02\x01\x01', 'latin1'));
	put('kdir/Makefile', `modules:\n\t@${recipe}\n`);
	const [module, kdir] = [join(folder, 'module'), join(folder, 'kdir')];
	putMetadata(kdir, put);
	return {
		folder,
		module,
		kdir,
		rustc,
		make: ['-C', kdir, `M=${module}`, `RUSTC=${rustc}`, 'modules'],
		flags: ['--kdir', kdir, '--rustc', rustc]
	};
}

/** The environment of both contenders: this shell's, without what makes programs believe that nobody looks at them, with a memory and a cache of their own. */
export function environment(state) {
	const {CI: _ci, NO_COLOR: _no, FORCE_COLOR: _force, ...rest} = process.env;
	const own = Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith('npm_')));
	return {...own, TERM: 'xterm-256color', XDG_STATE_HOME: state, XDG_CACHE_HOME: join(state, 'cache')};
}
