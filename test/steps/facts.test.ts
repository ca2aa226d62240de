import {describe, expect, test} from 'vitest';
import type {Green} from '../../src/model/facts.ts';
import {emptyMemory, type Memory} from '../../src/model/memory.ts';
import {buildStep} from '../../src/steps/build.ts';
import {changesSince, factsOf, isGreen} from '../../src/steps/facts.ts';
import {steps} from '../../src/steps/steps.ts';
import type {View} from '../../src/survey/view.ts';
import {inspectAll} from '../../src/walk/inspect.ts';
import {linuxRust, ready, rustup1851, viewOf} from '../support/scenes.ts';
import {
	builtModule,
	configs,
	labRelease,
	makeSystem,
	rustc,
	type System,
	type SystemDescription
} from '../support/sysroot.ts';
import {commandsOf, saidBy} from './inspect.ts';

const older = '6.12.116-arch1-1-rust';
const newer = '6.12.118-arch1-1-rust';
const rustcPath = '/home/me/.rustup/toolchains/1.85.1-x86_64-unknown-linux-gnu/bin/rustc';

/** The fixture's module as if it had been built for another release of as many letters. */
const builtForRelease = (release: string): Uint8Array =>
	Uint8Array.from(Buffer.from(Buffer.from(builtModule()).toString('latin1').replaceAll(labRelease, release), 'latin1'));

const memory: Memory = {
	...emptyMemory,
	modules: [
		{folder: '/home/me/hello', name: 'hello'},
		{folder: '/home/me/blinker', name: 'blinker'}
	]
};

/** A module folder below /home/me, built for a release where one is given. */
function addModule(system: System, name: string, release?: string): void {
	const folder = `/home/me/${name}`;
	system.write(`${folder}/Kbuild`, `obj-m := ${name}.o\n`);
	system.write(`${folder}/${name}.rs`, '//! A module.\n');
	if (release !== undefined) system.write(`${folder}/${name}.ko`, builtForRelease(release));
}

function systemWith(description: SystemDescription, built: Readonly<Record<string, string | undefined>>): System {
	const system = makeSystem(description);
	for (const [name, release] of Object.entries(built)) addModule(system, name, release);
	return system;
}

/** What is remembered of a system that is green. */
async function greenOf(system: System): Promise<Green> {
	const view = viewOf(system, {memory});
	expect(isGreen(await inspectAll(steps, view))).toBe(true);
	const facts = await factsOf(view);
	if (facts === undefined) throw new Error('the facts could not be read');
	return {at: '2026-11-12T10:00:00.000Z', ...facts};
}

const since = async (green: Green, view: View) => changesSince(green, view, await inspectAll(steps, view));

const bothBuilt = {hello: labRelease, blinker: labRelease};

describe('a green machine', () => {
	test('is remembered with kernel, compiler, headers and modules', async () => {
		expect(await greenOf(systemWith(ready, {...bothBuilt, blinker: undefined}))).toEqual({
			at: '2026-11-12T10:00:00.000Z',
			kernel: {release: labRelease, package: 'linux-rust'},
			wanted: rustc.rustup1851,
			rustc: {path: rustcPath, text: rustc.rustup1851},
			kdir: `/usr/lib/modules/${labRelease}/build`,
			headers: labRelease,
			modules: [{folder: '/home/me/hello', name: 'hello', release: labRelease}]
		});
	});

	test('has nothing to tell while it stays as it is', async () => {
		const system = systemWith(ready, bothBuilt);
		const green = await greenOf(system);
		expect(await since(green, viewOf(system, {memory}))).toBeUndefined();
	});

	test('is none while a module waits for a rebuild, and while another kernel runs', async () => {
		const stale = viewOf(systemWith(ready, {...bothBuilt, blinker: older}), {memory});
		expect(isGreen(await inspectAll(steps, stale))).toBe(false);
		const upgraded = viewOf(systemWith({...ready, running: older}, bothBuilt), {memory});
		expect(isGreen(await inspectAll(steps, upgraded))).toBe(false);
	});
});

