import {join} from 'node:path';
import {type Config, isOn, option, parseConfig} from '../kernel/config.ts';
import {readRmetaHeader} from '../kernel/rmeta.ts';
import {externsFromMakefileBuild, requiredRustFiles} from '../kernel/rust-metadata.ts';
import {type RustSupport, rustState, rustSupport} from '../kernel/rust-support.ts';
import {compareVersions, parseVersion, type Version} from '../kernel/version.ts';
import {dataFolder} from '../machine/state-folder.ts';
import type {Found, Reader} from '../model/machine.ts';

/** A fact with the file it came from. */
export type Sourced<T> = {readonly value: T; readonly source: string};

/** One kernel of this machine: running, installed below /usr/lib/modules, or a build folder named by `--kdir`. */
export type Kernel = {
	readonly release: string;
	/** The package it belongs to, as its `pkgbase` file says (Arch), or undefined where no such file is. */
	readonly package: string | undefined;
	readonly running: boolean;
	/** Whether its modules folder and its image are there: a kernel that was upgraded away has neither. */
	readonly installed: boolean;
	/** The folder modules are built against; may not exist. That of the headers, or one of ours where they lack the Rust metadata. */
	readonly kdir: string;
	/** The folder of the headers, as they are packaged or named by `--kdir`. */
	readonly headers: string;
	/** The folder where rebuilt metadata of this release is, or would be. */
	readonly rebuilt: RebuiltFolder;
	readonly config: Found<Sourced<Config>>;
	readonly rust: RustSupport['rust'];
	readonly support: RustSupport | undefined;
};

/** `none`: nothing is there; `outdated`: it was made for other headers of the same release. */
export type RebuiltFolder = {readonly path: string; readonly state: 'none' | 'fits' | 'outdated'};

export type Kernels = {
	readonly release: Found<string>;
	readonly running: Kernel | undefined;
	/** Installed kernels and the running one, newest first. */
	readonly all: readonly Kernel[];
	/**
	 * The kernel that modules are for: `--kdir`'s, else the running one if it is installed and has Rust, else the newest installed
	 * one that has: after an upgrade that is the one the next boot brings. Without any, the running one, else the newest.
	 */
	readonly subject: Kernel | undefined;
	/** Set when `--kdir` names no kernel build folder: what is wrong with it. */
	readonly kdirProblem: string | undefined;
};

/** Both places that distributions use; on merged-/usr systems the first is the second. */
const modulesFolders = ['/usr/lib/modules', '/lib/modules'] as const;

/** What makepkg accepts as a package's name (PKGBUILD(5)); anything else must not get into a command. */
const packageName = /^[A-Za-z0-9@_+][A-Za-z0-9@._+-]*$/;

/** Reads every kernel of this machine from files alone. */
export async function surveyKernels(
	reader: Reader,
	options: {readonly kdir?: string | undefined} = {}
): Promise<Kernels> {
	const rebuilt = join(dataFolder(reader), 'metadata');
	const [release, folders] = await Promise.all([readRelease(reader), listModules(reader)]);
	const runningRelease = release.status === 'found' ? release.value : undefined;
	const releases = new Set(folders.keys());
	if (runningRelease !== undefined) releases.add(runningRelease);
	const all = (
		await Promise.all(
			[...releases].map(one =>
				readKernel(reader, one, folders.get(one) ?? join(modulesFolders[0], one), one === runningRelease, rebuilt)
			)
		)
	)
		.filter(kernel => kernel.installed || kernel.running)
		.sort((a, b) => newestFirst(a.release, b.release));
	const running = all.find(kernel => kernel.running);

	if (options.kdir !== undefined) {
		const named = await readKdir(reader, options.kdir, runningRelease, all, rebuilt);
		return typeof named === 'string'
			? {release, running, all, subject: undefined, kdirProblem: named}
			: {release, running, all, subject: named, kdirProblem: undefined};
	}
	const withRust = all.filter(kernel => kernel.installed && kernel.rust === 'on');
	const subject = withRust.find(kernel => kernel.running) ?? withRust[0] ?? running ?? all[0];
	return {release, running, all, subject, kdirProblem: undefined};
}

/** The rustc string in the header of the kernel's own libcore: the truth about which compiler built it. */
export async function readBuilder(reader: Reader, kdir: string): Promise<Found<Sourced<string>>> {
	const source = join(kdir, 'rust/libcore.rmeta');
	const head = await reader.readBytes(source, 512);
	if (head.status !== 'found') return head;
	const header = readRmetaHeader(head.value);
	return header.ok
		? {status: 'found', value: {value: header.rustc, source}}
		: {status: 'unknown', why: `${source}: ${header.why}`};
}

