import type {Reader} from '../model/machine.ts';

type Family = 'arch' | 'debian' | 'fedora' | 'suse' | 'other';

type Need = {readonly program: string; readonly packages: Readonly<Record<Family, string>>};

/** What practice mode runs, and the packages that bring it. util-linux (unshare, setpriv) is everywhere. */
const programs = {
	debootstrap: {
		program: 'debootstrap',
		packages: {
			arch: 'debootstrap',
			debian: 'debootstrap',
			fedora: 'debootstrap',
			suse: 'debootstrap',
			other: 'debootstrap'
		}
	},
	qemu: {
		program: 'qemu-system-x86_64',
		packages: {
			arch: 'qemu-system-x86',
			debian: 'qemu-system-x86',
			fedora: 'qemu-system-x86-core',
			suse: 'qemu-x86',
			other: 'qemu-system-x86'
		}
	},
	busybox: {
		program: 'busybox',
		packages: {arch: 'busybox', debian: 'busybox-static', fedora: 'busybox', suse: 'busybox-static', other: 'busybox'}
	},
	newuidmap: {
		program: 'newuidmap',
		packages: {arch: 'shadow', debian: 'uidmap', fedora: 'shadow-utils', suse: 'shadow', other: 'uidmap'}
	}
} as const satisfies Readonly<Record<string, Need>>;

/** What is to be run: an installed kernel, or that of a root which is made by root or, in a user namespace, by an ordinary user. */
export type Purpose = 'installed' | 'root' | 'namespace';

const needsOf: Readonly<Record<Purpose, readonly Need[]>> = {
	installed: [programs.qemu, programs.busybox],
	root: [programs.debootstrap, programs.qemu],
	namespace: [programs.debootstrap, programs.qemu, programs.newuidmap]
};

/** The packages of programs that are not here, by their names in a family of distributions. */
export async function missingNeeds(host: Reader, family: Family, purpose: Purpose): Promise<readonly string[]> {
	const needs = needsOf[purpose];
	const found = await Promise.all(needs.map(async need => ({need, where: await host.which(need.program)})));
	return found.filter(one => one.where.status === 'absent').map(one => one.need.packages[family]);
}
