import {expect, test} from 'vitest';
import {bootStep} from '../../src/steps/boot.ts';
import {linuxRust, ready} from '../support/scenes.ts';
import {configs, labRelease} from '../support/sysroot.ts';
import {commandsOf, inspectStep, instructionFor} from './inspect.ts';

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
