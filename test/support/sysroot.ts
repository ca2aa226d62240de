import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gunzipSync, gzipSync} from 'node:zlib';
import {onTestFinished} from 'vitest';
import {createLocalReader} from '../../src/machine/reader.ts';
import type {Reader} from '../../src/model/machine.ts';

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '../fixtures');
const fixture = (path: string): Buffer => readFileSync(join(fixtures, path));

/** Real configurations, by what a test wants of them. */
export const configs = {
	/** Debian 12: Rust is possible on this architecture and off, because of MODVERSIONS among others; gcc. */
	rustOff61: gunzipSync(fixture('kernels/debian-6.1.192.config.gz')).toString(),
	/** Debian 13: the same for 6.12. */
	rustOff612: gunzipSync(fixture('kernels/debian-6.12.117-cloud.config.gz')).toString(),
	/** Debian unstable: Rust on, gcc, BTF for modules. */
	rustOn72: gunzipSync(fixture('kernels/debian-7.2.13-cloud.config.gz')).toString(),
	/** The laboratory's linux-rust 6.12.117: Rust on, clang. */
	rustOn612: fixture('kernels/lab-6.12/config').toString(),
	/** The same as `include/config/auto.conf`, which leaves out what is not set. */
	rustOn612Auto: fixture('kernels/lab-6.12/auto.conf').toString()
} as const;

/** Version texts of real compilers. */
export const rustc = {
	debian1851: 'rustc 1.85.1 (4eb161250 2025-03-15) (built from a source tarball)',
	debian1971: 'rustc 1.97.1 (8bab26f4f 2026-07-14) (built from a source tarball)',
	arch1971: 'rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust 1:1.97.1-1)',
	rustup1851: 'rustc 1.85.1 (4eb161250 2025-03-15)',
	rustup1950: 'rustc 1.95.0 (59807616e 2026-04-14)',
	rustup1971: 'rustc 1.97.1 (8bab26f4f 2026-07-14)',
	debian1630: 'rustc 1.63.0'
} as const;

/** The release that the built module of the fixtures is for. */
export const labRelease = '6.12.117-arch1-1-rust';

/** What `rust/` and `scripts/` of 6.12.117's headers hold (test/fixtures/kernels/lab-6.12/rust-files.txt). */
export const rustFiles: readonly string[] = fixture('kernels/lab-6.12/rust-files.txt')
	.toString()
	.trim()
	.split('\n')
	.map(line => line.split(' ')[1] ?? '');

/**
 * The beginning of a metadata file as rustc of format 10 writes it: `METADATA_HEADER`, the position of the root as eight
 * little-endian bytes, the length of the version text (below 128: one byte), the text.
 */
export const rmeta = (text: string): Buffer =>
	Buffer.concat([
		Buffer.from('rust\0\0\0\x0a', 'latin1'),
		Buffer.from([0xb1, 6, 0, 0, 0, 0, 0, 0]),
		Buffer.from([text.length]),
		Buffer.from(text),
		Buffer.alloc(64, 0xc1)
	]);

export type KernelDescription = {
	readonly release: string;
	/** The text of `pkgbase`. */
	readonly package?: string;
	readonly config?: string | Uint8Array;
	/** `boot`: /boot/config-RELEASE; `modules`: …/modules/RELEASE/config; `headers`: …/build/.config; `auto.conf`: …/build/include/config/auto.conf. */
	readonly configIn?: 'boot' | 'modules' | 'headers' | 'auto.conf';
	/** False: only the folder is left, no image and no modules. */
	readonly installed?: boolean;
	readonly headers?: HeadersDescription;
};

export type HeadersDescription = {
	/** What include/config/kernel.release says; the kernel's own release where unset. */
	readonly release?: string;
	/** The version text in every .rmeta; none: the headers carry no Rust at all. */
	readonly rustc?: string;
	readonly without?: readonly string[];
	/** Other content for some files, and files that later kernels have besides. */
	readonly content?: Readonly<Record<string, string | Uint8Array>>;
};

export type ModuleDescription = {
	/** Below the system's root; default /home/me/numbers. */
	readonly folder?: string;
	/** A real .ko built for `labRelease`, or other bytes in its place. */
	readonly ko?: Uint8Array | true;
	/** The sources were changed after the build. */
	readonly sourcesNewer?: boolean;
};

