import {expect, test} from 'vitest';
import {redact} from '../../src/plain/redact.ts';

const own = {user: 'marisol', home: '/home/marisol', host: 'thinkpad-x1.example.net'};

test.each([
	['/home/marisol/src/hello/hello.ko', '~/src/hello/hello.ko'],
	['/home/marisol', '~'],
	['/home/marisol2/x', '/home/marisol2/x'],
	['/mnt/marisol/x', '/mnt/USER/x'],
	['owned by marisol, on thinkpad-x1', 'owned by USER, on HOST'],
	['marisol@thinkpad-x1.example.net', 'MAIL'],
	['host thinkpad-x1.example.net', 'host HOST'],
	['inet 192.168.178.21/24', 'inet ADDRESS/24'],
	['fe80::1ff:fe23:4567:890a and ::1', 'ADDRESS and ::1'],
	['2001:db8:0:0:0:0:2:1', 'ADDRESS'],
	['fdab:beef::face', 'ADDRESS'],
	['S/N: PF2ABC3D and SN WX41A94K', 'S/N: SERIAL and SN SERIAL'],
	['the journal of THINKPAD-X1', 'the journal of HOST'],
	['link/ether 52:54:00:12:34:56', 'link/ether HARDWARE-ADDRESS'],
	['root=UUID=0a3407de-014b-458b-b5c1-848e92a327a3', 'root=UUID=ID'],
	['b08dfa6083e7567a1921a715000001fb', 'ID'],
	['Serial Number: PF2ABC3D', 'Serial Number: SERIAL'],
	['serial="WX41A94K"', 'serial="SERIAL"']
])('%s', (text, expected) => {
	expect(redact(text, own)).toBe(expected);
});

test.each([
	'kernel 6.12.117-arch1-1-rust',
	'rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust 1:1.97.1-1)',
	'linux-rust 7.2.13.arch1-1',
	'version 10.2.0.1.5',
	'at 12:34:56',
	'sha256 3d0c1f0a7b12…',
	'std::mem::size_of',
	'abc::def::Face',
	'serial8250: ttyS0'
])('what a question is about stays: %s', text => {
	expect(redact(text, own)).toBe(text);
});

test('a short name is a word like others, and replaced in paths alone', () => {
	expect(redact('/home/pi/x: pi and /srv/pi/y', {user: 'pi', home: '/home/pi', host: 'a'})).toBe(
		'~/x: pi and /srv/USER/y'
	);
	expect(redact('/root/x is root', {user: 'root', home: '/root', host: 'localhost'})).toBe('~/x is root');
});
