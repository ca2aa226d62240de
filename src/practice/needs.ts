import type {Reader} from '../model/machine.ts';

type Family = 'arch' | 'debian' | 'fedora' | 'suse' | 'other';

/** What practice mode runs, and the packages that bring it. util-linux (unshare, setpriv) is everywhere. */
const needs: readonly {readonly program: string; readonly packages: Readonly<Record<Family, string>>}[] = [
	{
		program: 'debootstrap',
		packages: {
			arch: 'debootstrap',
			debian: 'debootstrap',
			fedora: 'debootstrap',
			suse: 'debootstrap',
			other: 'debootstrap'
		}
	},
	{
		program: 'qemu-system-x86_64',
		packages: {
			arch: 'qemu-system-x86',
			debian: 'qemu-system-x86',
			fedora: 'qemu-system-x86-core',
			suse: 'qemu-x86',
			other: 'qemu-system-x86'
		}
	}
];

/** The packages of programs that are not here, by their names in a family of distributions. */
export async function missingNeeds(host: Reader, family: Family): Promise<readonly string[]> {
	const found = await Promise.all(needs.map(async need => ({need, where: await host.which(need.program)})));
	return found.filter(one => one.where.status === 'absent').map(one => one.need.packages[family]);
}