export type SystemDescription = {
	readonly osRelease?: 'arch' | 'debian' | 'ubuntu' | 'fedora' | 'void';
	/** `uname -r`; without one nothing below /proc exists, as in a mounted system. */
	readonly running?: string;
	/** /proc/config.gz, packed here unless it is bytes. */
	readonly procConfig?: string | Uint8Array;
	readonly kernels?: readonly KernelDescription[];
	/** Toolchains of rustup with what rustup's manifest says of them (`rustc 1.97.1 (…)`); undefined: no manifest. */
	readonly rustup?: readonly {readonly name: string; readonly rustc?: string; readonly half?: true}[];
	/** What /usr/bin/rustc prints. */
	readonly systemRustc?: string;
	/** In /usr/bin. */
	readonly programs?: readonly string[];
	readonly modules?: 'enabled' | 'disabled' | 'not-built';
	readonly loaded?: readonly string[];
	readonly tainted?: number;
	readonly lockdown?: string;
	readonly sigEnforce?: 'Y' | 'N';
	readonly secureBoot?: boolean;
	readonly module?: ModuleDescription;
	/** Further files, by absolute path. */
	readonly files?: Readonly<Record<string, string | Uint8Array>>;
};

export type System = {
	/** The folder that stands for `/`. */
	readonly root: string;
	/** `path` of that system as a path of this one. */
	path(path: string): string;
	write(path: string, content: string | Uint8Array): void;
	remove(path: string): void;
	/** Reads below the root; what a test machine would say of itself (user, architecture, disk) is fixed. */
	reader(options?: ReaderOptions): Reader;
};

export type ReaderOptions = {
	readonly uid?: number;
	readonly architecture?: string;
	readonly freeSpace?: number;
	readonly cwd?: string;
	readonly environment?: Readonly<Record<string, string>>;
};

const osReleases = {
	arch: 'NAME="Arch Linux"\nPRETTY_NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\n',
	debian: 'PRETTY_NAME="Debian GNU/Linux forky/sid"\nNAME="Debian GNU/Linux"\nVERSION_CODENAME=forky\nID=debian\n',
	ubuntu: 'PRETTY_NAME="Ubuntu 26.04 LTS"\nNAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n',
	fedora: 'NAME="Fedora Linux"\nID=fedora\nVERSION_ID=44\nPRETTY_NAME="Fedora Linux 44"\n',
	void: 'NAME="Void"\nID="void"\nPRETTY_NAME="Void Linux"\n'
} as const;

const defaultPrograms = ['sudo', 'make', 'gcc', 'x86_64-linux-gnu-gcc-16', 'ld', 'ld.lld', 'clang', 'nm', 'llvm-nm'];
const home = '/home/me';
const secureBootVariable = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';
const toolchainManifest = (version: string): string =>
	`manifest-version = "2"\n\n[pkg.cargo]\nversion = "0.0.0 (000000000 2000-01-01)"\n\n[pkg.rustc]\nversion = "${version}"\n\n[pkg.rustc.target.x86_64-unknown-linux-gnu]\navailable = true\n`;

/** Makes a plain folder that looks, to who reads files, like the described system. It is gone when the test has ended. */
export function makeSystem(description: SystemDescription): System {
	const root = mkdtempSync(join(tmpdir(), 'sysroot-'));
	onTestFinished(() => rmSync(root, {recursive: true, force: true}));
	const path = (inside: string): string => join(root, inside);
	const write = (inside: string, content: string | Uint8Array, mode = 0o644): void => {
		mkdirSync(dirname(path(inside)), {recursive: true});
		writeFileSync(path(inside), content, {mode});
	};
	const program = (inside: string, body: string): void => write(inside, `#!/bin/sh\n${body}\n`, 0o755);

	mkdirSync(path(home), {recursive: true});
	write('/etc/os-release', osReleases[description.osRelease ?? 'arch']);
	for (const name of description.programs ?? defaultPrograms) program(`/usr/bin/${name}`, 'exit 0');
	if (description.systemRustc !== undefined) program('/usr/bin/rustc', `echo '${description.systemRustc}'`);
	if (description.running !== undefined) writeRunning(write, description, description.running);
	for (const kernel of description.kernels ?? []) writeKernel(write, kernel);
	for (const {name, rustc: text, half} of description.rustup ?? []) {
		const prefix = `${home}/.rustup/toolchains/${name}`;
		mkdirSync(path(prefix), {recursive: true});
		if (half) continue;
		program(`${prefix}/bin/rustc`, `echo '${text ?? 'not a compiler'}'`);
		if (text !== undefined)
			write(`${prefix}/lib/rustlib/multirust-channel-manifest.toml`, toolchainManifest(text.replace(/^rustc /, '')));
	}
	if (description.rustup !== undefined) program('/usr/bin/rustup', 'exit 0');
	if (description.module !== undefined) writeModule(write, path, description.module);
	for (const [file, content] of Object.entries(description.files ?? {})) write(file, content);

	return {
		root,
		path,
		write,
		remove: inside => rmSync(path(inside), {recursive: true}),
		reader: (options = {}) => readerOf(root, options)
	};
}

type Write = (path: string, content: string | Uint8Array) => void;

