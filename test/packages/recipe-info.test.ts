import {expect, test} from 'vitest';
import {parseRecipeInfo, primaryFingerprints} from '../../src/packages/recipe-info.ts';

const text = `==> WARNING: Using existing $srcdir/ tree
pkgbase = linux-rust
	pkgdesc = Linux
	pkgver = 7.2.13
	pkgrel = 1
	epoch = 2
	makedepends = bc
	makedepends = rust>=1.85
	makedepends = --overwrite=*
	makedepends_x86_64 = lld
	makedepends_aarch64 = clang
	checkdepends = bc
	source = linux.tar.xz
	validpgpkeys = abaf11c65a2970b130abe3c479be3e4300411886
	validpgpkeys = 0123

pkgname = linux-rust
	depends = initramfs

pkgname = linux-rust-headers
	depends = pahole
`;

test('what has to be there to build it, who signs it, and what it makes', () => {
	expect(parseRecipeInfo(text, 'x86_64')).toEqual({
		pkgbase: 'linux-rust',
		version: '2:7.2.13-1',
		packages: ['linux-rust', 'linux-rust-headers'],
		// nothing that pacman would read as an option, and nothing that only the packages need
		dependencies: ['bc', 'rust>=1.85', 'lld'],
		keys: ['ABAF11C65A2970B130ABE3C479BE3E4300411886']
	});
});

test.each(['', 'pkgbase = x\n', 'pkgname = x\n', '==> ERROR: PKGBUILD not found\n'])('%j is none', nothing => {
	expect(parseRecipeInfo(nothing, 'x86_64')).toBeUndefined();
});

test('primary keys alone: a subkey’s fingerprint is none of them', () => {
	const listed = [
		'pub:-:2048:1:0C0B4F82CE1B35D0:1:::-:::scESC::::::23::0:',
		'fpr:::::::::F0BC8C8F72B6BEE61CB4FDDC0C0B4F82CE1B35D0:',
		'uid:-::::1::X::A Fixture::::::::::0:',
		'sub:-:2048:1:1111111111111111:1::::::e::::::23:',
		'fpr:::::::::1111111111111111111111111111111111111111:'
	];
	expect(primaryFingerprints(listed.join('\n'))).toEqual(['F0BC8C8F72B6BEE61CB4FDDC0C0B4F82CE1B35D0']);
});
