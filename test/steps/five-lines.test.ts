import {execFileSync} from 'node:child_process';
import {appendFileSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {withKnownAnswers} from '../../src/machine/answers.ts';
import {createLocalReader} from '../../src/machine/reader.ts';
import type {Reader} from '../../src/model/machine.ts';
import {emptyMemory} from '../../src/model/memory.ts';
import {compileFiveLines} from '../../src/steps/five-lines.ts';
import type {Kernel} from '../../src/survey/kernels.ts';
import {createView} from '../../src/survey/view.ts';
import {parseIdentity} from '../../src/toolchain/identity.ts';
import {foundProgram} from '../scaffold/found-program.ts';
import {scratchFolder} from '../support/scratch.ts';

const rustcHere = foundProgram('rustc');
const asked = (program: string, ...words: readonly string[]): string =>
	execFileSync(program, words, {encoding: 'utf8', env: {...process.env, RUSTC_BOOTSTRAP: '1'}}).trim();

describe.runIf(rustcHere !== undefined)('the five-line crate, with a real compiler', {timeout: 30_000}, () => {
	/** A build folder whose core is compiled for this machine, not for the target of the kernel. */
	function scene() {
		const home = scratchFolder();
		const path = join(asked(rustcHere ?? '', '--print', 'sysroot'), 'bin/rustc');
		const kdir = join(home, 'kdir');
		const target = join(kdir, 'scripts/target.json');
		const core = join(kdir, 'rust/libcore.rmeta');
		for (const name of ['rust', 'scripts']) mkdirSync(join(kdir, name), {recursive: true});
		writeFileSync(
			target,
			asked(path, '-Zunstable-options', '--print', 'target-spec-json', '--target', 'x86_64-unknown-none')
		);
		const source = join(home, 'core.rs');
		writeFileSync(source, '#![feature(no_core)]\n#![no_core]\n');
		asked(path, '--crate-name=core', '--crate-type=rlib', '--emit=metadata', '-o', core, source);
		const local = createLocalReader({environment: {HOME: home, PATH: '/usr/bin:/bin'}});
		let runs = 0;
		const counting: Reader = {
			...local,
			probe(...words) {
				runs += 1;
				return local.probe(...words);
			}
		};
		const text = asked(path, '--version');
		const identity = parseIdentity(text);
		if (identity === undefined) throw new Error(text);
		return {
			target,
			core,
			runs: () => runs,
			/** What a process that starts now finds out. */
			compile(of = ['rust/libcore.rmeta', 'scripts/target.json']) {
				const reader = withKnownAnswers(counting, join(home, '.cache/linux-rust-setup/compilers.json'));
				const view = createView({builder: reader, target: reader, named: {}, memory: emptyMemory});
				return compileFiveLines(
					view,
					{kdir} as Kernel,
					{path, origin: path, identity: {status: 'found', value: identity}},
					of
				);
			}
		};
	}

	test('a refusal is known from then on, and asked again as soon as a file is another one', async () => {
		const {compile, runs, core, target} = scene();
		for (let time = 0; time < 3; time++)
			expect(await compile()).toMatchObject({ok: false, said: expect.stringContaining('E0461')});
		expect(runs()).toBe(1);
		appendFileSync(core, 'x');
		expect(await compile()).toMatchObject({ok: false});
		expect(runs()).toBe(2);
		writeFileSync(target, '{}');
		for (let time = 0; time < 2; time++)
			expect(await compile()).toMatchObject({ok: false, said: expect.stringContaining('target specification')});
		expect(runs()).toBe(3);
	});

	test('a file that is none of those may come: asked each time', async () => {
		const {compile, runs, core} = scene();
		rmSync(core);
		for (let time = 0; time < 2; time++)
			expect(await compile(['scripts/target.json'])).toMatchObject({
				ok: false,
				said: expect.stringContaining("[E0463]: can't find crate for `core`")
			});
		expect(runs()).toBe(2);
	});
});
