import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {beforeAll, describe, expect, test} from 'vitest';
import {kconfigFiles} from '../kernel/kconfig-fixtures.ts';
import {foundProgram} from '../scaffold/found-program.ts';
import {buildProgram, makePlace} from '../support/program.ts';
import {ready, type Scene, sceneNames, scenes} from '../support/scenes.ts';
import {expectToFit, schema} from '../support/schemas.ts';
import {configs, labRelease, makeSystem} from '../support/sysroot.ts';

beforeAll(buildProgram, 60_000);

const check = schema('check');
const explained = schema('explain');
const errors = schema('error');
const commands = schema('command');
const kdir = `/usr/lib/modules/${labRelease}/build`;

/** Scenes that do not depend on who runs the program: root needs no sudo. */
const anyone = sceneNames.filter(name => name !== 'no sudo');

/** What the program must never show. */
function expectNoTrace(text: string): void {
	expect(text).not.toMatch(/\n {4}at |node:internal|Error:/);
}

describe('check', () => {
	test.each(anyone)('--json --sysroot: %s', async name => {
		const scene: Scene = scenes[name];
		const system = makeSystem(scene.system);
		const module = scene.named?.folder === undefined ? [] : ['--module', scene.named.folder];
		const {code, stdout, stderr} = await makePlace().run(['check', '--json', '--sysroot', system.root, ...module]);
		const document = JSON.parse(stdout);
		expectToFit(check, document);
		const says = document.steps.map((step: {id: string; reason?: string}) => [
			step.id,
			step.reason?.slice(step.id.length + 1) ?? 'done'
		]);
		expect(Object.fromEntries(says)).toEqual(scene.says);
		expect({next: document.next, code, stderr}).toEqual({next: scene.next, code: scene.exit, stderr: ''});
	});

	test('of named steps alone: their exit code and nothing of the others', async () => {
		const system = makeSystem(scenes['Arch with linux-rust installed, stock linux running'].system);
		const place = makePlace();
		const kernel = await place.run(['check', 'kernel', 'toolchain', '--sysroot', system.root]);
		expect(kernel).toEqual({
			code: 0,
			stderr: '',
			stdout: `kernel: done: linux-rust ${labRelease} has Rust support\ntoolchain: done: rustc 1.85.1 · /home/me/.rustup/toolchains/1.85.1-x86_64-unknown-linux-gnu/bin/rustc\n`
		});
		const boot = await place.run(['check', 'boot', '--json', '--sysroot', system.root]);
		expectToFit(check, JSON.parse(boot.stdout));
		expect(boot.code).toBe(4);
		expect((await place.run(['check', 'module', '--quiet', '--sysroot', system.root])).stdout).toBe(
			'module: no module yet\n'
		);
	});

	test('--quiet says only what is to be done', async () => {
		const system = makeSystem(scenes['Arch, sources changed since the build'].system);
		const ran = await makePlace().run(['check', '-q', '--sysroot', system.root, '--module', '/home/me/numbers']);
		expect(ran).toEqual({code: 1, stdout: 'build: the sources changed since the last build\n', stderr: ''});
	});

	test('all done: 0', async () => {
		const system = makeSystem(scenes['Arch, all done'].system);
		const ran = await makePlace().run(['check', '-q', '--sysroot', system.root, '--module', '/home/me/numbers']);
		expect(ran).toEqual({code: 0, stdout: '', stderr: ''});
	});

	test('a damaged memory is a notice, not an end, and stays where it is', async () => {
		const system = makeSystem(ready);
		const place = makePlace();
		mkdirSync(join(place.state, 'linux-rust-setup'), {recursive: true});
		writeFileSync(join(place.state, 'linux-rust-setup/memory.json'), '{"schema": 1, "modules": 7}');
		const {stdout, code} = await place.run(['check', 'kernel', '--json', '--sysroot', system.root]);
		const document = JSON.parse(stdout);
		expectToFit(check, document);
		expect(document.notices).toEqual([expect.stringContaining('memory.json is damaged')]);
		expect(code).toBe(0);
		expect(readdirSync(join(place.state, 'linux-rust-setup'))).toEqual(['memory.json']);
	});

	test('nothing is written by looking', async () => {
		const system = makeSystem(ready);
		const place = makePlace();
		const before = execFileSync('find', [system.root], {encoding: 'utf8'});
		await place.run(['check', '--sysroot', system.root]);
		expect(execFileSync('find', [system.root], {encoding: 'utf8'})).toBe(before);
		expect(readdirSync(place.cwd)).toEqual([]);
		expect(existsSync(place.state)).toBe(false);
	});

	test('of this very machine: a document, whatever it is', async () => {
		const {stdout, stderr, code} = await makePlace().run(['check', '--json']);
		expectToFit(check, JSON.parse(stdout));
		expect(stderr).toBe('');
		expect([0, 1, 4]).toContain(code);
	});
});

