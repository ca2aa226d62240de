import {expect, test} from 'vitest';
import {buildStep} from '../../src/steps/build.ts';
import {linuxRust, ready} from '../support/scenes.ts';
import {builtModule, configs, type ModuleDescription, rustc} from '../support/sysroot.ts';
import {commandsOf, inspectStep} from './inspect.ts';

const folder = '/home/me/numbers';
const inspect = (module: ModuleDescription, kernel = linuxRust) =>
	inspectStep(
		buildStep,
		{...ready, running: kernel.release, kernels: [kernel], module},
		{named: {folder: module.folder ?? folder}}
	);

test('done', async () => {
	expect(await inspect({ko: true})).toMatchObject({status: 'done', summary: 'numbers.ko for 6.12.117-arch1-1-rust'});
});

test('build.never: the command names the exact compiler, and LLVM=1 for a clang kernel', async () => {
	const said = await inspect({});
	expect(said).toMatchObject({status: 'todo', reason: 'build.never'});
	expect(await commandsOf(said)).toEqual([
		'make -C /usr/lib/modules/6.12.117-arch1-1-rust/build M=/home/me/numbers LLVM=1 RUSTC=/home/me/.rustup/toolchains/1.85.1-x86_64-unknown-linux-gnu/bin/rustc modules'
	]);
	expect(said.remedies[0]?.undo).toBe('make -C /usr/lib/modules/6.12.117-arch1-1-rust/build M=/home/me/numbers clean');
});

test('a gcc kernel is built for without LLVM=1', async () => {
	const said = await inspect(
		{},
		{...linuxRust, config: configs.rustOn72.replaceAll(rustc.debian1971, rustc.rustup1851)}
	);
	expect((await commandsOf(said))[0]).not.toContain('LLVM');
});

test('build.other-release', async () => {
	const said = await inspect({ko: true}, {...linuxRust, release: '6.12.118-arch1-1-rust'});
	expect(said).toMatchObject({
		status: 'stale',
		reason: 'build.other-release',
		summary: 'numbers.ko was built for 6.12.117-arch1-1-rust'
	});
});

test('build.sources-newer names the source', async () => {
	expect(await inspect({ko: true, sourcesNewer: true})).toMatchObject({
		status: 'stale',
		reason: 'build.sources-newer',
		question: expect.stringContaining(`${folder}/numbers.rs is newer`)
	});
});

test.each([
	['empty', Uint8Array.of(), 'empty'],
	['cut off', builtModule().subarray(0, 5000), 'cut off'],
	[
		'an object without .modinfo',
		builtModule().map((byte, index) => (index < 64 ? byte : byte === 0x2e ? 0x5f : byte)),
		'.modinfo'
	]
])('build.damaged: %s', async (_what, ko, why) => {
	expect(await inspect({ko})).toMatchObject({
		status: 'stale',
		reason: 'build.damaged',
		question: expect.stringContaining(why)
	});
});

test('build.unreadable', async () => {
	const said = await inspectStep(
		buildStep,
		{...ready, module: {}, files: {[`${folder}/numbers.ko/x`]: ''}},
		{named: {folder}}
	);
	expect(said).toMatchObject({status: 'unknown', reason: 'build.unreadable'});
});

test('build.path: kbuild cannot build where a space is', async () => {
	expect(await inspect({folder: '/home/me/my numbers'})).toMatchObject({
		status: 'todo',
		reason: 'build.path',
		question: expect.stringContaining('a space')
	});
});

test('build.no-module', async () => {
	expect(await inspectStep(buildStep, ready)).toMatchObject({status: 'blocked', reason: 'build.no-module'});
});
