import {describe, expect, test} from 'vitest';
import {readModuleInfo} from '../../src/kernel/module-info.ts';
import {loadRefusal} from '../../src/steps/load-check.ts';
import {surveyMachine} from '../../src/survey/machine.ts';
import type {BuiltModule} from '../../src/survey/module.ts';
import {ready} from '../support/scenes.ts';
import {builtModule, labRelease, makeSystem, type SystemDescription} from '../support/sysroot.ts';

const built = (bytes = builtModule()): BuiltModule => ({
	path: '/home/me/numbers/numbers.ko',
	modified: 0,
	bytes,
	info: readModuleInfo(bytes)
});

const refusal = async (system: Partial<SystemDescription> = {}, module = built(), release = labRelease) =>
	loadRefusal(await surveyMachine(makeSystem({...ready, ...system}).reader()), module, release, '/home/me/numbers');

describe('loadRefusal', () => {
	test('nothing against a module for this kernel', async () => {
		expect(await refusal()).toBeUndefined();
	});

	test('another release: both are named, and what cures it', async () => {
		expect(await refusal({}, built(), '6.12.118-arch1-1-rust')).toEqual({
			why: `/home/me/numbers/numbers.ko was built for ${labRelease}, and the running kernel is 6.12.118-arch1-1-rust: it would be refused with "Invalid module format".`,
			cure: `Boot ${labRelease}, or build it for this kernel: linux-rust-setup build /home/me/numbers`
		});
	});

	test('a file that is no whole module', async () => {
		expect(await refusal({}, built(builtModule().subarray(0, 5000)))).toMatchObject({
			why: expect.stringMatching(/is no whole kernel module\. The file is cut off/),
			cure: 'Build it again: linux-rust-setup build /home/me/numbers'
		});
	});

	test.each([
		[{sigEnforce: 'Y'}, 'Key was rejected by service'],
		[{lockdown: 'none [integrity] confidentiality'}, 'Operation not permitted'],
		[{modules: 'disabled'}, 'takes no module any more until it is rebooted']
	] satisfies [Partial<SystemDescription>, string][])('%j', async (system, words) => {
		expect((await refusal(system))?.why).toContain(words);
	});
});
