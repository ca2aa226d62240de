import {describe, expect, it} from 'vitest';
import {externsFromMakefileBuild, missingRustFiles, requiredRustFiles} from '../../src/kernel/rust-metadata.ts';
import {fixtureText} from './fixtures.ts';
import {damagedTexts} from './mutations.ts';

/** `make prepare` of Debian's 7.2.13-1, and the only rmeta and .so files it leaves in rust/. */
const debian72 = [
	'rust/libbindings.rmeta',
	'rust/libbuild_error.rmeta',
	'rust/libcompiler_builtins.rmeta',
	'rust/libcore.rmeta',
	'rust/libffi.rmeta',
	'rust/libkernel.rmeta',
	'rust/libmacros.so',
	'rust/libpin_init.rmeta',
	'rust/libpin_init_internal.so',
	'rust/libuapi.rmeta',
	'rust/libzerocopy.rmeta',
	'rust/libzerocopy_derive.so',
	'scripts/target.json'
];

/** The line of rust_common_cmd in scripts/Makefile.build. */
const line = {
	'6.1.192': '\t--extern alloc --extern kernel \\\n',
	'6.12.0': '\t-Zunstable-options --extern force:alloc --extern kernel \\\n',
	'6.12.117': '\t-Zunstable-options --extern kernel \\\n',
	'7.2.13':
		'\t-Zunstable-options --extern pin_init --extern kernel \\\n\t--extern zerocopy --extern zerocopy_derive \\\n'
} as const;

describe('requiredRustFiles', () => {
	it('is what a 7.2 kernel’s own build makes', () => {
		expect([...requiredRustFiles([7, 2, 13])].sort()).toEqual(debian72);
		expect([...requiredRustFiles([7, 2, 13], externsFromMakefileBuild(line['7.2.13']))].sort()).toEqual(debian72);
	});

	it('is what the 6.12.117 headers hold', () => {
		const present = fixtureText('kernels/lab-6.12/rust-files.txt')
			.trim()
			.split('\n')
			.map(row => row.replace(/^\d+ /, ''));
		expect([...requiredRustFiles([6, 12, 117])].sort()).toEqual([...present].sort());
		expect([...requiredRustFiles([6, 12, 117], externsFromMakefileBuild(line['6.12.117']))].sort()).toEqual(
			[...present].sort()
		);
	});

	it('is what rust/Makefile of 6.1.192 makes', () => {
		expect(requiredRustFiles([6, 1, 192])).toEqual([
			'rust/libcore.rmeta',
			'rust/libcompiler_builtins.rmeta',
			'rust/liballoc.rmeta',
			'rust/libbindings.rmeta',
			'rust/libkernel.rmeta',
			'rust/libmacros.so',
			'rust/target.json'
		]);
	});

	it.each([
		['rust/target.json', [6, 2, 16], [6, 3, 0], false],
		['scripts/target.json', [6, 2, 16], [6, 3, 0], true],
		['rust/liballoc.rmeta', [6, 12, 18], [6, 12, 19], false],
		['rust/libffi.rmeta', [6, 12, 18], [6, 12, 19], true],
		['rust/libpin_init.rmeta', [6, 14, 9], [6, 15, 0], true],
		['rust/libpin_init_internal.so', [6, 14, 9], [6, 15, 0], true],
		['rust/libzerocopy.rmeta', [7, 1, 9], [7, 2, 0], true],
		['rust/libuapi.rmeta', [6, 3, 0], [6, 4, 0], true]
	] as const)('%s changes between %j and %j', (path, before, after, added) => {
		expect(requiredRustFiles(before).includes(path)).toBe(!added);
		expect(requiredRustFiles(after).includes(path)).toBe(added);
	});

	it('believes the headers more than the number', () => {
		const redHat = requiredRustFiles([6, 12, 0], externsFromMakefileBuild(line['6.12.0']));
		expect(redHat).toContain('rust/liballoc.rmeta');
		const backported = requiredRustFiles([6, 18, 0], ['kernel', 'pin_init', 'zerocopy', 'zerocopy_derive']);
		expect(backported).toContain('rust/libzerocopy.rmeta');
		expect(backported).toContain('rust/libzerocopy_derive.so');
		expect(requiredRustFiles([7, 2, 0], ['kernel', 'pin_init'])).not.toContain('rust/libzerocopy.rmeta');
		expect(requiredRustFiles([7, 9, 0], ['kernel', 'newcomer'])).toContain('rust/libnewcomer.rmeta');
		expect(requiredRustFiles([7, 2, 13], [])).toEqual(requiredRustFiles([7, 2, 13]));
	});
});

it('missingRustFiles names what is not there', () => {
	const all = new Set(debian72);
	expect(missingRustFiles([7, 2, 13], all)).toEqual([]);
	for (const gone of debian72)
		expect(missingRustFiles([7, 2, 13], new Set(debian72.filter(path => path !== gone)))).toEqual([gone]);
	expect(missingRustFiles([7, 2, 13], new Set())).toHaveLength(debian72.length);
});

describe('externsFromMakefileBuild', () => {
	it.each([
		['6.1.192', ['alloc', 'kernel']],
		['6.12.0', ['alloc', 'kernel']],
		['6.12.117', ['kernel']],
		['7.2.13', ['pin_init', 'kernel', 'zerocopy', 'zerocopy_derive']]
	] as const)('%s', (version, crates) => {
		expect(externsFromMakefileBuild(line[version])).toEqual(crates);
	});

	it('finds none where there are none, and none twice', () => {
		expect(externsFromMakefileBuild('quiet_cmd_cc_o_c = CC $(quiet_modtag)  $@\n')).toEqual([]);
		expect(externsFromMakefileBuild('--extern kernel --extern kernel')).toEqual(['kernel']);
		for (const text of damagedTexts(line['7.2.13'], 2000))
			expect(externsFromMakefileBuild(text).every(name => /^\w+$/.test(name))).toBe(true);
	});
});
