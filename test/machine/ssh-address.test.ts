import {describe, expect, it} from 'vitest';
import {sshLimits, sshWords} from '../../src/machine/ssh.ts';
import {parseSshAddress} from '../../src/machine/ssh-address.ts';

describe('an address', () => {
	it.each([
		['ssh://box', {host: 'box'}],
		['ssh://box/', {host: 'box'}],
		['ssh://me@box.example.org:2222', {user: 'me', host: 'box.example.org', port: 2222}],
		['ssh://10.0.0.1:22', {host: '10.0.0.1', port: 22}],
		['ssh://me@[fe80::1%eth0]:22', {user: 'me', host: 'fe80::1%eth0', port: 22}],
		['ssh://[::1]', {host: '::1'}],
		['ssh://test_box-1', {host: 'test_box-1'}]
	])('is read: %s', (text, parts) => {
		expect(parseSshAddress(text)).toEqual({text, ...parts});
	});

	it.each([
		'ssh://',
		'ssh:///',
		'box',
		'http://box',
		'ssh://-oProxyCommand=id',
		'ssh://me@-oProxyCommand=id',
		'ssh://-l@box',
		'ssh://bo x',
		'ssh://box\n',
		'ssh://box\u001b[31m',
		'ssh://box\u202e',
		'ssh://$(id)',
		'ssh://box;id',
		'ssh://`id`',
		'ssh://a@b@c',
		'ssh://box:',
		'ssh://box:0',
		'ssh://box:65536',
		'ssh://box:22x',
		'ssh://box/etc',
		'ssh://[box]',
		'ssh://[::1',
		'ssh://::1',
		`ssh://${'a'.repeat(300)}`
	])('is refused: %j', text => {
		expect(parseSshAddress(text)).toEqual(expect.any(String));
	});

	it('is never a flag of ssh, which is not to ask or to start anything else', () => {
		const address = parseSshAddress('ssh://me@box:2222');
		if (typeof address === 'string') throw new Error(address);
		const words = sshWords(address, sshLimits);
		expect(words.slice(-7)).toEqual(['-p', '2222', '-l', 'me', '--', 'box', 'exec sh -s']);
		expect(words).toContain('BatchMode=yes');
	});
});
