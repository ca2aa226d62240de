import type {Found, Reader} from '../model/machine.ts';

export type Mount = {readonly source: string; readonly target: string; readonly type: string};

/** What is mounted now, in the order it was mounted (proc(5), /proc/self/mounts). */
export async function readMounts(reader: Reader): Promise<Found<readonly Mount[]>> {
	const text = await reader.readText('/proc/self/mounts', 1024 * 1024);
	return text.status === 'found' ? {status: 'found', value: parseMounts(text.value)} : text;
}

/** The mount that a path is on: of the deepest targets the latest, which covers those before it. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
	const holding = mounts.filter(({target}) => target === '/' || path === target || path.startsWith(`${target}/`));
	return holding.reduce<Mount | undefined>(
		(best, one) => (best === undefined || one.target.length >= best.target.length ? one : best),
		undefined
	);
}

/** Folders of a boot loader that /etc/fstab mounts at start and that are not mounted now. */
export async function unmountedBootFolders(reader: Reader): Promise<readonly string[]> {
	const [fstab, mounts] = await Promise.all([reader.readText('/etc/fstab', 256 * 1024), readMounts(reader)]);
	if (fstab.status !== 'found' || mounts.status !== 'found') return [];
	const mounted = new Set(mounts.value.map(one => one.target));
	return fstab.value
		.split('\n')
		.filter(line => !line.trimStart().startsWith('#'))
		.flatMap(line => {
			const [, target = '', , options = ''] = line.trim().split(/\s+/);
			const wanted = ['/boot', '/efi', '/boot/efi'].includes(target) && !options.split(',').includes('noauto');
			return wanted && !mounted.has(target) ? [target] : [];
		});
}

/** A blank within a name is written as its octal number, as fstab has it. */
const unescaped = (field: string): string =>
	field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

function parseMounts(text: string): readonly Mount[] {
	return text.split('\n').flatMap(line => {
		const [source, target, type] = line.split(' ').map(unescaped);
		return source === undefined || target === undefined || type === undefined ? [] : [{source, target, type}];
	});
}
