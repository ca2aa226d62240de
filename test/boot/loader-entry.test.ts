import {describe, expect, test} from 'vitest';
import {
	entryLike,
	inLoaderOrder,
	matchesPattern,
	parseLoaderConf,
	parseLoaderEntry,
	withoutCounter
} from '../../src/boot/loader-entry.ts';

/** As archinstall writes it. */
const arch = `# Created by: archinstall
title   Arch Linux (linux)
linux   /vmlinuz-linux
initrd  /intel-ucode.img
initrd  /initramfs-linux.img
options root=PARTUUID=1234 zswap.enabled=0 rw rootfstype=ext4
`;

test('an entry file', () => {
	expect(parseLoaderEntry('arch+3-1.conf', arch)).toEqual({
		id: 'arch.conf',
		title: 'Arch Linux (linux)',
		sortKey: undefined,
		version: undefined,
		image: '/vmlinuz-linux',
		options: 'root=PARTUUID=1234 zswap.enabled=0 rw rootfstype=ext4'
	});
	expect(parseLoaderEntry('memtest.conf', 'title Memtest\n')).toBeUndefined();
	expect(withoutCounter('linux+3.efi')).toBe('linux.efi');
});

test.each([
	['default arch.conf\ntimeout 3\n', 'arch.conf'],
	['#default arch.conf\ntimeout 3\n', undefined],
	['timeout 0\ndefault  arch-*\n', 'arch-*'],
	['default @saved', '@saved']
])('loader.conf %j', (text, pattern) => expect(parseLoaderConf(text)).toBe(pattern));

test.each([
	['arch.conf', 'arch.conf', true],
	['arch', 'arch.conf', true],
	['arch-*', 'arch-linux.conf', true],
	['arch-*', 'arch.conf', false],
	['arch.c?nf', 'arch.conf', true]
])('the pattern %s and the entry %s: %s', (pattern, id, matches) => expect(matchesPattern(pattern, id)).toBe(matches));

test('the order of the menu', () => {
	const entry = (id: string, sortKey?: string, version?: string) => ({
		id,
		sortKey,
		version,
		title: id,
		image: '/vmlinuz',
		options: ''
	});
	expect(
		inLoaderOrder([entry('a.conf'), entry('b.conf'), entry('x', 'arch', '6.9'), entry('y', 'arch', '6.12')]).map(
			one => one.id
		)
	).toEqual(['y', 'x', 'b.conf', 'a.conf']);
});

describe('an entry like another one', () => {
	test('starts the other kernel with the same options', () => {
		expect(entryLike(arch, {from: 'linux', to: 'linux-rust', title: 'Arch Linux (linux-rust)'})).toBe(
			arch
				.replace('title   Arch Linux (linux)', 'title Arch Linux (linux-rust)')
				.replaceAll('-linux\n', '-linux-rust\n')
				.replace('initramfs-linux.img', 'initramfs-linux-rust.img')
		);
	});

	test('leaves names alone that only begin alike', () => {
		expect(entryLike('linux /vmlinuz-linux-lts\n', {from: 'linux', to: 'linux-rust', title: ''})).toBe(
			'linux /vmlinuz-linux-lts\n'
		);
	});
});
