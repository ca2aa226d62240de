import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {
	downloadSize,
	isMirror,
	mirrorFrom,
	mirrorOfDebootstrap,
	parseStanzas,
	suiteKernel
} from '../../src/practice/packages.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '../fixtures/practice', name), 'utf8');

describe('a suite’s kernel, from what apt-cache show prints', () => {
	test.each([
		['forky-7.2.12.txt', '7.2.12+deb14-amd64', '7.2.12-1', 'linux-source-7.2', '1.97.1'],
		['sid-7.2.13.txt', '7.2.13+deb14-amd64', '7.2.13-1', 'linux-source-7.2', '1.97.1'],
		['bookworm.txt', '6.1.0-56-amd64', '6.1.192-2', 'linux-source-6.1', '1.63.0']
	])('%s', (file, release, version, source, rustc) => {
		expect(suiteKernel(parseStanzas(fixture(file)))).toEqual({
			ok: true,
			kernel: {release, version, headers: `linux-headers-${release}`, source, rustc}
		});
	});

	test('a source of another version cannot rebuild the metadata', () => {
		const mixed = fixture('forky-7.2.12.txt').replace(
			/(Package: linux-source\n[\s\S]*?Version: )7\.2\.12-1/,
			'$17.2.13-1'
		);
		expect(suiteKernel(parseStanzas(mixed))).toEqual({
			ok: false,
			why: 'its linux-source is 7.2.13-1, and its kernel 7.2.12-1'
		});
	});

	test.each(['linux-image-amd64', 'linux-headers-amd64', 'linux-source', 'rustc'])('without %s there is none', name => {
		const stanzas = parseStanzas(fixture('sid-7.2.13.txt')).filter(one => one.get('Package') !== name);
		expect(stanzas).toHaveLength(3);
		expect(suiteKernel(stanzas).ok).toBe(false);
	});

	test('no text makes it throw', () => {
		for (const text of ['', 'E: No packages found', 'Package:', 'Package: linux-image-amd64\nDepends: ,,(\n'])
			expect(suiteKernel(parseStanzas(text)).ok).toBe(false);
	});
});

test('sizes of what would be fetched are added up', () => {
	expect(downloadSize(fixture('uris.txt'))).toBe(254448 + 137064 + 706892 + 74828 + 180660 + 103196 + 13868);
	expect(downloadSize('Reading package lists...\n')).toBe(0);
});

describe('the mirror', () => {
	test('is Debian’s own archive, not its security updates nor another vendor’s', () => {
		const targets = [
			'Node Source|Node|https://deb.example.net/node_20.x|main',
			'Debian|Debian-Security|http://mirror.example/debian-security/|main',
			'Debian|Debian|http://mirror.example/debian/|main'
		].join('\n');
		expect(mirrorFrom(targets)).toBe('http://mirror.example/debian');
		expect(mirrorFrom('Ubuntu|Ubuntu|http://mirror.example/ubuntu/|main')).toBeUndefined();
		expect(mirrorFrom('')).toBeUndefined();
	});

	test('else what debootstrap would take', () => {
		expect(mirrorOfDebootstrap('set -e\nDEF_MIRROR="http://mirror.example/debian"\n')).toBe(
			'http://mirror.example/debian'
		);
		expect(mirrorOfDebootstrap('DEF_MIRROR="$OTHER"')).toBeUndefined();
	});

	test.each(['http://mirror.example/debian', 'https://mirror.example:8080/x'])('%s can be one', text =>
		expect(isMirror(text)).toBe(true)
	);
	test.each([
		'',
		'mirror.example',
		// a folder of this machine is not seen from inside the root
		'file:///srv/mirror',
		'http://a b',
		'http://a [trusted=yes]',
		'http://a\ndeb x',
		'javascript:x',
		"http://a'b"
	])('%j cannot', text => expect(isMirror(text)).toBe(false));
});
