import {createHash} from 'node:crypto';
import {describe, expect, test} from 'vitest';
import {loadStep} from '../../src/steps/load.ts';
import {heard, ready, viewOf} from '../support/scenes.ts';
import {builtModule, labRelease, makeSystem, type SystemDescription} from '../support/sysroot.ts';
import {commandsOf, inspectStep, saidBy} from './inspect.ts';

const folder = '/home/me/numbers';
const hash = createHash('sha256').update(builtModule()).digest('hex');
const built: SystemDescription = {...ready, module: {ko: true}};
const inspect = (system: Partial<SystemDescription> = {}, memory = undefined as ReturnType<typeof heard> | undefined) =>
	inspectStep(loadStep, {...built, ...system}, {named: {folder}, ...(memory === undefined ? {} : {memory})});

describe('done', () => {
	test('it is loaded now', async () => {
		expect(await inspect({loaded: ['numbers']})).toMatchObject({status: 'done', summary: 'numbers is loaded'});
	});

	test('this very file was loaded, heard and unloaded on this release', async () => {
		const said = await inspect({}, heard(hash));
		expect(said).toMatchObject({status: 'done', summary: 'numbers was loaded, said one line, and was unloaded'});
		expect(said.evidence).toContainEqual({
			label: 'said',
			value: 'My numbers are [72, 108, 200]',
			source: 'kernel log, 2026-11-12T10:00:00.000Z'
		});
	});
});

test('load.never', async () => {
	const said = await inspect();
	expect(said).toMatchObject({status: 'todo', reason: 'load.never'});
	expect(await commandsOf(said)).toEqual(['sudo insmod /home/me/numbers/numbers.ko', 'sudo rmmod numbers']);
	expect(said.remedies[0]?.undo).toBe('sudo rmmod numbers');
});

describe('load.changed', () => {
	test('another file of the same name was heard', async () => {
		expect(await inspect({}, heard('0'.repeat(64)))).toMatchObject({status: 'stale', reason: 'load.changed'});
	});

	test('the same file, heard on another release', async () => {
		const memory = heard(hash);
		const elsewhere = {...memory, loads: memory.loads.map(one => ({...one, release: '6.12.116-arch1-1-rust'}))};
		expect((await inspect({}, elsewhere)).reason).toBe('load.changed');
	});

	test('the kernel writes a hyphen as _, and so does memory', async () => {
		const memory = heard('0'.repeat(64));
		const said = await inspectStep(
			loadStep,
			{...ready, files: {'/home/me/my-mod/Kbuild': 'obj-m := my-mod.o\n', '/home/me/my-mod/my-mod.ko': builtModule()}},
			{
				named: {folder: '/home/me/my-mod'},
				memory: {...memory, loads: memory.loads.map(one => ({...one, name: 'my_mod'}))}
			}
		);
		expect(said.reason).toBe('load.changed');
	});
});

describe('load.signature-enforced', () => {
	test.each([
		[{sigEnforce: 'Y'}, 'Key was rejected by service'],
		[{lockdown: 'none [integrity] confidentiality'}, 'Operation not permitted'],
		[{lockdown: 'none integrity [confidentiality]'}, 'Operation not permitted']
	] satisfies [Partial<SystemDescription>, string][])('%j: %s', async (system, message) => {
		expect(await inspect(system)).toMatchObject({
			status: 'todo',
			reason: 'load.signature-enforced',
			question: expect.stringContaining(message)
		});
	});

	test('a module with a signature is tried', async () => {
		const signed = Uint8Array.from([...builtModule(), ...new TextEncoder().encode('~Module signature appended~\n')]);
		expect((await inspect({sigEnforce: 'Y', module: {ko: signed}})).reason).toBe('load.never');
	});

	test('Secure Boot alone does not stop it', async () => {
		expect((await inspect({secureBoot: true})).reason).toBe('load.never');
	});
});

test('load.kernel-oopsed comes before everything, even a module that is loaded', async () => {
	const said = await inspect({tainted: 4224, loaded: ['numbers']}, heard(hash));
	expect(said).toMatchObject({status: 'blocked', reason: 'load.kernel-oopsed'});
	expect(await commandsOf(said)).toEqual(['sudo reboot']);
});

test('load.not-built', async () => {
	expect(await inspect({module: {}})).toMatchObject({status: 'blocked', reason: 'load.not-built'});
	expect(await inspect({module: {folder: '/home/me/elsewhere'}})).toMatchObject({reason: 'load.not-built'});
});

describe('the practice VM', () => {
	const tried = [`linux-rust-setup load --on practice --installed ${labRelease} /home/me/numbers`];
	const elsewhere = ['linux-rust-setup load --on practice /home/me/numbers'];
	const remedyOf = (said: Awaited<ReturnType<typeof inspect>>) =>
		said.remedies.find(({id}) => id === 'try-in-practice');

	test('is offered beside loading, which stays the default', async () => {
		const said = await inspect();
		expect(said.remedies.map(({id}) => id)).toEqual(['load', 'try-in-practice']);
		expect(await commandsOf(said, 'try-in-practice')).toEqual(tried);
	});

	test('runs the kernel that runs here, so that the very file is tried; that is said', async () => {
		const remedy = remedyOf(await inspect());
		expect(await remedy?.plan({})).toMatchObject({
			actions: [{kind: 'practise', folder, installed: labRelease}]
		});
		expect(remedy?.consequence).toContain(
			`The VM runs ${labRelease}, as this machine does: what is built for it here is copied, and the copy is loaded there.`
		);
		expect(remedy?.consequence).toContain('qemu-system-x86_64 and busybox are installed for it, if you agree.');
	});

	test('what spoke there is told of the very file and release, and nothing is done by that', async () => {
		const {loads: trials, ...memory} = heard(hash);
		const said = await inspect({}, {...memory, loads: [], trials});
		expect(said.reason).toBe('load.never');
		expect(said.evidence).toContainEqual({
			label: 'tried',
			value: 'this very file, in the practice VM: it said one line',
			source: 'practice VM, 2026-11-12T10:00:00.000Z'
		});
		for (const other of [{hash: '0'.repeat(64)}, {release: '6.12.116-arch1-1-rust'}]) {
			const others = trials.map(one => ({...one, ...other}));
			const {evidence} = await inspect({}, {...memory, loads: [], trials: others});
			expect(evidence.map(({label}) => label)).toEqual(['file']);
		}
	});

	test('runs the practice kernel where the image of this one cannot be read', async () => {
		const system = makeSystem(built);
		system.remove(`/usr/lib/modules/${labRelease}/vmlinuz`);
		const said = saidBy(await loadStep.inspect(viewOf(system, {named: {folder}})));
		expect(await commandsOf(said, 'try-in-practice')).toEqual(elsewhere);
		expect(remedyOf(said)?.consequence).toContain('The VM runs the practice kernel: a copy is built for it');
	});

	test('is offered where only signed modules are loaded', async () => {
		expect(await commandsOf(await inspect({sigEnforce: 'Y'}), 'try-in-practice')).toEqual(tried);
	});

	test('is offered where the kernel oopsed and loading is refused', async () => {
		const said = await inspect({files: {...built.files, '/proc/sys/kernel/tainted': '128\n'}});
		expect(said).toMatchObject({status: 'blocked', reason: 'load.kernel-oopsed'});
		expect(await commandsOf(said, 'try-in-practice')).toEqual(tried);
	});
});