function writeRunning(write: Write, description: SystemDescription, release: string): void {
	write('/proc/sys/kernel/osrelease', `${release}\n`);
	write('/proc/sys/kernel/tainted', `${description.tainted ?? 0}\n`);
	write('/proc/sys/kernel/modules_disabled', description.modules === 'disabled' ? '1\n' : '0\n');
	if (description.modules !== 'not-built')
		write(
			'/proc/modules',
			(description.loaded ?? ['ext4']).map(name => `${name} 16384 0 - Live 0x0000000000000000\n`).join('')
		);
	if (description.procConfig !== undefined)
		write(
			'/proc/config.gz',
			typeof description.procConfig === 'string' ? gzipSync(description.procConfig) : description.procConfig
		);
	write('/sys/module/module/parameters/sig_enforce', `${description.sigEnforce ?? 'N'}\n`);
	write('/sys/kernel/security/lockdown', `${description.lockdown ?? '[none] integrity confidentiality'}\n`);
	if (description.secureBoot !== undefined)
		write(secureBootVariable, Uint8Array.from([6, 0, 0, 0, description.secureBoot ? 1 : 0]));
}

function writeKernel(write: Write, kernel: KernelDescription): void {
	const {release, configIn = 'boot'} = kernel;
	const modules = `/usr/lib/modules/${release}`;
	if (kernel.installed !== false) {
		write(`${modules}/vmlinuz`, 'MZ');
		write(`${modules}/modules.order`, '');
	} else write(`${modules}/updates/left-behind.ko`, '');
	if (kernel.package !== undefined) write(`${modules}/pkgbase`, `${kernel.package}\n`);
	const places = {
		boot: `/boot/config-${release}`,
		modules: `${modules}/config`,
		headers: `${modules}/build/.config`,
		'auto.conf': `${modules}/build/include/config/auto.conf`
	};
	if (kernel.config !== undefined) write(places[configIn], kernel.config);
	if (kernel.headers !== undefined) writeHeaders(write, `${modules}/build`, release, kernel.headers);
}

/** A build folder as a headers package brings it. */
export function writeHeaders(write: Write, kdir: string, release: string, headers: HeadersDescription): void {
	write(`${kdir}/Makefile`, '# SPDX-License-Identifier: GPL-2.0\n');
	write(`${kdir}/include/config/kernel.release`, `${headers.release ?? release}\n`);
	if (headers.rustc === undefined) return;
	for (const file of new Set([...rustFiles, ...Object.keys(headers.content ?? {})])) {
		if (headers.without?.includes(file)) continue;
		write(`${kdir}/${file}`, headers.content?.[file] ?? contentOf(file, headers.rustc));
	}
}

function contentOf(file: string, text: string): string | Uint8Array {
	if (file.endsWith('.json')) return '{"arch": "x86_64"}\n';
	if (file.endsWith('.so')) return Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(57)]);
	// names that tell the module API of this kernel
	return Buffer.concat([rmeta(text), Buffer.from('KVec')]);
}

/** Sources are a minute older than the .ko, unless they are to be newer. */
function writeModule(write: Write, path: (inside: string) => string, module: ModuleDescription): void {
	const folder = module.folder ?? `${home}/numbers`;
	const now = Date.now() / 1000;
	for (const file of ['Kbuild', 'numbers.rs']) {
		write(`${folder}/${file}`, fixture(`modules/numbers-6.12/${file}`));
		utimesSync(path(`${folder}/${file}`), now - 120, now - 120);
	}
	if (module.ko === undefined) return;
	write(`${folder}/numbers.ko`, module.ko === true ? fixture('modules/built/numbers-6.12.ko') : module.ko);
	utimesSync(path(`${folder}/numbers.ko`), now - 60, now - 60);
	if (module.sourcesNewer) utimesSync(path(`${folder}/numbers.rs`), now, now);
}

/** The fixture's built module. */
export const builtModule = (): Uint8Array => Uint8Array.from(fixture('modules/built/numbers-6.12.ko'));

function readerOf(root: string, options: ReaderOptions): Reader {
	const reader = createLocalReader({root});
	return {
		...reader,
		user: {uid: options.uid ?? 1000, name: 'me', home, groups: []},
		cwd: options.cwd ?? home,
		architecture: options.architecture ?? 'x86_64',
		environment: {HOME: home, ...options.environment},
		freeSpace: async () => ({status: 'found', value: options.freeSpace ?? 41_000_000_000})
	};
}

/**
 * A stand-in for a reader of `/`: probes really run, namely the programs below the system's root. The real reader runs nothing
 * of another root.
 */
export function withProbesRunBelowRoot(reader: Reader): Reader {
	const own = createLocalReader();
	return {...reader, probe: ([program, ...rest], options) => own.probe([join(reader.root, program), ...rest], options)};
}

/** Links `from` (of the system) to `target`, as written. */
export function link(system: System, from: string, target: string): void {
	mkdirSync(dirname(system.path(from)), {recursive: true});
	symlinkSync(target, system.path(from));
}
