import {join} from 'node:path';
import type {Reader} from '../model/machine.ts';
import {loadingOrder} from './modules.ts';
import type {PracticeMachine} from './prepare.ts';

/** What the guest is spoken with through; on some distributions both are modules (drivers/virtio, drivers/char/virtio_console.c). */
const channelModules = ['virtio_pci', 'virtio_console'];

/**
 * A kernel that is installed on this machine, running or not, as one that a guest can run: modules for it are built on this machine
 * itself, and no root is made. Or why it cannot be.
 */
export async function findInstalled(
	host: Reader,
	release: string
): Promise<{readonly ok: true; readonly practice: PracticeMachine} | {readonly ok: false; readonly why: string}> {
	const folder = join('/usr/lib/modules', release);
	const [built, dependencies] = await Promise.all([
		host.stat(join(folder, 'modules.order')),
		host.readText(join(folder, 'modules.dep'))
	]);
	if (built.status !== 'found') {
		const installed = await host.list('/usr/lib/modules');
		const names = installed.status === 'found' ? installed.value.join(', ') : '';
		return {
			ok: false,
			why: `${release} is not installed: there is no ${folder}/modules.order${names === '' ? '' : `. Installed: ${names}`}`
		};
	}
	const images = [join(folder, 'vmlinuz'), `/boot/vmlinuz-${release}`];
	const found = await Promise.all(images.map(image => host.readBytes(image, 1)));
	const image = images[found.findIndex(one => one.status === 'found')];
	if (image === undefined) {
		const why = found.find(one => one.status === 'unknown')?.why ?? 'there is none';
		return {ok: false, why: `the image of ${release} cannot be read (${images.join(', ')}): ${why}`};
	}
	const busybox = await host.which('busybox');
	if (busybox.status !== 'found') return {ok: false, why: 'the guest is made of busybox, and that is not installed'};
	// where depmod never ran, what the guest needs has to be built in
	const modules = dependencies.status === 'found' ? loadingOrder(dependencies.value, channelModules) : [];
	return {
		ok: true,
		practice: {
			root: undefined,
			release,
			kdir: undefined,
			image,
			busybox: busybox.value,
			libraries: await librariesOf(host, busybox.value),
			modules: modules.map(file => join(folder, file))
		}
	};
}

/** Files that a program is started with (ld.so(8)): `NAME => PATH (ADDRESS)` and the loader itself. None where it is linked statically. */
async function librariesOf(host: Reader, program: string): Promise<readonly string[]> {
	const listed = await host.probe(['ldd', program]);
	if (listed.status !== 'found') return [];
	return [...listed.value.stdout.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].map(([, path = '']) => path);
}
