import {join} from 'node:path';
import type {Reader} from '../model/machine.ts';

/** `missing`: programs that a guest is made with and that are not here. */
export type GuestKernel =
	| {readonly ok: true; readonly image: string; readonly missing: readonly string[]}
	| {readonly ok: false; readonly why: string};

/**
 * Whether a guest of practice mode can run a kernel that is installed on this machine, running or not: QEMU reads its image as the
 * ordinary user, which some distributions leave to root (Ubuntu: mode 0600). Or why it cannot be.
 */
export async function surveyGuestKernel(reader: Reader, release: string): Promise<GuestKernel> {
	if (reader.architecture !== 'x86_64')
		return {ok: false, why: `practice mode runs kernels for x86_64, and this machine is ${reader.architecture}`};
	const folder = join('/usr/lib/modules', release);
	const images = [join(folder, 'vmlinuz'), `/boot/vmlinuz-${release}`];
	const [built, found, programs] = await Promise.all([
		reader.stat(join(folder, 'modules.order')),
		Promise.all(images.map(image => reader.readBytes(image, 1))),
		Promise.all(
			['qemu-system-x86_64', 'busybox'].map(async name => ({name, is: (await reader.which(name)).status !== 'absent'}))
		)
	]);
	if (built.status !== 'found') {
		const installed = await reader.list('/usr/lib/modules');
		const names = installed.status === 'found' ? installed.value.join(', ') : '';
		return {
			ok: false,
			why: `${release} is not installed: there is no ${folder}/modules.order${names === '' ? '' : `. Installed: ${names}`}`
		};
	}
	const image = images[found.findIndex(one => one.status === 'found')];
	if (image === undefined) {
		const why = found.find(one => one.status === 'unknown')?.why ?? 'there is none';
		return {ok: false, why: `the image of ${release} cannot be read (${images.join(', ')}): ${why}`};
	}
	return {ok: true, image, missing: programs.filter(one => !one.is).map(one => one.name)};
}
