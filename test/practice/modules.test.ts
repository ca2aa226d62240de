import {describe, expect, test} from 'vitest';
import {loadingOrder} from '../../src/practice/modules.ts';

/** Lines as depmod writes them: what a module needs stands behind it, the one loaded first at the end. */
const modulesDep = `kernel/drivers/virtio/virtio.ko.zst: kernel/drivers/virtio/virtio_ring.ko.zst
kernel/drivers/virtio/virtio_ring.ko.zst:
kernel/drivers/virtio/virtio_pci.ko.zst: kernel/drivers/virtio/virtio_pci_modern_dev.ko.zst kernel/drivers/virtio/virtio.ko.zst kernel/drivers/virtio/virtio_ring.ko.zst
kernel/drivers/virtio/virtio_pci_modern_dev.ko.zst:
kernel/drivers/char/virtio-console.ko.zst: kernel/drivers/virtio/virtio.ko.zst kernel/drivers/virtio/virtio_ring.ko.zst
kernel/fs/9p/9p.ko.zst:
`;

describe('the order modules are loaded in', () => {
	test('each after all it needs, none twice, dashes in file names notwithstanding', () => {
		const order = loadingOrder(modulesDep, ['virtio_pci', 'virtio_console']).map(file => file.split('/').at(-1));
		expect(order).toEqual([
			'virtio_ring.ko.zst',
			'virtio.ko.zst',
			'virtio_pci_modern_dev.ko.zst',
			'virtio_pci.ko.zst',
			'virtio-console.ko.zst'
		]);
	});

	test('what is built in is left out', () => {
		expect(loadingOrder(modulesDep, ['ext4'])).toEqual([]);
		expect(loadingOrder('', ['virtio_pci'])).toEqual([]);
	});

	test.each(['\n\n', ':', 'a.ko', 'a.ko: a.ko', '\u0000: x'])('no text makes it throw: %j', text => {
		expect(() => loadingOrder(text, ['a', 'virtio_pci'])).not.toThrow();
	});
});
