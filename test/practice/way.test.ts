import {expect, test} from 'vitest';
import type {Found, ProbeOutput, Reader} from '../../src/model/machine.ts';
import {chooseWay, lacksOnlyNewuidmap} from '../../src/practice/way.ts';

type Machine = {
	readonly uid: number;
	readonly newuidmap: boolean;
	readonly subuid: string | undefined;
	/** Whether the kernel gives ordinary users namespaces. */
	readonly leave: boolean;
};

/** A stand-in for three facts of a machine, which cannot all be had on one. */
function machine({uid, newuidmap, subuid, leave}: Machine): Reader {
	const absent = {status: 'absent'} as const;
	const ended = (code: number): Found<ProbeOutput> => ({status: 'found', value: {code, stdout: '', stderr: ''}});
	return {
		user: {uid, name: 'ana', home: '/home/ana', groups: [uid]},
		which: async (name: string) =>
			name === 'newuidmap' && newuidmap ? {status: 'found', value: '/usr/bin/newuidmap'} : absent,
		readText: async (path: string) =>
			path === '/etc/subuid' && subuid !== undefined ? {status: 'found', value: subuid} : absent,
		probe: async (argv: readonly string[]) =>
			ended(leave && (!argv.includes('--map-auto') || (newuidmap && subuid !== undefined)) ? 0 : 1)
	} as Partial<Reader> as Reader;
}

const ana = {uid: 1000, newuidmap: false, subuid: 'ana:100000:65536\n', leave: true};

test.each([
	['has all', {...ana, newuidmap: true}, 'namespace', false],
	['lacks newuidmap', ana, 'root', true],
	['lacks newuidmap, and is named by its number', {...ana, subuid: '1000:100000:65536\n'}, 'root', true],
	['lacks newuidmap, and another has the ids', {...ana, subuid: 'anabel:100000:65536\n'}, 'root', false],
	['lacks newuidmap and the kernel’s leave', {...ana, leave: false}, 'root', false],
	['lacks newuidmap and /etc/subuid', {...ana, subuid: undefined}, 'root', false],
	['has newuidmap, and not the kernel’s leave', {...ana, newuidmap: true, leave: false}, 'root', false],
	['is root', {...ana, uid: 0}, 'root', false]
] as const)('an ordinary user who %s', async (_what, facts, way, lacksOnly) => {
	expect(await chooseWay(machine(facts))).toBe(way);
	expect(await lacksOnlyNewuidmap(machine(facts))).toBe(lacksOnly);
});
