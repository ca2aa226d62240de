import {describe, expect, test} from 'vitest';
import {parseBootNumbers, parseBootOption, parseEfiText} from '../../src/boot/efi.ts';
import {bootOption, efiNumbers, efiText} from '../support/efi.ts';

test('a text', () => {
	expect(parseEfiText(efiText('systemd-boot 256.7-1-arch'))).toBe('systemd-boot 256.7-1-arch');
	expect(parseEfiText(new Uint8Array(4))).toBe('');
});

test('numbers of boot options', () => {
	expect(parseBootNumbers(efiNumbers(3, 0, 0x1a2b))).toEqual(['0003', '0000', '1A2B']);
});

describe('a boot option', () => {
	test('its title and its file', () => {
		const bytes = bootOption('Linux Boot Manager', '\\EFI\\systemd\\systemd-bootx64.efi');
		expect(parseBootOption(bytes)).toEqual({title: 'Linux Boot Manager', file: '\\EFI\\systemd\\systemd-bootx64.efi'});
	});

	test('one that starts no file, as the firmware’s own menu', () => {
		expect(parseBootOption(bootOption('BIOS Setup', undefined))).toEqual({title: 'BIOS Setup', file: undefined});
	});

	test('cut off anywhere, it is read as far as it goes', () => {
		const bytes = bootOption('Linux Boot Manager', '\\EFI\\systemd\\systemd-bootx64.efi');
		for (let length = 0; length < bytes.length; length++)
			expect(() => parseBootOption(bytes.subarray(0, length))).not.toThrow();
		expect(parseBootOption(bytes.subarray(0, 9))).toBeUndefined();
	});
});
