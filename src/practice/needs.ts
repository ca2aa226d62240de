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
	}
} as const satisfies Readonly<Record<string, Need>>;

/** The packages of programs that are not here, by their names in a family of distributions. `kernel`: the one that is run. */
export async function missingNeeds(
	host: Reader,
	family: Family,
	kernel: 'of the root' | 'installed' = 'of the root'
): Promise<readonly string[]> {
	const {debootstrap, qemu, busybox} = programs;
	const needs: readonly Need[] = kernel === 'installed' ? [qemu, busybox] : [debootstrap, qemu];
	const found = await Promise.all(needs.map(async need => ({need, where: await host.which(need.program)})));
	return found.filter(one => one.where.status === 'absent').map(one => one.need.packages[family]);
}
