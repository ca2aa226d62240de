import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {loaderVariables} from '../../src/boot/efi.ts';
import {emptyMemory} from '../../src/model/memory.ts';
import type {Action} from '../../src/model/step.ts';
import {bootStep} from '../../src/steps/boot.ts';
import {resumeOf, welcome} from '../../src/steps/resume.ts';
import {efiText} from '../support/efi.ts';
import {linuxRust, ready, viewOf} from '../support/scenes.ts';
import {configs, labRelease, makeSystem} from '../support/sysroot.ts';
import {commandsOf, inspectStep, instructionFor, type Said, saidBy} from './inspect.ts';

const stock = {release: '6.12.1-arch1-1', package: 'linux'} as const;
const kdir = `/usr/lib/modules/${labRelease}/build`;

test('done', async () => {
	expect(await inspectStep(bootStep, ready)).toMatchObject({status: 'done', summary: `running ${labRelease}`});
});

test('boot.other-running', async () => {
	const said = await inspectStep(bootStep, {
		running: stock.release,
		procConfig: configs.rustOff612,
		kernels: [stock, linuxRust]
	});
	expect(said).toMatchObject({
		status: 'todo',
		reason: 'boot.other-running',
		summary: `another kernel is running (${stock.release})`
	});
	expect(await commandsOf(said)).toEqual(['sudo reboot']);
	expect(await instructionFor(said)).toContain('choose linux-rust in the boot menu');
});

test('boot.updated: the running kernel was upgraded away', async () => {
	const said = await inspectStep(bootStep, {
		running: '6.12.116-arch1-1-rust',
		procConfig: configs.rustOn612,
		kernels: [linuxRust]
	});
	expect(said).toMatchObject({status: 'todo', reason: 'boot.updated'});
	expect(said.question).toBe(
		`/usr/lib/modules/6.12.116-arch1-1-rust is gone: the kernel was upgraded, and the machine not rebooted yet. Reboot into linux-rust ${labRelease}?`
	);
});

test('boot.nothing-installed: a kernel from outside is not said to be upgraded', async () => {
	const said = await inspectStep(bootStep, {running: labRelease, procConfig: configs.rustOn612});
	expect(said).toMatchObject({status: 'todo', reason: 'boot.nothing-installed'});
	expect(said.remedies.map(one => one.answer)).toEqual(['--kdir FOLDER']);
});

test('with its build folder named, a kernel from outside that runs will do', async () => {
	const system = {running: labRelease, procConfig: configs.rustOn612, kernels: [{...linuxRust, installed: false}]};
	expect(await inspectStep(bootStep, system, {named: {kdir}})).toMatchObject({status: 'done'});
});

test('boot.not-installed: a named build folder of a kernel that is not installed', async () => {
	const said = await inspectStep(
		bootStep,
		{running: stock.release, procConfig: configs.rustOff612, kernels: [stock, {...linuxRust, installed: false}]},
		{named: {kdir}}
	);
	expect(said).toMatchObject({status: 'todo', reason: 'boot.not-installed'});
	expect(await commandsOf(said)).toEqual([`sudo make -C ${kdir} modules_install install`]);
});

test('boot.no-kernel: a running kernel without Rust is not the one that is wanted', async () => {
	expect(
		await inspectStep(bootStep, {running: stock.release, procConfig: configs.rustOff612, kernels: [stock]})
	).toMatchObject({
		status: 'blocked',
		reason: 'boot.no-kernel'
	});
});

