import {readFileSync, symlinkSync, utimesSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {firmwareVariables, loaderVariables} from '../../src/boot/efi.ts';
import type {Reader} from '../../src/model/machine.ts';
import {surveyBootLoader} from '../../src/survey/boot-loader.ts';
import {bootOption, efiNumbers, efiText} from '../support/efi.ts';
import {makeSystem} from '../support/sysroot.ts';

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/boot/${name}`, import.meta.url), 'utf8');
const menu = fixture('grub-2.12.cfg');
const advanced = 'Advanced options for Arch GNU/Linux>Arch GNU/Linux, with Linux';
const grub = {'/boot/grub/grub.cfg': menu, '/boot/grub/grubenv': fixture('grubenv-saved')};
const onDisk = {'/proc/self/mounts': '/dev/sda2 / ext4 rw 0 0\n'};

const firmware = (name: string): string => `/sys/firmware/efi/efivars/${name}-${firmwareVariables}`;
const loaderVariable = (name: string): string => `/sys/firmware/efi/efivars/${name}-${loaderVariables}`;

const entry = (name: string, title: string): string =>
	`title ${title}\nlinux /vmlinuz-${name}\ninitrd /initramfs-${name}.img\noptions root=/dev/sda2 rw\n`;
const systemdBoot = {
	'/boot/loader/loader.conf': 'default arch.conf\ntimeout 3\n',
	'/boot/loader/entries/arch.conf': entry('linux', 'Arch Linux'),
	'/boot/loader/entries/linux-rust.conf': entry('linux-rust', 'Arch Linux (Rust)')
};

const survey = (files: Readonly<Record<string, string | Uint8Array>>, change = (reader: Reader): Reader => reader) =>
	surveyBootLoader(change(makeSystem({files}).reader()));

describe('GRUB', () => {
	test('its entries by their kernels, and the saved default', async () => {
		const loader = await survey({...grub, ...onDisk});
		expect(loader).toMatchObject({
			kind: 'grub',
			folder: '/boot/grub',
			tools: 'grub',
			forgets: 'yes',
			place: 'ext4 on /dev/sda2',
			usesSaved: true,
			asksOnce: true,
			next: {
				status: 'found',
				value: {entry: {id: `${advanced} linux`, kernel: 'linux'}, by: 'saved default', isOnce: false}
			}
		});
		expect(loader.kind === 'grub' && loader.entries.status === 'found' && loader.entries.value).toMatchObject([
			{kernel: 'linux-rust', isSpare: false},
			{kernel: 'linux-rust', isSpare: false},
			{kernel: 'linux-rust', isSpare: true},
			{kernel: 'linux', isSpare: false},
			{kernel: 'linux', isSpare: true}
		]);
	});

	test('a choice for the next start', async () => {
		const once = fixture('grubenv-once').replace(
			'next_entry=Advanced options for Arch GNU/Linux>Arch GNU/Linux, with Linux linux-rust',
			'next_entry=1>0'
		);
		expect(await survey({...grub, '/boot/grub/grubenv': once})).toMatchObject({
			next: {value: {entry: {kernel: 'linux-rust'}, by: 'chosen for the next start alone', isOnce: true}}
		});
	});

	test('without a saved default it starts the first entry', async () => {
		expect(await survey({'/boot/grub/grub.cfg': menu})).toMatchObject({
			next: {value: {entry: {kernel: 'linux-rust'}, by: 'first of the menu'}}
		});
	});

	test.each([
		['btrfs', '/dev/sda2 / btrfs rw 0 0\n', {}, 'no'],
		['ZFS', 'rpool/ROOT / zfs rw 0 0\n', {}, 'no'],
		['RAID', '/dev/md0 / ext4 rw 0 0\n', {}, 'no'],
		['something it may or may not write to', 'overlay / overlay rw 0 0\n', {}, 'unknown'],
		['a /boot of its own', '/dev/mapper/x / btrfs rw 0 0\n/dev/sda1 /boot vfat rw 0 0\n', {}, 'yes']
	])('on %s', async (_what, mounts, files, forgets) => {
		expect(await survey({...grub, ...files, '/proc/self/mounts': mounts})).toMatchObject({forgets});
	});

	test('on LVM, as device mapper says', async () => {
		const system = makeSystem({
			files: {
				...grub,
				'/proc/self/mounts': '/dev/mapper/vg-root / ext4 rw 0 0\n',
				'/dev/dm-0': '',
				'/dev/mapper/control': '',
				'/sys/class/block/dm-0/dm/uuid': 'LVM-abc\n'
			}
		});
		symlinkSync('../dm-0', system.path('/dev/mapper/vg-root'));
		expect(await surveyBootLoader(system.reader())).toMatchObject({
			forgets: 'no',
			place: 'ext4 on /dev/mapper/vg-root, which is LVM'
		});
		system.write('/sys/class/block/dm-0/dm/uuid', 'CRYPT-LUKS2-abc\n');
		expect(await surveyBootLoader(system.reader())).toMatchObject({forgets: 'unknown'});
	});

	test('a menu for root alone is unknown, not empty; a copy of the same size and time is as good', async () => {
		const system = makeSystem({files: {...grub, ...onDisk}});
		const reader = system.reader();
		const hidden: Reader = {
			...reader,
			readText: async (path, limit) =>
				path === '/boot/grub/grub.cfg' ? {status: 'unknown', why: 'permission denied'} : reader.readText(path, limit)
		};
		const unseen = {status: 'unknown', why: 'only root may read /boot/grub/grub.cfg'};
		expect(await surveyBootLoader(hidden)).toMatchObject({kind: 'grub', entries: unseen, next: unseen});

		const copy = '/home/me/.local/state/linux-rust-setup/grub.cfg';
		system.write(copy, menu);
		utimesSync(system.path(copy), 1000, 1000);
		expect(await surveyBootLoader(hidden)).toMatchObject({entries: unseen});
		utimesSync(system.path('/boot/grub/grub.cfg'), 1000, 1000);
		expect(await surveyBootLoader(hidden)).toMatchObject({next: {value: {entry: {kernel: 'linux'}}}});
	});

	test('Fedora’s, whose entries are files', async () => {
		const files = {
			'/boot/grub2/grub.cfg': `set default="$\{saved_entry}"\ninsmod blscfg\nblscfg\n`,
			'/boot/grub2/grubenv': 'saved_entry=0123-6.17.1-300.fc43.x86_64\n',
			'/boot/loader/entries/0123-6.17.1-300.fc43.x86_64.conf':
				'title Fedora Linux 43\nversion 6.17.1-300.fc43.x86_64\nlinux /vmlinuz-6.17.1-300.fc43.x86_64\n'
		};
		expect(await survey(files)).toMatchObject({
			kind: 'grub',
			tools: 'grub2',
			isGenerated: false,
			next: {value: {entry: {id: '0123-6.17.1-300.fc43.x86_64', kernel: '6.17.1-300.fc43.x86_64'}}}
		});
	});
});

describe('systemd-boot', () => {
	test('its entry files, and loader.conf', async () => {
		expect(await survey(systemdBoot)).toMatchObject({
			kind: 'systemd-boot',
			folder: '/boot/loader/entries',
			hasVariables: false,
			next: {value: {entry: {id: 'arch.conf', kernel: 'linux'}, by: 'loader.conf'}}
		});
	});

	test('what the firmware keeps for it comes before loader.conf', async () => {
		const variables = {
			[loaderVariable('LoaderInfo')]: efiText('systemd-boot 256.7-1-arch'),
			[loaderVariable('LoaderEntryDefault')]: efiText('linux-rust.conf'),
			[loaderVariable('LoaderEntrySelected')]: efiText('arch.conf')
		};
		// GRUB's leftovers do not matter: the firmware says what started
		expect(await survey({...systemdBoot, ...grub, ...variables})).toMatchObject({
			kind: 'systemd-boot',
			hasVariables: true,
			next: {value: {entry: {id: 'linux-rust.conf'}, by: 'chosen with bootctl', isOnce: false}},
			started: {id: 'arch.conf'}
		});
		const once = {...variables, [loaderVariable('LoaderEntryOneShot')]: efiText('arch.conf')};
		expect(await survey({...systemdBoot, ...once})).toMatchObject({
			next: {value: {entry: {id: 'arch.conf'}, isOnce: true}}
		});
	});

	test('unified kernel images, by the presets that make them', async () => {
		const files = {
			'/efi/loader/loader.conf': 'timeout 3\n',
			'/efi/EFI/Linux/arch-linux.efi': '',
			'/efi/EFI/Linux/own-name.efi': '',
			'/efi/EFI/Linux/arch-6.12.117-arch1-1-rust.efi': '',
			'/etc/mkinitcpio.d/linux.preset': 'default_uki="/efi/EFI/Linux/arch-linux.efi"\n',
			'/etc/mkinitcpio.d/linux-rust.preset': 'default_uki="/efi/EFI/Linux/own-name.efi"\n'
		};
		const loader = await survey(files);
		expect(loader.kind === 'systemd-boot' && loader.entries.status === 'found' && loader.entries.value).toMatchObject([
			{id: 'own-name.efi', kernel: 'linux-rust'},
			{id: 'arch-linux.efi', kernel: 'linux'},
			{id: 'arch-6.12.117-arch1-1-rust.efi', kernel: '6.12.117-arch1-1-rust'}
		]);
	});

	test('the last one started is not known', async () => {
		expect(await survey({...systemdBoot, '/boot/loader/loader.conf': 'default @saved\n'})).toMatchObject({
			next: {status: 'unknown', why: expect.stringContaining('@saved')}
		});
	});
});

test('the firmware itself: an EFI stub', async () => {
	const files = {
		[firmware('BootCurrent')]: efiNumbers(2),
		[firmware('BootOrder')]: efiNumbers(2, 1),
		[firmware('Boot0001')]: bootOption('UEFI Shell', '\\shell.efi'),
		[firmware('Boot0002')]: bootOption('Arch Linux', '\\vmlinuz-linux'),
		[firmware('Boot0003')]: bootOption('Arch Linux Rust', '\\vmlinuz-linux-rust'),
		...grub
	};
	expect(await survey(files)).toMatchObject({
		kind: 'firmware',
		next: {value: {entry: {id: '0002', title: 'Arch Linux', kernel: 'linux'}, by: 'first of the boot order'}},
		started: {id: '0002'}
	});
	expect(await survey({...files, [firmware('BootNext')]: efiNumbers(3)})).toMatchObject({
		next: {value: {entry: {id: '0003', kernel: 'linux-rust'}, isOnce: true}}
	});
});

describe('unknown', () => {
	test('nothing is there', async () => {
		expect(await survey({})).toEqual({
			kind: 'unknown',
			why: 'neither GRUB nor systemd-boot was found in /boot or /efi'
		});
	});

	test('two are there', async () => {
		expect(await survey({...grub, ...systemdBoot})).toMatchObject({
			kind: 'unknown',
			why: expect.stringContaining('both there')
		});
	});

	test('a /boot that only root may look into is not an empty one', async () => {
		const closed = (reader: Reader): Reader => ({
			...reader,
			stat: async path =>
				path.startsWith('/boot/') ? {status: 'unknown', why: `${path}: permission denied`} : reader.stat(path)
		});
		expect(await survey(systemdBoot, closed)).toEqual({
			kind: 'unknown',
			why: '/boot/grub/grub.cfg: permission denied'
		});
	});
});
