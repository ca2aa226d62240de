import {expect, test} from 'vitest';
import {parsePreset} from '../../src/boot/preset.ts';

test('what mkinitcpio writes for a kernel', () => {
	const text = `# mkinitcpio preset file for the 'linux-rust' package
#ALL_config="/etc/mkinitcpio.conf"
ALL_kver="/boot/vmlinuz-linux-rust"

PRESETS=('default')
#default_config="/etc/mkinitcpio.conf"
default_image="/boot/initramfs-linux-rust.img"
#default_uki="/efi/EFI/Linux/arch-linux-rust.efi"
#default_options="--splash /usr/share/systemd/bootctl/splash-arch.bmp"
`;
	expect(parsePreset(text)).toEqual({
		kernel: '/boot/vmlinuz-linux-rust',
		image: '/boot/initramfs-linux-rust.img',
		uki: undefined
	});
	const unified = text.replace(/^default_image/m, '#default_image').replace('#default_uki', 'default_uki');
	expect(parsePreset(unified)).toEqual({
		kernel: '/boot/vmlinuz-linux-rust',
		image: undefined,
		uki: '/efi/EFI/Linux/arch-linux-rust.efi'
	});
	expect(parsePreset('ALL_kver=6.12.1\ndefault_image=$(pwd)\n')).toEqual({
		kernel: '6.12.1',
		image: undefined,
		uki: undefined
	});
});