describe('wizard without a terminal', () => {
	test('prints what check prints, with the flags that answer its questions, and ends as check does', async () => {
		const system = makeSystem(scenes['Arch with linux-rust installed, stock linux running'].system);
		const place = makePlace();
		const walked = await place.run(['--sysroot', system.root]);
		expect(walked).toEqual(await place.run(['check', '--sysroot', system.root]));
		expect(walked.code).toBe(4);
		expect(walked.stdout).toContain('module: answer with: --template hello --name NAME\n');
	});
});

describe('new', () => {
	const names = [
		'../x',
		'/abs',
		'a b',
		'a;id',
		'$(id)',
		'-rf',
		'fn',
		'x'.repeat(70),
		'a\u001b[31m',
		'',
		'Über',
		'core',
		'.',
		'a\nb'
	];

	test.each(names)('%j is refused: code 2, a sentence, nothing written', async name => {
		const system = makeSystem(ready);
		const place = makePlace();
		const ran = await place.run(['new', name, '--kdir', system.path(kdir)]);
		expect(ran.code).toBe(2);
		expect(ran.stdout).toBe('');
		expect(ran.stderr).toMatch(/^[A-Z"][^\n]*\.\n[^\n]+\n$/);
		expect(ran.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
		expectNoTrace(ran.stderr);
		expect(readdirSync(place.cwd)).toEqual([]);
		expect(readdirSync(join(place.cwd, '..'))).toEqual(['here']);
		expect(existsSync('/abs')).toBe(false);
	});

	test('--json says the same as a document', async () => {
		const place = makePlace();
		const ran = await place.run(['new', '../x', '--json']);
		expectToFit(errors, JSON.parse(ran.stdout));
		expect({...ran, stdout: JSON.parse(ran.stdout).error.code}).toEqual({code: 2, stdout: 'module-name', stderr: ''});
		expect(readdirSync(place.cwd)).toEqual([]);
	});

	test('--dry-run shows the files and writes none', async () => {
		const system = makeSystem(ready);
		const place = makePlace();
		const ran = await place.run(['new', 'mine', '--dry-run', '--kdir', system.path(kdir)]);
		expect(ran.code).toBe(0);
		expect(ran.stdout).toContain(`==> ${place.cwd}/mine/mine.rs\n`);
		expect(readdirSync(place.cwd)).toEqual([]);
	});

	test('writes the module once, and never over it', async () => {
		const system = makeSystem(ready);
		const place = makePlace();
		const first = await place.run(['new', 'mine', '--template', 'numbers', '--kdir', system.path(kdir)]);
		expect(first.code).toBe(0);
		expect(readdirSync(join(place.cwd, 'mine')).sort()).toEqual([
			...(foundProgram('git') === undefined ? [] : ['.git']),
			'.gitignore',
			'Kbuild',
			'Makefile',
			'README.md',
			'mine.rs'
		]);
		const source = readFileSync(join(place.cwd, 'mine/mine.rs'), 'utf8');
		const second = await place.run(['new', 'mine', '--kdir', system.path(kdir)]);
		expect(second.code).toBe(1);
		expect(second.stderr).toContain('nothing is overwritten');
		expect(second.stdout).toContain('is the same: Kbuild\n');
		expect(second.stdout).toMatch(/^differs: mine\.rs\n {3}--- mine\.rs\n {3}\+\+\+ mine\.rs\n {3}@@ /m);
		expect(second.stdout).toMatch(/^ {3}-.*Rust out-of-tree sample \(init\)/m);
		expect(second.stdout).toMatch(/^ {3}\+.*Hello from Rust/m);
		const document = JSON.parse((await place.run(['new', 'mine', '--kdir', system.path(kdir), '--json'])).stdout);
		expect(document).toMatchObject({outcome: 'refused', exit: 1, folder: join(place.cwd, 'mine')});
		expect(document.differences.map((one: {path: string; status: string}) => [one.path, one.status])).toEqual([
			['Kbuild', 'same'],
			['Makefile', 'same'],
			['mine.rs', 'differs'],
			['.gitignore', 'same'],
			['README.md', 'differs']
		]);
		expect(readFileSync(join(place.cwd, 'mine/mine.rs'), 'utf8')).toBe(source);
	});

	test('an unknown template names those that there are', async () => {
		expect(await makePlace().run(['new', 'mine', '--template', 'nul'])).toMatchObject({
			code: 2,
			stderr: 'There is no template "nul".\nTemplates: hello, numbers, parameters, misc-device.\n'
		});
	});

	test('a mounted system is not written to', async () => {
		const system = makeSystem(ready);
		const ran = await makePlace().run(['new', 'mine', '--sysroot', system.root]);
		expect(ran).toMatchObject({code: 2, stderr: expect.stringContaining('is looked at, never changed')});
	});
});

describe('--json of what does something fits its schema', () => {
	const fits = async (place: ReturnType<typeof makePlace>, args: readonly string[]) => {
		const ran = await place.run([...args, '--json']);
		const document = JSON.parse(ran.stdout);
		expectToFit(commands, document);
		expect(document.command).toBe(args[0]);
		if (document.exit !== undefined) expect(document.exit).toBe(ran.code);
		return document;
	};

	test('new: planned, done, and refused with the differences', async () => {
		const place = makePlace();
		const args = ['new', 'mine', '--kdir', makeSystem(ready).path(kdir)];
		expect((await fits(place, [...args, '--dry-run'])).files.length).toBeGreaterThan(3);
		expect(await fits(place, args)).toEqual({schema: 1, command: 'new', outcome: 'ok', exit: 0});
		expect(await fits(place, [...args, '--template', 'numbers'])).toMatchObject({
			outcome: 'refused',
			why: expect.stringContaining('nothing is overwritten')
		});
	});

	test('build: planned, refused, and failed with what is known of it', async () => {
		const place = makePlace();
		expect(await fits(place, ['build'])).toMatchObject({
			outcome: 'refused',
			why: expect.stringContaining('holds no module'),
			remedy: 'Start one with: linux-rust-setup new NAME'
		});
		const system = makeSystem(ready);
		const flags = ['--kdir', system.path(kdir), '--rustc', '/usr/bin/true'];
		await place.run(['new', 'mine', '--kdir', system.path(kdir)]);
		const [command] = (await fits(place, ['build', 'mine', ...flags, '--dry-run'])).commands;
		expect(command).toMatchObject({as: 'user', text: expect.stringMatching(/^make /)});
		system.write(
			`${kdir}/Makefile`,
			'%:\n\t@echo "error[E0514]: found crate \\`core\\` compiled by an incompatible version of rustc" >&2; false\n'
		);
		const failed = await fits(place, ['build', 'mine', ...flags]);
		expect(failed).toMatchObject({outcome: 'failed', exit: 3, title: expect.stringContaining('make')});
		expect(readFileSync(failed.log, 'utf8')).toContain('E0514');
		expect(failed.failures[0].id).toContain('E0514');
	});

	test.each(['load', 'unload'])('%s: refused', async name => {
		expect(await fits(makePlace(), [name])).toMatchObject({
			outcome: 'refused',
			exit: 1,
			why: expect.stringContaining('holds no module')
		});
	});
});

describe('what cannot be used is said in a sentence: code 2', () => {
	test.each([
		[['check', '--kdir', '.'], 'kdir-unusable', 'has no Makefile'],
		[['check', '--kdir', 'nowhere'], 'kdir-unusable', 'does not exist'],
		[['check', '--rustc', 'nowhere'], 'rustc-unusable', 'is no program'],
		[['check', '--sysroot', 'nowhere'], 'no-such-folder', 'is no folder'],
		[['check', '--frobnicate'], 'unknown-flag', 'There is no flag "--frobnicate".'],
		[['frobnicate'], 'unknown-command', 'There is no command "frobnicate".'],
		[['check', 'lode'], 'unknown-step', 'There is no step "lode".'],
		[['explain', 'nowhere.log'], 'unreadable-input', 'nowhere.log could not be read']
	])('%j', async (args, code, message) => {
		const place = makePlace();
		const plain = await place.run(args);
		expect(plain).toMatchObject({code: 2, stdout: ''});
		expect(plain.stderr).toContain(message);
		expectNoTrace(plain.stderr);
		const json = await place.run([...args, '--json']);
		expect(json).toMatchObject({code: 2, stderr: ''});
		const document = JSON.parse(json.stdout);
		expectToFit(errors, document);
		expect(document.error.code).toBe(code);
		expect(document.error.message).toContain(message);
	});
});

describe('explain', () => {
	const log = "error[E0463]: can't find crate for `kernel`\n  |\n  = note: the `target` target may not be installed\n";

	test('a log on standard input', async () => {
		const ran = await makePlace().run(['explain', '--json'], {input: log});
		const document = JSON.parse(ran.stdout);
		expectToFit(explained, document);
		expect(document).toMatchObject({kind: 'log', failures: [{id: 'E0463', severity: 'error', line: 1}]});
		expect(ran.code).toBe(0);
		const plain = await makePlace().run(['explain', '-'], {input: log});
		expect(plain).toMatchObject({code: 0, stderr: ''});
		expect(plain.stdout).toMatch(/^error: E0463\n/);
	});

	test('an error that it does not know: 1, with the line', async () => {
		const ran = await makePlace().run(['explain', '--json'], {
			input: 'fine\nerror: the flux \u001b[31mcapacitor overflowed\n'
		});
		const document = JSON.parse(ran.stdout);
		expectToFit(explained, document);
		expect(document).toEqual({
			schema: 1,
			kind: 'log',
			failures: [],
			unexplained: {line: 2, text: 'error: the flux capacitor overflowed'}
		});
		expect(ran.code).toBe(1);
	});

	test('a failure by its id: all that is known of it; a file of that name comes first', async () => {
		const place = makePlace();
		const page = await place.run(['explain', 'e0514']);
		expect(page).toMatchObject({code: 0, stderr: ''});
		expect(page.stdout).toMatch(
			/^error: E0514\n.*\(E0514\)[\s\S]*\n {3}error\[E0514\][\s\S]*\n - [\s\S]*\nKnown from: .*\.\n$/
		);
		const json = await place.run(['explain', 'disk.full', '--json']);
		const document = JSON.parse(json.stdout);
		expectToFit(explained, document);
		expect(document).toMatchObject({kind: 'failure', id: 'disk.full', stage: 'build', severity: 'error'});

		writeFileSync(join(place.cwd, 'E0514'), log);
		expect((await place.run(['explain', 'E0514'])).stdout).toMatch(/^error: E0463\n/);
		expect(await place.run(['explain', 'E9999'])).toMatchObject({
			code: 2,
			stderr: expect.stringContaining('or a failure by its id, such as E0514')
		});
	});

	test.each([
		['', 0],
		['all is well\n', 0]
	])('%j: nothing to say', async (input, code) => {
		const ran = await makePlace().run(['explain'], {input});
		expect(ran).toEqual({code, stdout: 'Nothing in it looks like an error.\n', stderr: ''});
	});

	test('a gzipped kernel configuration', async () => {
		const ran = await makePlace().run(['explain', '--json'], {input: gzipSync(configs.rustOff612)});
		const document = JSON.parse(ran.stdout);
		expectToFit(explained, document);
		expect(document).toMatchObject({kind: 'config', kernel: '6.12.117', rust: 'off'});
		expect(document.conflicts.map((one: {option: string}) => one.option)).toEqual([
			'CONFIG_RUST_IS_AVAILABLE',
			'CONFIG_MODVERSIONS'
		]);
		expect(ran.code).toBe(0);
	});

	test('a plain one, with Rust, from a file', async () => {
		const system = makeSystem({files: {'/config': configs.rustOn72}});
		const ran = await makePlace().run(['explain', system.path('/config')]);
		expect(ran).toEqual({code: 0, stdout: 'kernel 7.2.13: Rust is on\n', stderr: ''});
	});

	const off612 =
		'kernel 6.12.117: Rust is off\n   CONFIG_RUST_IS_AVAILABLE=n, needs RUST_IS_AVAILABLE: A suitable rustc, bindgen or libclang was missing when this kernel was configured (scripts/rust_is_available.sh), and then Kconfig hides Rust without a message.\n      To have Rust: configure the kernel where rustc, bindgen and libclang are found (make LLVM=1 rustavailable, in its source, names what is missing).\n   CONFIG_MODVERSIONS=y, needs !MODVERSIONS: Symbol versions (CRCs) for Rust can only be computed from debug information (GENDWARFKSYMS, from 6.14 on).\n      To have Rust: CONFIG_MODVERSIONS=n.\n   CONFIG_HAVE_RUST=y says that Linux can be built with Rust on this architecture, not that this kernel was: that would be CONFIG_RUST=y.\n';

	test('one without Rust: each option in the way, what is needed, and by which conditions', async () => {
		const ran = await makePlace().run(['explain'], {input: configs.rustOff612});
		expect(ran).toEqual({
			code: 0,
			stdout: `${off612}   The conditions are those of the table for Linux 6.12.117.\n`,
			stderr: ''
		});
	});

	test('--kdir, and a configuration in its own tree: the conditions are those of the Kconfig files there', async () => {
		const system = makeSystem({files: {...kconfigFiles('6.12.117', '/linux'), '/linux/.config': configs.rustOff612}});
		const stdout = `${off612}   The conditions are those of init/Kconfig in ${system.path('/linux')}.\n`;
		const place = makePlace();
		const named = await place.run(['explain', '--kdir', system.path('/linux')], {input: gzipSync(configs.rustOff612)});
		expect(named).toEqual({code: 0, stdout, stderr: ''});
		expect(await place.run(['explain', system.path('/linux/.config')])).toEqual(named);
		const json = await place.run(['explain', '--json', system.path('/linux/.config')]);
		expectToFit(explained, JSON.parse(json.stdout));
		expect(JSON.parse(json.stdout).rules).toBe(`init/Kconfig in ${system.path('/linux')}`);
	});

	test('--kdir without Kconfig files: 2', async () => {
		const system = makeSystem({});
		const ran = await makePlace().run(['explain', '--kdir', system.root], {input: configs.rustOff612});
		expect(ran).toMatchObject({code: 2, stdout: ''});
		expect(ran.stderr).toContain('has no init/Kconfig');
	});

	test('damaged gzip data: 2, and no trace', async () => {
		const ran = await makePlace().run(['explain'], {input: gzipSync(configs.rustOff612).subarray(0, 500)});
		expect(ran).toMatchObject({code: 2, stdout: ''});
		expect(ran.stderr).toContain('cannot be unpacked');
		expectNoTrace(ran.stderr);
	});
});

describe('a reader that goes away is no error', () => {
	test.each([['check'], ['check', '--json'], ['wizard'], ['explain', '-']].map(args => [args]))('%j', async args => {
		const system = makeSystem(ready);
		const place = makePlace();
		const sysroot = args[0] === 'explain' ? [] : ['--sysroot', system.root];
		const read = await place.run([...args, ...sysroot], {input: 'all is well\n'});
		const closed = await place.run([...args, ...sysroot], {input: 'all is well\n', closed: true});
		expect(closed).toEqual({code: read.code, stdout: '', stderr: ''});
	});
});

describe('an old Node', () => {
	const systemNode = ['/usr/bin/node', '/usr/local/bin/node'].find(path => existsSync(path) && isOld(path));
	if (systemNode === undefined)
		console.warn('No Node older than 22.12 is installed here: what it is told is not tested.');

	test.runIf(systemNode !== undefined)('gets one sentence and code 2', async () => {
		const ran = await makePlace().run(['check'], {node: systemNode ?? ''});
		expect(ran).toMatchObject({code: 2, stdout: ''});
		expect(ran.stderr).toMatch(
			/^linux-rust-setup needs Node\.js 22\.12 or later, and this is \d+\.\d+\.\d+: [^\n]+\.\n$/
		);
	});
});

function isOld(path: string): boolean {
	const [major = 0, minor = 0] = execFileSync(path, ['-p', 'process.versions.node'], {encoding: 'utf8'})
		.split('.')
		.map(Number);
	return major < 22 || (major === 22 && minor < 12);
}
