import {spawn} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {release, tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {performAll} from '../../src/actions/perform.ts';
import {createLocalReader} from '../../src/machine/reader.ts';
import {createLocalRunner} from '../../src/machine/runner.ts';
import {emptyMemory} from '../../src/model/memory.ts';
import {plainStage} from '../../src/plain/stage.ts';
import {toolchainStep} from '../../src/steps/toolchain.ts';
import {createView} from '../../src/survey/view.ts';
import {foundProgram} from '../scaffold/found-program.ts';
import {machineWithModules} from '../support/machine-with-modules.ts';
import {buildProgram, makePlace, programPath} from '../support/program.ts';
import {release1851, writeRelease} from '../support/rustup/distribution.ts';
import {installRustup, rustupAt} from '../support/rustup/rustup.ts';
import {type Fault, serve} from '../support/rustup/server.ts';
import {scratchFolder} from '../support/scratch.ts';
import {configs, labRelease, rustc, writeHeaders} from '../support/sysroot.ts';
import {saidBy} from './inspect.ts';

const rustup = foundProgram('rustup');
const modules = machineWithModules();
if ('why' in modules) console.warn(`wizard --yes is not tested: ${modules.why}.`);
else afterAll(modules.forget);

/** Headers of a kernel that was built with the rustc 1.85.1 of rustup, and a home folder with a rustup that has no toolchain. */
function machine(running = labRelease) {
	const folder = scratchFolder();
	const [home, kdir] = [join(folder, 'home'), join(folder, 'kdir')];
	const write = (path: string, content: string | Uint8Array): void => {
		mkdirSync(dirname(path), {recursive: true});
		writeFileSync(path, content);
	};
	writeHeaders(write, kdir, running, {rustc: rustc.rustup1851});
	write(join(kdir, '.config'), configs.rustOn612.replace(rustc.debian1851, rustc.rustup1851));
	installRustup(rustup ?? '', home, {packaged: false});
	// the other programs that this kernel asks for are not what is tested
	for (const name of ['make', 'clang', 'ld.lld', 'llvm-nm']) {
		write(join(home, '.cargo/bin', name), '#!/bin/sh\n');
		chmodSync(join(home, '.cargo/bin', name), 0o755);
	}
	return {home, kdir, environment: {...rustupAt(home).environment, XDG_STATE_HOME: join(folder, 'state')}};
}

describe.runIf(rustup !== undefined)('the step toolchain, with a rustup and a mirror', {timeout: 60_000}, () => {
	const mirror = mkdtempSync(join(tmpdir(), 'mirror-'));
	afterAll(() => rmSync(mirror, {recursive: true}));
	beforeAll(() => {
		buildProgram();
		writeRelease(mirror, release1851);
	});

	test('its first remedy installs the compiler, and then it is done', async () => {
		const {home, kdir, environment} = machine();
		const {run} = makePlace();
		const check = () => run(['check', 'toolchain', '--json', '--kdir', kdir], {environment});
		const before = await check();
		expect(before.code).toBe(1);
		expect(JSON.parse(before.stdout).steps[0]).toMatchObject({
			status: 'todo',
			reason: 'toolchain.missing',
			remedies: [
				{
					id: 'rustup-install',
					consequence: `About 600 MB below ${home}/.rustup; rustup has no default yet, and this becomes it.`,
					undo: 'rustup toolchain uninstall 1.85.1',
					commands: [
						{text: 'rustup toolchain install 1.85.1 --profile minimal --no-self-update', as: 'user', byYou: false}
					]
				}
			]
		});

		const server = await serve(mirror, {bytesPerSecond: 2_000_000});
		const reader = createLocalReader({environment: {...environment, RUSTUP_DIST_SERVER: server.url}});
		const view = createView({builder: reader, target: reader, named: {kdir}, memory: emptyMemory});
		const plan = await saidBy(await toolchainStep.inspect(view)).remedies[0]?.plan({});
		const said = {answers: '', remarks: [] as string[]};
		const outcome = await performAll(
			plan?.ok ? plan.actions : [],
			plainStage({
				reader,
				runner: createLocalRunner(reader),
				remember: async () => undefined,
				voice: {say: text => (said.answers += text), remark: text => said.remarks.push(text)},
				signal: new AbortController().signal,
				mayAsk: () => false
			})
		);
		await server.close();
		expect(outcome).toEqual({kind: 'ok'});
		expect(said.answers).toContain('1.85.1-x86_64-unknown-linux-gnu installed');
		expect(said.remarks[0]).toBe('installing 1.85.1 with rustup\n');
		expect(said.remarks).toContainEqual(expect.stringMatching(/^downloading (?:cargo|rust-std|rustc)/));

		const after = await check();
		expect(JSON.parse(after.stdout).steps[0]).toMatchObject({
			status: 'done',
			summary: `rustc 1.85.1 · ${home}/.rustup/toolchains/1.85.1-x86_64-unknown-linux-gnu/bin/rustc`
		});
		expect(after.code).toBe(0);
	});

	describe.runIf('prefix' in modules)('on a machine that runs such a kernel', () => {
		const [namespace = '', ...rest] = 'prefix' in modules ? modules.prefix : [];

		/** `wizard --yes` in the empty folder `cwd`; a signal is sent when `until` is fulfilled. */
		const walk = async (faults: readonly Fault[], until?: (toolchain: string) => boolean) => {
			const {home, kdir, environment} = machine(release());
			const toolchain = join(rustupAt(home).toolchains, '1.85.1-x86_64-unknown-linux-gnu');
			const server = await serve(mirror, {faults});
			const child = spawn(namespace, [...rest, process.execPath, programPath, 'wizard', '--yes', '--kdir', kdir], {
				cwd: home,
				env: {...environment, RUSTUP_DIST_SERVER: server.url},
				stdio: ['ignore', 'pipe', 'pipe']
			});
			const output = {stdout: '', stderr: ''};
			for (const name of ['stdout', 'stderr'] as const)
				child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
			const watching = setInterval(() => {
				if (!until?.(toolchain)) return;
				clearInterval(watching);
				child.kill('SIGINT');
			}, 10);
			const code = await new Promise<number | null>(resolve => child.on('close', resolve));
			clearInterval(watching);
			await server.close();
			return {...output, code, toolchain};
		};

		test('wizard --yes installs it and goes on to the next step', async () => {
			const {stdout, stderr, toolchain} = await walk([]);
			expect(stderr).toContain(
				'rustup toolchain install 1.85.1 --profile minimal --no-self-update   (installs exactly'
			);
			expect(stdout).toContain(`toolchain: done: rustc 1.85.1 · ${toolchain}/bin/rustc`);
			expect(stdout).toContain('module: done');
		});

		test('Ctrl-C: code 130, and nothing half installed', async () => {
			const {code, stderr, toolchain} = await walk([{path: '/rustc-', kind: 'stall', at: 100_000}], made =>
				existsSync(join(made, 'bin'))
			);
			expect(code).toBe(130);
			expect(stderr).toContain('Cancelled. What was half installed is removed again, finished downloads are kept.');
			expect(existsSync(toolchain)).toBe(false);
		});
	});
});
