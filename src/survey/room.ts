import {dirname} from 'node:path';
import type {Reader} from '../model/machine.ts';

/** Bytes free where a folder is, or will be; undefined where that could not be found out. */
export async function roomFor(reader: Reader, folder: string): Promise<number | undefined> {
	for (let place = folder; ; place = dirname(place)) {
		const free = await reader.freeSpace(place);
		if (free.status === 'found') return free.value;
		if (free.status === 'unknown' || place === '/') return undefined;
	}
}

/** Bytes free in /boot; undefined where it is not there, or not to be looked into. */
export async function bootRoom(reader: Reader): Promise<number | undefined> {
	const free = await reader.freeSpace('/boot');
	return free.status === 'found' ? free.value : undefined;
}

/** Bytes that a folder takes with all that is in it; undefined where that takes longer than a minute to count. */
export async function folderSize(reader: Reader, folder: string): Promise<number | undefined> {
	const said = await reader.probe(['du', '--summarize', '--one-file-system', '--block-size=1', '--', folder], {
		timeout: 60_000
	});
	const bytes = said.status === 'found' ? /^(\d+)\s/.exec(said.value.stdout)?.[1] : undefined;
	return bytes === undefined ? undefined : Number(bytes);
}

/** What one kernel takes in /boot here: the largest image and the largest initramfs, twice for a fallback. Without any: 100 MB. */
export async function bootNeed(reader: Reader): Promise<number> {
	const names = await reader.list('/boot');
	const sizeOf = async (pattern: RegExp): Promise<number> => {
		const files = names.status === 'found' ? names.value.filter(name => pattern.test(name)) : [];
		const facts = await Promise.all(files.map(name => reader.stat(`/boot/${name}`)));
		return Math.max(0, ...facts.map(one => (one.status === 'found' ? one.value.size : 0)));
	};
	const [image, initramfs] = await Promise.all([sizeOf(/^vmlinuz/), sizeOf(/^(?:initramfs|initrd)/)]);
	return image + initramfs === 0 ? 100_000_000 : image + 2 * initramfs;
}
