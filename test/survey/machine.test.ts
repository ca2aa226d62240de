import {describe, expect, test} from 'vitest';
import {surveyMachine} from '../../src/survey/machine.ts';
import {labRelease, makeSystem, type SystemDescription} from '../support/sysroot.ts';

const survey = (description: SystemDescription, options = {}) =>
	surveyMachine(makeSystem({running: labRelease, ...description}).reader(options));

describe('what the running kernel allows', () => {
	test('an open machine', async () => {
		expect(await survey({})).toMatchObject({
			isLinux: true,
			architecture: 'x86_64',
			distribution: {id: 'arch', name: 'Arch Linux'},
			privilege: 'sudo',
			secureBoot: 'off',
			lockdown: 'none',
			modules: 'enabled',
			signatures: 'not-enforced',
			oopsed: false
		});
	});

	test.each([
		[{secureBoot: true}, {secureBoot: 'on'}],
		[{secureBoot: false}, {secureBoot: 'off'}],
		[{files: {'/sys/firmware/efi/runtime': ''}}, {secureBoot: 'unknown'}],
		[{lockdown: 'none [integrity] confidentiality'}, {lockdown: 'integrity'}],
		[{lockdown: 'nonsense'}, {lockdown: 'unknown'}],
		[{sigEnforce: 'Y'}, {signatures: 'enforced'}],
		[{modules: 'disabled'}, {modules: 'disabled'}],
		[{modules: 'not-built'}, {modules: 'not-built'}],
		[{tainted: 4096}, {oopsed: false}],
		[{tainted: 128}, {oopsed: true}],
		[{tainted: 512}, {oopsed: false}],
		[{programs: ['make']}, {privilege: 'none'}]
	] satisfies [SystemDescription, object][])('%j: %j', async (description, expected) => {
		expect(await survey(description)).toMatchObject(expected);
	});

	test('root is root, with sudo or without', async () => {
		expect((await survey({programs: []}, {uid: 0})).privilege).toBe('root');
	});

	test('a mounted system says nothing of the running kernel', async () => {
		const facts = await surveyMachine(makeSystem({}).reader());
		expect(facts).toMatchObject({
			isLinux: true,
			modules: 'unknown',
			secureBoot: 'unknown',
			lockdown: 'unknown',
			signatures: 'unknown'
		});
		expect(facts.oopsed).toBeUndefined();
	});

	test('a folder that is no system at all is not Linux', async () => {
		const system = makeSystem({});
		system.remove('/etc');
		expect((await surveyMachine(system.reader())).isLinux).toBe(false);
	});
});

test.each([
	['ID=arch\n', 'arch', [], 'arch'],
	[
		'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\nPRETTY_NAME="openSUSE Tumbleweed"\n',
		'opensuse-tumbleweed',
		['opensuse', 'suse'],
		'openSUSE Tumbleweed'
	],
	["NAME='Void'\nID='void'\n", 'void', [], 'Void']
])('os-release %j', async (text, id, like, name) => {
	expect((await survey({files: {'/etc/os-release': text}})).distribution).toEqual({id, like, name});
});

test('an os-release without ID is none', async () => {
	expect((await survey({files: {'/etc/os-release': 'NAME=x\n'}})).distribution).toBeUndefined();
});
