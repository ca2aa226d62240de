import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect, test} from 'vitest';
import {createLocalReader} from '../../src/machine/reader.ts';
import type {Reader} from '../../src/model/machine.ts';
import {findInstalled} from '../../src/practice/installed.ts';
import {scratchFolder} from '../support/scratch.ts';

/** A machine with these files. Its busybox is linked with a library, as ldd prints it. */
function machineWith(files: readonly string[]): Reader {
	const root = scratchFolder();
	for (const file of files) {
		mkdirSync(dirname(join(root, file)), {recursive: true});
		writeFileSync(join(root, file), file.endsWith('modules.dep') ? 'kernel/a/virtio_pci.ko.xz:\n' : 'x');
	}
	const printed =
		'\tlinux-vdso.so.1 (0x00007ffd)\n\tlibc.so.6 => /lib/libc.so.6 (0x00007f3a)\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f3b)\n';
	return {
		...createLocalReader({root}),
		which: async () => ({status: 'found', value: '/usr/bin/busybox'}),
		probe: async () => ({status: 'found', value: {stdout: printed, stderr: '', code: 0}})
	};
}

const modules = '/usr/lib/modules/7.2.12-arch1-1';

test('a kernel’s image, the modules the guest is spoken with through, and what busybox needs', async () => {
	const host = machineWith([`${modules}/modules.order`, `${modules}/modules.dep`, `${modules}/vmlinuz`]);
	expect(await findInstalled(host, '7.2.12-arch1-1')).toEqual({
		ok: true,
		practice: {
			root: undefined,
			kdir: undefined,
			release: '7.2.12-arch1-1',
			image: `${modules}/vmlinuz`,
			busybox: '/usr/bin/busybox',
			libraries: ['/lib/libc.so.6', '/lib64/ld-linux-x86-64.so.2'],
			modules: [`${modules}/kernel/a/virtio_pci.ko.xz`]
		}
	});
});

test('an image in /boot, as Debian has it', async () => {
	const host = machineWith([`${modules}/modules.order`, '/boot/vmlinuz-7.2.12-arch1-1']);
	expect(await findInstalled(host, '7.2.12-arch1-1')).toMatchObject({
		ok: true,
		practice: {image: '/boot/vmlinuz-7.2.12-arch1-1', modules: []}
	});
});

test('one that is not installed: said, with those that are', async () => {
	const host = machineWith([`${modules}/modules.order`]);
	expect(await findInstalled(host, '7.3.0')).toMatchObject({
		ok: false,
		why: expect.stringContaining('Installed: 7.2.12-arch1-1')
	});
	expect(await findInstalled(host, '7.2.12-arch1-1')).toMatchObject({
		ok: false,
		why: expect.stringContaining('the image of')
	});
});
