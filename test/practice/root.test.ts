import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {describe, expect, onTestFinished, test} from 'vitest';
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
			expect(words(one)).toMatch(
				/^setpriv --pdeathsig KILL -- (?:[\s\S]* setpriv --pdeathsig KILL -- )?unshare .*--kill-child/
			);
	});
});

describe('what root does ends with this program, also where sudo stands between', () => {
	/** Starts a program as a root is removed, by a parent that lives on, for the process `owner`. */
	function start(owner: number, program: readonly string[]): ChildProcess {
		const [first = '', ...rest] = removeRoot(byRoot).argv.slice(0, -4);
		const argv = rest.map(word => (word === String(process.pid) ? String(owner) : word));
		const child = spawn(first, [...argv, ...program], {stdio: 'ignore'});
		onTestFinished(() => void child.kill('SIGKILL'));
		return child;
	}
	const endOf = (child: ChildProcess): Promise<readonly unknown[]> => once(child, 'exit');

	test('its code is passed on', async () => {
		expect(await endOf(start(process.pid, ['sh', '-c', 'exit 7']))).toEqual([7, null]);
	});

	test('when this program is gone, so is it', async () => {
		const owner = spawn('sleep', ['60']);
		const child = start(owner.pid ?? 0, ['sleep', '61']);
		const ended = endOf(child);
		owner.kill('SIGKILL');
		expect((await ended)[0]).toBe(137);
	});

	test('when sudo passes on that it is to end, it does', async () => {
		const child = start(process.pid, ['sh', '-c', 'trap "" TERM; sleep 62']);
		const ended = endOf(child);
		await new Promise(resolve => setTimeout(resolve, 300));
		child.kill('SIGTERM');
		expect((await ended)[0]).toBeGreaterThan(128);
	});
});
