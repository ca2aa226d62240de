import {describe, expect, test} from 'vitest';
import {machineStep} from '../../src/steps/machine.ts';
import {ready, viewOf} from '../support/scenes.ts';
import {makeSystem, type ReaderOptions, type SystemDescription} from '../support/sysroot.ts';
import {commandsOf, inspectStep, saidBy} from './inspect.ts';

const inspect = (system: SystemDescription = {}, reader: ReaderOptions = {}) =>
	inspectStep(machineStep, {...ready, ...system}, {reader});

test('done: what was found out, in one line', async () => {
	expect((await inspect()).summary).toBe('x86_64 · 41 GB free · Secure Boot off');
	expect((await inspect({programs: []}, {uid: 0})).summary).toBe(
		'x86_64 · 41 GB free · Secure Boot off · running as root'
	);
	expect((await inspect({files: {'/sys/firmware/efi/x': ''}})).summary).toContain('Secure Boot unknown');
});

describe('not done', () => {
	test.each([
		['machine.architecture', {}, {architecture: 'aarch64'}, 'blocked'],
		['machine.no-modules', {modules: 'not-built'}, {}, 'blocked'],
		['machine.modules-disabled', {modules: 'disabled'}, {}, 'blocked'],
		['machine.no-root', {programs: ['make']}, {}, 'todo'],
		['machine.disk-full', {}, {freeSpace: 999_999_999}, 'todo']
	] satisfies [string, SystemDescription, ReaderOptions, string][])('%s', async (reason, system, reader, status) => {
		expect(await inspect(system, reader)).toMatchObject({reason, status});
	});

	test('machine.not-linux', async () => {
		const system = makeSystem({});
		system.remove('/etc');
		expect(saidBy(await machineStep.inspect(viewOf(system)))).toMatchObject({
			reason: 'machine.not-linux',
			status: 'blocked'
		});
	});

	test('a gigabyte is enough', async () => {
		expect((await inspect({}, {freeSpace: 1_000_000_000})).status).toBe('done');
		expect((await inspect({}, {freeSpace: 999_999_999})).summary).toBe('999 MB free, 1 GB needed');
	});

	test('without sudo, sudo is not what installs it', async () => {
		const said = await inspect({programs: []});
		expect(await commandsOf(said)).toEqual(["su -c 'pacman -S --needed sudo'"]);
		expect(await commandsOf(await inspect({programs: [], osRelease: 'void'}))).toEqual([]);
	});
});
