import {tmpdir} from 'node:os';
import {expect, test} from 'vitest';
import {performRun} from '../../src/actions/run.ts';
import type {Found} from '../../src/model/machine.ts';
import {fakeStage} from './fake-stage.ts';

const make = (output: string, free: Readonly<Record<string, Found<number>>>) => {
	const {stage} = fakeStage({programs: {make: {output, exit: {kind: 'exited', code: 2}}}});
	const reader = {
		...stage.reader,
		environment: {TMPDIR: '/var/tmp'},
		freeSpace: async (path: string) => free[path] ?? ({status: 'absent'} as const)
	};
	const command = {
		argv: ['make', 'modules'],
		cwd: '/home/me/my module',
		as: 'user',
		terminal: 'captured',
		interrupt: 'group',
		why: 'builds it'
	} as const;
	return performRun({kind: 'run', title: 'building', stage: 'build', command}, {...stage, reader});
};
const remediesOf = (outcome: Awaited<ReturnType<typeof performRun>>) =>
	outcome.kind === 'failed' ? outcome.trouble.cause?.remedies : undefined;
const found = (value: number): Found<number> => ({status: 'found', value});

test.each([
	['rustc-LLVM ERROR: IO failure on output stream: No space left on device', 'disk.full'],
	['fixdep: not all data was written to the output', 'disk.unwritten'],
	['make[2]: *** [scripts/Makefile.modfinal:63: /home/me/m/m.ko] Error 135', 'disk.bus'],
	["cp: error writing 'a': No space left on device", 'any.enospc']
])('%s: says what is free where make wrote', async (line, id) => {
	const outcome = await make(`${line}\n`, {'/home/me': found(640_000), '/var/tmp': found(4_200_000_000)});
	expect(outcome).toMatchObject({kind: 'failed', trouble: {cause: {id}, failures: [{id}]}});
	const remedies = remediesOf(outcome) ?? [];
	expect(remedies[0]).toEqual({
		label: 'Free some space: /home/me/my module has less than 1 MB left, /var/tmp has 4.2 GB left',
		command: "df -h '/home/me/my module' /var/tmp"
	});
	expect(remedies.filter(({command}) => command?.startsWith('df '))).toHaveLength(1);
	expect(outcome.kind === 'failed' && outcome.trouble.failures[0]).toBe(
		outcome.kind === 'failed' && outcome.trouble.cause
	);
});

test('what is not known is not said', async () => {
	const outcome = await make('fixdep: not all data was written to the output\n', {});
	expect(remediesOf(outcome)?.[0]?.label).toBe('See which disk is full');
});

test('another failure is told as it is', async () => {
	const outcome = await make('make: command not found\n', {[tmpdir()]: found(1), '/home/me': found(1)});
	expect(remediesOf(outcome)?.some(({command}) => command?.startsWith('df '))).toBe(false);
});
