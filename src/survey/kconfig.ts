import {join, posix} from 'node:path';
import {type Config, isOn} from '../kernel/config.ts';
import {joinKconfig, type Kconfig, type KconfigFile, parseKconfig} from '../kernel/kconfig.ts';
import {type RustSupport, rustSupport} from '../kernel/rust-support.ts';
import {formatVersion, parseVersion} from '../kernel/version.ts';
import type {Reader} from '../model/machine.ts';
import type {Kernel} from './kernels.ts';

/** The folder of arch/ that a configuration belongs to, by the option each architecture sets. */
const architectures: readonly (readonly [option: string, folder: string])[] = [
	['CONFIG_UML', 'um'],
	['CONFIG_X86', 'x86'],
	['CONFIG_ARM64', 'arm64'],
	['CONFIG_RISCV', 'riscv'],
	['CONFIG_LOONGARCH', 'loongarch'],
	['CONFIG_S390', 's390'],
	['CONFIG_PPC', 'powerpc'],
	['CONFIG_ARM', 'arm']
];

/** What keeps Rust out of a kernel, by its own Kconfig files where these are found; by the table otherwise. */
export async function whyRustIsOff(reader: Reader, kernel: Kernel): Promise<RustSupport | undefined> {
	if (kernel.config.status !== 'found' || kernel.rust !== 'off') return kernel.support;
	const config = kernel.config.value.value;
	const kconfig = await findKconfig(reader, kernel.headers, config);
	return kconfig === undefined ? kernel.support : rustSupport(config, kernel.release, kconfig);
}

/** Nothing that `config RUST` depends on is defined in the drivers and their like, which are nine tenths of all Kconfig files. */
const foldersRead: ReadonlySet<string> = new Set(['init', 'arch', 'kernel', 'lib', 'security', 'scripts', 'rust']);

const mostFiles = 500;

/**
 * Where the Kconfig files of a kernel may lie: its headers, which carry them on Arch, Fedora and Ubuntu (Debian
 * leaves them out); the source a build folder points to; a source tree in /usr/src, if it is of this very version.
 */
export async function findKconfig(
	reader: Reader,
	kdir: string | undefined,
	config: Config
): Promise<Kconfig | undefined> {
	const beside = kdir === undefined ? undefined : await kconfigOf(reader, kdir, config);
	if (beside !== undefined) return beside;
	const version = config.kernel === undefined ? undefined : parseVersion(config.kernel);
	if (version === undefined) return undefined;
	for (const name of [`linux-source-${version[0]}.${version[1]}`, `linux-${formatVersion(version)}`, 'linux']) {
		const folder = join('/usr/src', name);
		const makefile = await reader.readText(join(folder, 'Makefile'), 4096);
		if (makefile.status !== 'found' || versionIn(makefile.value) !== formatVersion(version)) continue;
		const found = await readKconfig(reader, folder, config);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** The Kconfig files of a build folder: its own, or those of the source it was built from. */
export const kconfigOf = async (reader: Reader, kdir: string, config: Config): Promise<Kconfig | undefined> =>
	(await readKconfig(reader, kdir, config)) ?? readKconfig(reader, join(kdir, 'source'), config);

/** VERSION, PATCHLEVEL and SUBLEVEL at the top of the kernel's Makefile. */
const versionIn = (makefile: string): string =>
	['VERSION', 'PATCHLEVEL', 'SUBLEVEL']
		.map(name => new RegExp(`^${name}\\s*=\\s*(\\d+)`, 'm').exec(makefile)?.[1])
		.join('.');

/** The Kconfig files of one source folder that have to do with Rust, or undefined where it has no init/Kconfig. */
async function readKconfig(reader: Reader, folder: string, config: Config): Promise<Kconfig | undefined> {
	const architecture = architectures.find(([option]) => isOn(config, option))?.[1];
	const files: {file: KconfigFile; depends: readonly string[]}[] = [];
	const seen = new Set<string>();
	const pending: {path: string; depends: readonly string[]}[] = [{path: 'init/Kconfig', depends: []}];
	for (let next = pending.shift(); next !== undefined && seen.size < mostFiles; next = pending.shift()) {
		const {depends} = next;
		const path = posix.normalize(
			next.path.replace(/^\$\(srctree\)\//, '').replace(/\$\((?:SRC)?ARCH\)/g, architecture ?? '')
		);
		const top = path.split('/')[0] ?? '';
		if (seen.has(path) || (path !== 'Kconfig' && !foldersRead.has(top))) continue;
		seen.add(path);
		const text = await reader.readText(join(folder, path), 4 * 1024 * 1024);
		if (text.status !== 'found') {
			if (path === 'init/Kconfig') return undefined;
			continue;
		}
		const file = parseKconfig(text.value);
		files.push({file, depends});
		pending.push(...file.sources.map(source => ({path: source.path, depends: [...depends, ...source.depends]})));
		// the root takes in what init/Kconfig does not: security, lib
		if (path === 'init/Kconfig') pending.push({path: 'Kconfig', depends: []});
	}
	return joinKconfig(folder, files);
}
