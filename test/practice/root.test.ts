import {describe, expect, test} from 'vitest';
import type {Command} from '../../src/model/command.ts';
import {inRoot, makeBase, removeRoot, renameRoot} from '../../src/practice/root.ts';

const command: Command = {
	argv: ['rustc', '--version'],
	as: 'user',
	terminal: 'captured',
	interrupt: 'group',
	why: 'asks'
};
const user = {uid: 1000, name: 'dev', home: '/home/dev', groups: [100]};
const byRoot = {path: '/c/root', way: 'root'} as const;
const byUser = {path: '/c/root', way: 'namespace'} as const;
const words = ({argv}: Command): string => argv.join(' ');

describe('a practice root is worked in', () => {
	test('by root, with nothing but the kernel’s own means: the folder’s owner builds there', () => {
		const wrapped = inRoot(byRoot, command, {path: '/home/dev/m', owner: user});
		expect(wrapped.as).toBe('root');
		expect(words(wrapped)).not.toContain('--user ');
		expect(wrapped.argv).toContain('--userspec=1000:100');
	});

	test('by an ordinary user without any root: inside, that user is root', () => {
		const wrapped = inRoot(byUser, command, {path: '/home/dev/m', owner: user});
		expect(wrapped.as).toBe('user');
		expect(words(wrapped)).toContain('unshare --user --map-root-user --map-auto --mount --pid');
		expect(wrapped.argv).toContain('--userspec=0:0');
	});

	test.each([byRoot, byUser])('made, renamed and removed the same way: $way', target => {
		const as = target.way === 'root' ? 'root' : 'user';
		const made = makeBase({suite: 'forky', mirror: 'http://mirror.example/debian', target, script: undefined});
		for (const one of [made, renameRoot(target, '/c/other'), removeRoot(target)]) expect(one.as).toBe(as);
		expect(words(removeRoot(target)).includes('--map-auto')).toBe(as === 'user');
		for (const one of [made, inRoot(target, command)])
			expect(words(one)).toMatch(/^setpriv --pdeathsig KILL -- unshare .*--kill-child/);
	});
});