/** `uname -r`, from the file it comes from (kernel/utsname_sysctl.c). */
async function readRelease(reader: Reader): Promise<Found<string>> {
	const text = await reader.readText('/proc/sys/kernel/osrelease', 256);
	if (text.status !== 'found') return text;
	const release = text.value.trim();
	return release === '' || release.includes('/')
		? {status: 'unknown', why: '/proc/sys/kernel/osrelease holds no release'}
		: {status: 'found', value: release};
}

async function listModules(reader: Reader): Promise<ReadonlyMap<string, string>> {
	const found = new Map<string, string>();
	for (const folder of modulesFolders) {
		const names = await reader.list(folder);
		if (names.status !== 'found') continue;
		for (const name of names.value)
			if (parseVersion(name) !== undefined && !found.has(name)) found.set(name, join(folder, name));
	}
	return found;
}

async function readKernel(
	reader: Reader,
	release: string,
	folder: string,
	running: boolean,
	rebuilt: string
): Promise<Kernel> {
	const headers = join(folder, 'build');
	const [pkgbase, image, bootImage, depmod, config] = await Promise.all([
		reader.readText(join(folder, 'pkgbase'), 256),
		reader.stat(join(folder, 'vmlinuz')),
		reader.stat(`/boot/vmlinuz-${release}`),
		reader.stat(join(folder, 'modules.order')),
		readConfig(reader, release, folder, headers, running)
	]);
	const installed = [image, bootImage, depmod].some(file => file.status === 'found');
	const name = pkgbase.status === 'found' ? pkgbase.value.trim() : '';
	return kernelFrom({
		release,
		package: packageName.test(name) ? name : undefined,
		running,
		installed,
		...(await chooseKdir(reader, headers, join(rebuilt, release), config, release)),
		config
	});
}

/** The headers, unless they lack Rust metadata and what was rebuilt for these very headers is there. */
async function chooseKdir(
	reader: Reader,
	headers: string,
	path: string,
	config: Kernel['config'],
	release: string
): Promise<Pick<Kernel, 'kdir' | 'headers' | 'rebuilt'>> {
	const list = await reader.readText(join(path, madeFor), 4096);
	if (list.status !== 'found') return {kdir: headers, headers, rebuilt: {path, state: 'none'}};
	if (!(await areUnchanged(reader, headers, list.value)))
		return {kdir: headers, headers, rebuilt: {path, state: 'outdated'}};
	const version = parseVersion((config.status === 'found' && config.value.value.kernel) || release) ?? [0, 0, 0];
	const {required} = await requiredFiles(reader, headers, version);
	const facts = await Promise.all(required.map(file => reader.stat(join(headers, file))));
	const lacks = facts.some(one => one.status === 'absent');
	return {kdir: lacks ? path : headers, headers, rebuilt: {path, state: 'fits'}};
}

/** The Rust files that modules need of headers with this source version. */
export async function requiredFiles(
	reader: Reader,
	kdir: string,
	version: Version
): Promise<{readonly required: readonly string[]; readonly externs: readonly string[] | undefined}> {
	const makefile = await reader.readText(join(kdir, 'scripts/Makefile.build'), 1024 * 1024);
	const externs = makefile.status === 'found' ? externsFromMakefileBuild(makefile.value) : undefined;
	return {required: requiredRustFiles(version, externs), externs};
}

/** In a build folder of ours: what it was made for. A release does not tell: a package may be built anew under the same one. */
export const madeFor = 'linux-rust-setup.made-for';

/** Whether the files of these headers are those of the lines `PATH SIZE SECONDS`. */
async function areUnchanged(reader: Reader, headers: string, list: string): Promise<boolean> {
	const real = await reader.realPath(headers);
	if (real.status !== 'found') return false;
	const lines = list.trim().split('\n');
	const same = await Promise.all(
		lines.map(async line => {
			const [, path = '', size, seconds] = /^(.*) (\d+) (\d+)$/.exec(line) ?? [];
			const facts = await reader.stat(path);
			return (
				path.startsWith(`${real.value}/`) &&
				facts.status === 'found' &&
				facts.value.size === Number(size) &&
				Math.floor(facts.value.modified / 1000) === Number(seconds)
			);
		})
	);
	return same.every(Boolean);
}

function kernelFrom(facts: Omit<Kernel, 'rust' | 'support'>): Kernel {
	if (facts.config.status !== 'found') return {...facts, rust: 'unknown', support: undefined};
	const config = facts.config.value.value;
	// why a kernel has no Rust is a long question, and asked of one kernel at most
	let support: RustSupport | undefined;
	return {
		...facts,
		rust: rustState(config, facts.release),
		get support() {
			support ??= rustSupport(config, facts.release);
			return support;
		}
	};
}

