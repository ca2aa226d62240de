import type {Reader} from '../model/machine.ts';
import type {Kernel} from '../survey/kernels.ts';
import type {Family} from './distribution.ts';
import type {Download} from './fetch-source.ts';

/**
 * Where the source of a kernel is published as one file: of Arch's and Zen's kernels their own repositories, whose tags carry the
 * patches (7.1.3-arch1-1 is v7.1.3-arch1); of a kernel without a mark of its distribution kernel.org. Undefined for others, whose
 * patches are in no such place.
 */
export function downloadOf(kernel: Kernel, version: string): Download | undefined {
	const mark = /^\d+\.\d+(?:\.\d+)?(-rc\d+)?-(arch|zen)(\d+)/.exec(version);
	if (mark !== null) {
		const repository = mark[2] === 'arch' ? 'archlinux/linux' : 'zen-kernel/zen-kernel';
		const name = `v${version.replace(/^(\d+\.\d+)\.0-/, '$1-')}.tar.gz`;
		return {url: `https://github.com/${repository}/archive/refs/tags/${name}`, name, size: 'About 250 MB'};
	}
	const plain = /^(\d+)\.\d+\.\d+$/.exec(version);
	// a distribution's own number behind the version means patches of its own, which kernel.org does not have
	if (plain === null || !/^\d+\.\d+(?:\.\d+)?-(?:arch)?\d+(?:-[a-z]+)*$/.test(kernel.release)) return undefined;
	const name = `linux-${version.replace(/\.0$/, '')}.tar.xz`;
	const folder = `https://cdn.kernel.org/pub/linux/kernel/v${plain[1]}.x`;
	return {url: `${folder}/${name}`, name, size: 'About 150 MB', sums: `${folder}/sha256sums.asc`};
}

/**
 * The package that holds the source of a kernel, in the very version of its headers where dpkg tells it
 * (`linux-source-7.2=7.2.13-1`). Debian and its relatives alone pack their source.
 */
export async function packagedSource(
	reader: Reader,
	kernel: Kernel,
	version: string,
	family: Family
): Promise<string | undefined> {
	if (family !== 'debian') return undefined;
	const name = `linux-source-${version.split('.', 2).join('.')}`;
	const status = await reader.readText('/var/lib/dpkg/status');
	if (status.status !== 'found') return name;
	const stanza = status.value.split('\n\n').find(one => one.startsWith(`Package: linux-headers-${kernel.release}\n`));
	const own = /^Version: (\S+)$/m.exec(stanza ?? '')?.[1];
	return own === undefined ? name : `${name}=${own}`;
}
