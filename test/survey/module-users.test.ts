import {symlinkSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {usersOf} from '../../src/survey/module-users.ts';
import {makeSystem} from '../support/sysroot.ts';

describe('usersOf', () => {
	test('modules that depend on it', async () => {
		const system = makeSystem({
			files: {
				'/sys/module/base/holders/one/x': '',
				'/sys/module/base/holders/two/x': '',
				'/sys/module/base/refcnt': '2\n'
			}
		});
		expect(await usersOf(system.reader(), 'base')).toBe('one, two');
	});

	test('programs that hold its device open, - for _', async () => {
		const system = makeSystem({
			files: {
				'/dev/my-note': '',
				'/dev/other': '',
				'/sys/module/my_note/refcnt': '1\n',
				'/proc/41/comm': 'talk\n',
				'/proc/41/fd/0': '',
				'/proc/42/comm': 'cat\n',
				'/proc/self/fd/0': ''
			}
		});
		symlinkSync('/dev/my-note', system.path('/proc/41/fd/3'));
		symlinkSync('/dev/other', system.path('/proc/42/fd'));
		expect(await usersOf(system.reader(), 'my_note')).toBe('talk (process 41), which has /dev/my-note open');
	});

	test.each([
		['1\n', 'one reference that no other module holds: an open file, or its own code'],
		['3\n', '3 references that no other module holds: an open file, or its own code'],
		['0\n', undefined],
		['-1\n', undefined],
		['x', undefined]
	])('refcnt %j alone', async (count, said) => {
		const system = makeSystem({files: {'/sys/module/busy/refcnt': count}});
		expect(await usersOf(system.reader(), 'busy')).toBe(said);
	});

	test('nothing is known of a module that is not there', async () => {
		expect(await usersOf(makeSystem({}).reader(), 'gone')).toBeUndefined();
	});
});
