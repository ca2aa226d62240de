import {join} from 'node:path';
import type {Reader} from '../model/machine.ts';
import {surveyGuestKernel} from '../survey/guest-kernel.ts';
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
	const [kernel, dependencies] = await Promise.all([
		surveyGuestKernel(host, release),
		host.readText(join(folder, 'modules.dep'))
	]);
	if (!kernel.ok) return kernel;
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
			image: kernel.image,
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