test('boot.release-unreadable', async () => {
	expect(await inspectStep(bootStep, {kernels: [linuxRust], files: {'/proc/sys/kernel/osrelease': ''}})).toMatchObject({
		status: 'unknown',
		reason: 'boot.release-unreadable',
		question: expect.stringContaining('/proc/sys/kernel/osrelease')
	});
	expect(await inspectStep(bootStep, {kernels: [linuxRust]})).toMatchObject({
		reason: 'boot.release-unreadable',
		summary: 'this system is mounted, not running'
	});
});

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/boot/${name}`, import.meta.url), 'utf8');
const boot = '4f6b3a52-3c1e-4f0a-9d7e-2b8f1c0a5d11';
const advanced = 'Advanced options for Arch GNU/Linux>Arch GNU/Linux, with Linux';
const grub = {
	'/boot/grub/grub.cfg': fixture('grub-2.12.cfg'),
	'/boot/grub/grubenv': fixture('grubenv-saved'),
	'/proc/sys/kernel/random/boot_id': `${boot}\n`
};
const onDisk = {'/proc/self/mounts': '/dev/sda2 / ext4 rw 0 0\n'};

const stockRuns = (files: Readonly<Record<string, string | Uint8Array>>) => ({
	running: stock.release,
	procConfig: configs.rustOff612,
	kernels: [stock, linuxRust],
	files
});
const expectedBoot = {
	bootId: boot,
	release: labRelease,
	package: 'linux-rust',
	running: stock.release,
	by: 'once'
} as const;

async function actionsOf(said: Said, id: string): Promise<readonly Action[]> {
	const plan = await said.remedies.find(one => one.id === id)?.plan({});
	return plan?.ok ? plan.actions : [];
}
/** The ways to boot it; that it can be tried before is tested on its own. */
const ids = (said: Said) => said.remedies.map(one => one.id).filter(id => id !== 'try-in-practice');
const evidence = (said: Said, label: string) => said.evidence.find(one => one.label === label)?.value;

describe('GRUB', () => {
	test('starts it once, where it can forget that; the way back is named', async () => {
		const said = await inspectStep(bootStep, stockRuns({...grub, ...onDisk}));
		expect(ids(said)).toEqual(['boot-once', 'boot-default', 'reboot']);
		expect(await commandsOf(said)).toEqual([`sudo grub-reboot '${advanced} rust'`]);
		expect(said.remedies[0]).toMatchObject({
			label: 'Boot linux-rust once, keep linux as the default',
			undo: 'sudo grub-editenv /boot/grub/grubenv unset next_entry'
		});
		expect((await actionsOf(said, 'boot-once')).at(-1)).toEqual({
			kind: 'remember',
			memo: {kind: 'expected-boot', boot: expectedBoot}
		});
		expect(said.remedies[1]).toMatchObject({undo: `sudo grub-set-default '${advanced} linux'`});
		expect(evidence(said, 'next boot')).toBe('linux: GRUB, saved default');
		expect(evidence(said, 'way back')).toBe('Arch GNU/Linux, with Linux linux, in the menu of GRUB');
	});

	test.each([
		[
			'/dev/mapper/vg-root / btrfs rw 0 0\n',
			'GRUB cannot write to btrfs on /dev/mapper/vg-root, so it would not forget it'
		],
		['overlay / overlay rw 0 0\n', 'whether GRUB can write to overlay on overlay is not known']
	])('does not start it once on %j, because that would be for ever', async (mounts, why) => {
		const said = await inspectStep(bootStep, stockRuns({...grub, '/proc/self/mounts': mounts}));
		expect(ids(said)).toEqual(['boot-default', 'reboot']);
		expect(await commandsOf(said)).toEqual([`sudo grub-set-default '${advanced} rust'`]);
		expect(said.remedies[0]?.consequence).toContain(why);
	});

	test('with a fixed default, it is told how to remember one', async () => {
		const fixed = fixture('grub-2.12.cfg').replace(/set default="\$\{saved_entry\}"/, 'set default="1>2"');
		const said = await inspectStep(bootStep, stockRuns({...grub, ...onDisk, '/boot/grub/grub.cfg': fixed}));
		expect(ids(said)).toEqual(['boot-once', 'use-saved', 'reboot']);
		expect(evidence(said, 'next boot')).toBe('linux: GRUB, set as default');
	});

	test('once it is chosen, a reboot is what is left, and a way to stay', async () => {
		const saved = fixture('grubenv-saved').replace('with Linux linux', 'with Linux rust');
		const said = await inspectStep(bootStep, stockRuns({...grub, ...onDisk, '/boot/grub/grubenv': saved}));
		expect(ids(said)).toEqual(['reboot', 'keep-old']);
		expect(said).toMatchObject({
			reason: 'boot.other-running',
			question: expect.stringContaining('GRUB starts linux-rust next. Reboot?')
		});
		expect(await actionsOf(said, 'reboot')).toMatchObject([
			{kind: 'reboot', expected: {...expectedBoot, by: 'default'}}
		]);
		expect(await commandsOf(said, 'keep-old')).toEqual([`sudo grub-set-default '${advanced} linux'`]);

		const once = fixture('grubenv-once').replace(/next_entry=.*/, 'next_entry=1>0');
		const forOnce = await inspectStep(bootStep, stockRuns({...grub, ...onDisk, '/boot/grub/grubenv': once}));
		expect(forOnce.question).toContain('GRUB starts linux-rust next, and only next time. Reboot?');
		expect(await commandsOf(forOnce, 'keep-old')).toEqual(['sudo grub-editenv /boot/grub/grubenv unset next_entry']);
	});

	test('is given an entry by grub-mkconfig, and its menu as it was is kept', async () => {
		const menu = fixture('grub-2.12.cfg').replaceAll('vmlinuz-linux-rust', 'vmlinuz-linux-lts');
		const said = await inspectStep(bootStep, stockRuns({...grub, ...onDisk, '/boot/grub/grub.cfg': menu}));
		expect(said.question).toContain('It is not in the menu of GRUB yet. Add it?');
		expect(await commandsOf(said)).toEqual([
			'sudo cp --backup=numbered /boot/grub/grub.cfg /boot/grub/grub.cfg.before-linux-rust',
			'sudo grub-mkconfig -o /boot/grub/grub.cfg',
			'sudo install --preserve-timestamps --mode=600 --owner=me /boot/grub/grub.cfg /home/me/.local/state/linux-rust-setup/grub.cfg'
		]);
		expect(said.remedies[0]?.undo).toBe('sudo cp /boot/grub/grub.cfg.before-linux-rust /boot/grub/grub.cfg');
	});
});

describe('systemd-boot', () => {
	const old = 'title Arch Linux\nlinux /vmlinuz-linux\ninitrd /initramfs-linux.img\noptions root=/dev/sda2 rw\n';
	const files = {
		'/boot/loader/loader.conf': 'default arch.conf\n',
		'/boot/loader/entries/arch.conf': old,
		[`/sys/firmware/efi/efivars/LoaderInfo-${loaderVariables}`]: efiText('systemd-boot 256')
	};

	test('starts it once, and is set back with the same command', async () => {
		const rust = old.replaceAll('-linux', '-linux-rust');
		const said = await inspectStep(bootStep, stockRuns({...files, '/boot/loader/entries/rust.conf': rust}));
		expect(ids(said)).toEqual(['boot-once', 'boot-default', 'reboot']);
		expect(await commandsOf(said)).toEqual(['sudo bootctl set-oneshot rust.conf']);
		expect(said.remedies[0]?.undo).toBe("sudo bootctl set-oneshot ''");
		expect(await commandsOf(said, 'boot-default')).toEqual(['sudo bootctl set-default rust.conf']);
	});

	test('is given one more entry, like that of the running kernel, which stays', async () => {
		const said = await inspectStep(bootStep, stockRuns(files));
		expect(ids(said)).toEqual(['add-entry']);
		const folder = '/home/me/.local/share/linux-rust-setup/boot-entries';
		const actions = await actionsOf(said, 'add-entry');
		expect(actions[0]).toEqual({
			kind: 'write',
			folder,
			files: [
				{
					path: 'linux-rust.conf',
					content:
						'title Arch Linux (linux-rust)\nlinux /vmlinuz-linux-rust\ninitrd /initramfs-linux-rust.img\noptions root=/dev/sda2 rw\n'
				}
			]
		});
		expect(await commandsOf(said)).toEqual([
			`sudo cp --no-clobber ${folder}/linux-rust.conf /boot/loader/entries/linux-rust.conf`
		]);
	});
});

describe('after the reboot that was set out for', () => {
	const memory = {...emptyMemory, expectedBoot: {...expectedBoot, bootId: 'another'}};

	test('boot.not-rebooted: the machine runs as it did', async () => {
		const said = await inspectStep(bootStep, stockRuns({...grub, ...onDisk}), {
			memory: {...emptyMemory, expectedBoot}
		});
		expect(said).toMatchObject({
			reason: 'boot.not-rebooted',
			question: expect.stringContaining(
				'the machine has not been rebooted since. GRUB would start linux: choose first.'
			)
		});
	});

	test.each([
		['the entry was not chosen', {}, 'Its entry was not chosen: GRUB starts linux (saved default).', 'menu'],
		['it was chosen for one start', {}, 'it did not come up and the machine was started again', 'once'],
		[
			'another was chosen by hand',
			{'/boot/grub/grubenv': fixture('grubenv-saved').replace('with Linux linux', 'with Linux rust')},
			'GRUB is set to linux-rust, so another entry was chosen while the machine started.'
		],
		[
			'it is in no menu',
			{'/boot/grub/grub.cfg': fixture('grub-2.12.cfg').replaceAll('vmlinuz-linux-rust', 'vmlinuz-other')},
			'The menu of GRUB has no entry for linux-rust.'
		]
	])('boot.wrong-kernel: %s', async (_what, files, why, by = 'default') => {
		const said = await inspectStep(bootStep, stockRuns({...grub, ...onDisk, ...files}), {
			memory: {...memory, expectedBoot: {...memory.expectedBoot, by: by as 'once'}}
		});
		expect(said).toMatchObject({
			reason: 'boot.wrong-kernel',
			summary: `rebooted, and linux ${stock.release} runs`,
			question: expect.stringContaining(why)
		});
		expect(evidence(said, 'set out for')).toBe(`linux-rust ${labRelease}`);
		expect(said.remedies.length).toBeGreaterThan(0);
	});

	test('boot.wrong-kernel, and nothing is known of the boot loader', async () => {
		const {'/boot/grub/grub.cfg': _menu, '/boot/grub/grubenv': _environment, ...bare} = grub;
		expect(await inspectStep(bootStep, stockRuns(bare), {memory})).toMatchObject({
			reason: 'boot.wrong-kernel',
			question: expect.stringContaining('Why is not known: neither GRUB nor systemd-boot was found in /boot or /efi.')
		});
	});

	test('the right kernel runs: welcome back', async () => {
		const system = {...ready, files: grub};
		expect(await inspectStep(bootStep, system, {memory})).toMatchObject({
			status: 'done',
			evidence: expect.arrayContaining([{label: 'rebooted', value: `from ${stock.release}, as you set out for`}])
		});
		const resume = await resumeOf(viewOf(makeSystem(system), {memory}));
		expect(welcome(resume)).toBe(`Welcome back: linux-rust ${labRelease} runs, as you set out for.`);
		const none = await resumeOf(viewOf(makeSystem(system), {memory: emptyMemory}));
		expect(welcome(none)).toBeUndefined();
	});

	test('updated on the way, the newer kernel is the right one', async () => {
		const before = {...memory, expectedBoot: {...memory.expectedBoot, release: '6.12.116-arch1-1-rust'}};
		expect(await resumeOf(viewOf(makeSystem({...ready, files: grub}), {memory: before}))).toMatchObject({
			kind: 'arrived'
		});
	});
});

describe('the practice VM', () => {
	const tried = [`linux-rust-setup practice --installed ${labRelease}`];
	const last = (said: Said) => said.remedies.at(-1);
	const image = `/usr/lib/modules/${labRelease}/vmlinuz`;

	test('runs the kernel before the machine does: offered behind every way to boot it', async () => {
		const system = stockRuns({...grub, ...onDisk});
		const said = await inspectStep(bootStep, {...system, programs: ['qemu-system-x86_64', 'busybox']});
		expect(said.remedies.map(one => one.id)).toEqual(['boot-once', 'boot-default', 'reboot', 'try-in-practice']);
		expect(await commandsOf(said, 'try-in-practice')).toEqual(tried);
		expect(await actionsOf(said, 'try-in-practice')).toMatchObject([{kind: 'practise', installed: labRelease}]);
		expect(last(said)).toMatchObject({
			label: 'Try it in a disposable VM first',
			consequence: `Seconds. The VM runs ${labRelease} in memory, without disk and network; nothing is chosen for the next boot. Modules for it are built here.`
		});
	});

	test('is offered after an upgrade, and after another kernel came up', async () => {
		const upgraded = {running: '6.12.116-arch1-1-rust', procConfig: configs.rustOn612, kernels: [linuxRust]};
		expect(await commandsOf(await inspectStep(bootStep, upgraded), 'try-in-practice')).toEqual(tried);
		const memory = {...emptyMemory, expectedBoot: {...expectedBoot, bootId: 'another'}};
		const elsewhere = await inspectStep(bootStep, stockRuns({...grub, ...onDisk}), {memory});
		expect(elsewhere.reason).toBe('boot.wrong-kernel');
		expect(last(elsewhere)?.id).toBe('try-in-practice');
	});

	test('names the programs that are missing for it', async () => {
		const said = await inspectStep(bootStep, {...stockRuns({...grub, ...onDisk}), programs: ['busybox']});
		expect(last(said)?.consequence).toContain(' qemu-system-x86_64 is installed for it, if you agree.');
	});

	test.each([
		[
			'its image cannot be read',
			{},
			`the image of ${labRelease} cannot be read (${image}, /boot/vmlinuz-${labRelease}): `
		],
		['the machine is of another architecture', {architecture: 'aarch64'}, 'practice mode runs kernels for x86_64']
	])('is not offered where %s, and that is said', async (_what, reader, why) => {
		const system = makeSystem(stockRuns({...grub, ...onDisk}));
		if (!('architecture' in reader)) system.remove(image);
		const said = saidBy(await bootStep.inspect(viewOf(system, {reader})));
		expect(said.remedies.map(one => one.id)).toEqual(['boot-once', 'boot-default', 'reboot']);
		expect(evidence(said, 'practice VM')).toContain(`cannot run it: ${why}`);
	});

	test('is not offered for the kernel that runs, nor for one that is built and not installed', async () => {
		expect(await inspectStep(bootStep, ready)).toMatchObject({status: 'done'});
		const system = {...stockRuns({}), kernels: [stock, {...linuxRust, installed: false}]};
		const said = await inspectStep(bootStep, system, {named: {kdir}});
		expect(said.remedies.map(one => one.id)).toEqual(['install-tree']);
	});
});