describe('since then', () => {
	const upgraded = (running: string): SystemDescription => ({
		running,
		kernels: [{...linuxRust, release: newer}],
		rustup: rustup1851
	});

	test('the kernel was upgraded and not rebooted', async () => {
		const green = await greenOf(systemWith(ready, bothBuilt));
		const view = viewOf(systemWith({...upgraded(labRelease), procConfig: configs.rustOn612}, bothBuilt), {memory});
		expect(await since(green, view)).toEqual({
			at: green.at,
			changes: [
				{
					fact: 'kernel',
					before: `linux-rust ${labRelease}`,
					after: `linux-rust ${newer}`,
					note: 'not running yet: reboot',
					stale: ['boot', 'build', 'load']
				}
			]
		});
	});

	test('and rebooted: only the modules are behind', async () => {
		const green = await greenOf(systemWith(ready, bothBuilt));
		const view = viewOf(systemWith(upgraded(newer), bothBuilt), {memory});
		expect(await since(green, view)).toMatchObject({
			changes: [{fact: 'kernel', note: 'running', stale: ['build', 'load']}]
		});
	});

	test('and mended: the change is there, and nothing is stale', async () => {
		const green = await greenOf(systemWith(ready, bothBuilt));
		const view = viewOf(systemWith(upgraded(newer), {hello: newer, blinker: newer}), {memory});
		expect((await since(green, view))?.changes.map(one => one.stale)).toEqual([['load']]);
		expect(isGreen(await inspectAll(steps, view))).toBe(true);
	});

	test('the kernel is built by another rustc, and the old one is gone', async () => {
		const green = await greenOf(systemWith(ready, bothBuilt));
		const kernel = {
			...linuxRust,
			release: newer,
			config: linuxRust.config?.toString().replaceAll(rustc.rustup1851, rustc.rustup1950) ?? '',
			headers: {rustc: rustc.rustup1950}
		};
		const view = viewOf(systemWith({running: newer, kernels: [kernel], rustup: []}, bothBuilt), {memory});
		expect((await since(green, view))?.changes).toEqual([
			expect.objectContaining({fact: 'kernel'}),
			{fact: 'its rustc', before: rustc.rustup1851, after: rustc.rustup1950, stale: ['toolchain', 'build', 'load']},
			{
				fact: 'rustc',
				before: rustc.rustup1851,
				after: undefined,
				note: rustcPath,
				stale: ['toolchain', 'build', 'load']
			}
		]);
	});

	test('the headers were removed, or are of another release', async () => {
		const green = await greenOf(systemWith(ready, bothBuilt));
		const {headers: _headers, ...without} = linuxRust;
		const kernel = {...without, configIn: 'boot'} as const;
		const removed = viewOf(systemWith({...ready, kernels: [kernel]}, bothBuilt), {memory});
		expect((await since(green, removed))?.changes).toMatchObject([
			{fact: 'headers', before: labRelease, after: undefined, stale: ['metadata', 'load']}
		]);
		const other = {...linuxRust, headers: {rustc: rustc.rustup1851, release: older}};
		const changed = viewOf(systemWith({...ready, kernels: [other]}, bothBuilt), {memory});
		expect((await since(green, changed))?.changes).toMatchObject([
			{fact: 'headers', before: labRelease, after: older, stale: ['metadata', 'load']}
		]);
	});

	test('a module was built for another kernel, and one is gone', async () => {
		const green = await greenOf(systemWith(ready, bothBuilt));
		const view = viewOf(systemWith(ready, {hello: older}), {memory});
		expect((await since(green, view))?.changes).toEqual([
			{
				fact: 'module hello',
				before: `built for ${labRelease}`,
				after: `built for ${older}`,
				note: '/home/me/hello',
				stale: ['build', 'load']
			},
			expect.objectContaining({fact: 'module blinker', before: `built for ${labRelease}`, after: undefined})
		]);
	});

	test('the kernel was downgraded', async () => {
		const green = await greenOf(systemWith(ready, bothBuilt));
		const view = viewOf(
			systemWith({running: older, kernels: [{...linuxRust, release: older}], rustup: rustup1851}, bothBuilt),
			{memory}
		);
		expect((await since(green, view))?.changes).toMatchObject([
			{fact: 'kernel', before: `linux-rust ${labRelease}`, after: `linux-rust ${older}`, stale: ['build', 'load']}
		]);
	});
});

describe('the step build, of several remembered modules', () => {
	const inspect = async (built: Readonly<Record<string, string | undefined>>, cwd?: string) =>
		saidBy(
			await buildStep.inspect(viewOf(systemWith(ready, built), {memory, ...(cwd === undefined ? {} : {reader: {cwd}})}))
		);

	test('all built', async () => {
		expect(await inspect(bothBuilt)).toMatchObject({status: 'done', summary: `hello.ko for ${labRelease}`});
	});

	test('all stale: one remedy rebuilds each, the one worked on last at the end', async () => {
		const said = await inspect({hello: older, blinker: older});
		expect(said).toMatchObject({
			status: 'stale',
			reason: 'build.other-release',
			summary: 'two modules need a rebuild',
			remedies: [{id: 'rebuild', label: 'Build hello, blinker again', mends: true}]
		});
		const commands = await commandsOf(said);
		// cleaned first: make would go by the time of the files, and leave them as they are
		expect(commands.map(command => /M=(\S+) (?:.* )?(\w+)$/.exec(command)?.slice(1).join(' '))).toEqual([
			'/home/me/blinker clean',
			'/home/me/blinker modules',
			'/home/me/hello clean',
			'/home/me/hello modules'
		]);
	});

	test('only another one is stale', async () => {
		const said = await inspect({hello: labRelease, blinker: older});
		expect(said).toMatchObject({status: 'stale', summary: 'one module needs a rebuild'});
		expect(await commandsOf(said)).toEqual([
			expect.stringContaining('M=/home/me/blinker clean'),
			expect.stringMatching(/M=\/home\/me\/blinker .*modules$/)
		]);
	});

	test('one that was never built comes first, and the others are evidence', async () => {
		const said = await inspect({hello: undefined, blinker: older});
		expect(said).toMatchObject({status: 'todo', reason: 'build.never'});
		expect(said.evidence).toContainEqual({
			label: 'blinker.ko',
			value: `was built for ${older}`,
			source: '/home/me/blinker/blinker.ko'
		});
	});

	test('in the folder of one of them, only that one is spoken of', async () => {
		expect(await inspect({hello: labRelease, blinker: older}, '/home/me/hello')).toMatchObject({status: 'done'});
	});
});