/** The first of the places a distribution may keep a config in; the running kernel's own word comes before any file. */
async function readConfig(
	reader: Reader,
	release: string,
	folder: string,
	kdir: string,
	running: boolean
): Promise<Found<Sourced<Config>>> {
	const places = [
		...(running ? ['/proc/config.gz'] : []),
		`/boot/config-${release}`,
		join(folder, 'config'),
		join(kdir, '.config'),
		join(kdir, 'include/config/auto.conf')
	];
	return firstConfig(reader, places);
}

async function firstConfig(reader: Reader, places: readonly string[]): Promise<Found<Sourced<Config>>> {
	const problems: string[] = [];
	for (const source of places) {
		const text = await reader.readText(source);
		if (text.status === 'absent') continue;
		if (text.status === 'unknown') {
			problems.push(text.why.includes(source) ? text.why : `${source}: ${text.why}`);
			continue;
		}
		// an unreadable /proc/config.gz shows as an empty file where something was mounted over it
		if (text.value === '') continue;
		const parsed = parseConfig(text.value);
		if (parsed.ok) return {status: 'found', value: {value: parsed.config, source}};
		problems.push(`${source}: ${parsed.why}`);
	}
	return problems.length === 0 ? {status: 'absent'} : {status: 'unknown', why: problems.join('; ')};
}

/** The kernel a build folder belongs to, or the sentence that says why the folder is none. */
async function readKdir(
	reader: Reader,
	kdir: string,
	runningRelease: string | undefined,
	all: readonly Kernel[],
	rebuilt: string
): Promise<Kernel | string> {
	const folder = await reader.stat(kdir);
	if (folder.status === 'absent') return `${kdir} does not exist`;
	if (folder.status === 'unknown') return `${kdir} cannot be looked at: ${folder.why}`;
	if (folder.value.kind !== 'folder') return `${kdir} is not a folder`;
	const [makefile, release, config] = await Promise.all([
		reader.stat(join(kdir, 'Makefile')),
		readKdirRelease(reader, kdir),
		firstConfig(reader, [join(kdir, '.config'), join(kdir, 'include/config/auto.conf')])
	]);
	if (makefile.status !== 'found') return `${kdir} has no Makefile: it is no kernel build folder`;
	if (release === undefined)
		return `${kdir} has no include/config/kernel.release and no include/generated/utsrelease.h: it is a source tree that was never prepared, or no kernel build folder`;
	const known = all.find(kernel => kernel.release === release);
	return kernelFrom({
		release,
		package: known?.package,
		running: release === runningRelease,
		installed: known?.installed ?? false,
		...(await chooseKdir(reader, kdir, join(rebuilt, release), config, release)),
		config: config.status === 'found' ? config : (known?.config ?? config)
	});
}

async function readKdirRelease(reader: Reader, kdir: string): Promise<string | undefined> {
	const [plain, header] = await Promise.all([
		reader.readText(join(kdir, 'include/config/kernel.release'), 256),
		reader.readText(join(kdir, 'include/generated/utsrelease.h'), 4096)
	]);
	if (plain.status === 'found' && plain.value.trim() !== '') return plain.value.trim();
	if (header.status === 'found') return /UTS_RELEASE\s+"([^"]+)"/.exec(header.value)?.[1];
	return undefined;
}

/** The release a build folder was made for, as its own files say. */
export const releaseOfKdir = readKdirRelease;

function newestFirst(a: string, b: string): number {
	const [left, right] = [parseVersion(a), parseVersion(b)];
	const byVersion = left && right ? compareVersions(right, left) : 0;
	return byVersion !== 0 ? byVersion : b.localeCompare(a, 'en', {numeric: true});
}

/** Whether the kernel was built with clang, and so modules need LLVM=1. */
export const builtWithClang = (kernel: Kernel): boolean | undefined =>
	kernel.config.status === 'found' ? isOn(kernel.config.value.value, 'CONFIG_CC_IS_CLANG') : undefined;

/** The rustc string the configuration recorded: what configure time saw, a hint where the metadata says nothing. */
export const configuredRustc = (kernel: Kernel): string | undefined =>
	kernel.config.status === 'found'
		? option(kernel.config.value.value, 'CONFIG_RUSTC_VERSION_TEXT') || undefined
		: undefined;

/** The version of the source a kernel was built from, which its release need not show (Debian's 6.1.0-56-amd64 is 6.1.192). */
export const sourceVersion = (kernel: Kernel): string | undefined =>
	kernel.support?.kernel ?? /^\d+\.\d+\.\d+/.exec(kernel.release)?.[0];
