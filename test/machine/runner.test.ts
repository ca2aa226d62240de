import {spawn, spawnSync} from 'node:child_process';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync
} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {createLocalReader} from '../../src/machine/reader.ts';
import {createLocalRunner} from '../../src/machine/runner.ts';
import type {Command} from '../../src/model/command.ts';
import {scratchFolder} from '../support/scratch.ts';
import {processesWith, uniqueSleep, until} from './processes.ts';

const runnerWith = (environment: Readonly<Record<string, string>> = {}) =>
	createLocalRunner(createLocalReader({environment: {PATH: '/usr/bin:/bin', ...environment}}));

const runner = runnerWith();

const sh = (script: string, more: Partial<Command> = {}): Command => ({
	argv: ['sh', '-c', script],
	as: 'user',
	terminal: 'captured',
	interrupt: 'group',
	why: 'a test',
	...more
});

async function outcome(command: Command, log?: string) {
	let text = '';
	const running = await runner.run(command, {
		onOutput: piece => {
			text += piece;
		},
		...(log === undefined ? {} : {log})
	});
	return {exit: await running.exit, text};
}

describe('a captured program', () => {
	it('has its output and its errors in the order they were written', async () => {
		const script = 'i=0; while [ $i -lt 200 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done';
		const {exit, text} = await outcome(sh(script));
		expect(exit).toEqual({kind: 'exited', code: 0});
		expect(text).toBe(Array.from({length: 200}, (_, index) => `out ${index}\nerr ${index}\n`).join(''));
	});

	it('leaves every byte in the log, and only safe text on the screen', async () => {
		const log = join(scratchFolder(), 'log');
		const {text} = await outcome(sh("printf '\\033[31mred\\033[0m \\377\\000 \\342\\200\\256bidi\\r\\n'"), log);
		expect(readFileSync(log, 'latin1')).toBe('\u001b[31mred\u001b[0m \u00ff\u0000 \u00e2\u0080\u00aebidi\r\n');
		expect(text).toBe('red \ufffd\\x00 \\u{202e}bidi\r\n');
		expect(statSync(log).mode & 0o777).toBe(0o600);
	});

	it('has all of a large output passed on and logged', async () => {
		const log = join(scratchFolder(), 'log');
		const {text} = await outcome(sh('seq 1 300000'), log);
		expect(text).toBe(readFileSync(log, 'utf8'));
		expect(text.split('\n')).toHaveLength(300_001);
		expect(text.endsWith('\n300000\n')).toBe(true);
	});

	it('is heard while it runs', async () => {
		let text = '';
		const running = await runner.run(sh('echo first; sleep 30'), {
			onOutput: piece => {
				text += piece;
			}
		});
		expect(await until(() => text === 'first\n')).toBe(true);
		running.cancel();
		await running.exit;
	});

	it('leaves nothing in the temporary folder', async () => {
		const temporary = scratchFolder();
		const before = process.env['TMPDIR'];
		process.env['TMPDIR'] = temporary;
		try {
			await outcome(sh('echo x'));
			expect(readdirSync(temporary)).toEqual([]);
		} finally {
			if (before === undefined) delete process.env['TMPDIR'];
			else process.env['TMPDIR'] = before;
		}
	});

	it.each([0, 1, 2, 77, 255])('ends with its code %i', async code => {
		expect((await outcome(sh(`exit ${code}`))).exit).toEqual({kind: 'exited', code});
	});

	it.each(['KILL', 'SEGV', 'TERM'])('ends with its signal %s', async signal => {
		expect((await outcome(sh(`kill -${signal} $$`))).exit).toEqual({kind: 'signalled', signal: `SIG${signal}`});
	});

	it('is not started where it does not exist', async () => {
		const {exit} = await outcome(sh('', {argv: ['no-such-program-here', 'x']}));
		expect(exit).toEqual({
			kind: 'not-started',
			why: 'no-such-program-here is not installed, or not in a folder of PATH that only its owner may write to'
		});
	});

	it('is not started in a folder that does not exist, which is said', async () => {
		const {exit} = await outcome(sh('true', {cwd: '/no/such/folder'}));
		expect(exit).toEqual({kind: 'not-started', why: expect.stringContaining('/no/such/folder')});
	});

	it('is not started where it is no program', async () => {
		const file = join(scratchFolder(), 'broken');
		writeFileSync(file, '#!/no/such/interpreter\n', {mode: 0o755});
		expect((await outcome(sh('', {argv: [file]}))).exit).toMatchObject({kind: 'not-started'});
	});

	it('runs in its folder, with its own and the listed environment, and without input', async () => {
		const folder = scratchFolder();
		const {text} = await outcome(
			sh('pwd; echo "$MINE"; echo "$RUSTUP_AUTO_INSTALL|$RUST_BACKTRACE|$LC_ALL"; cat; echo end', {
				cwd: folder,
				env: {MINE: 'a b'}
			})
		);
		expect(text).toBe(`${folder}\na b\n0||C.UTF-8\nend\n`);
	});

	it('is taken from a safe folder of PATH alone', async () => {
		const planted = scratchFolder();
		writeFileSync(join(planted, 'make'), '#!/bin/sh\necho planted\n', {mode: 0o755});
		chmodSync(planted, 0o777);
		let text = '';
		const running = await runnerWith({PATH: `${planted}:/usr/bin:/bin`}).run(sh('', {argv: ['make', '--version']}), {
			onOutput: piece => {
				text += piece;
			}
		});
		await running.exit;
		expect(text).not.toContain('planted');
	});
});

describe('cancel', () => {
	it('ends the whole process group', async () => {
		const sleep = uniqueSleep();
		const running = await runner.run(sh(`sleep ${sleep} & sleep ${sleep} & wait`));
		expect(await until(() => processesWith(`sleep\0${sleep}`).length === 2)).toBe(true);
		running.cancel();
		expect(await running.exit).toEqual({kind: 'cancelled'});
		expect(await until(() => processesWith(sleep).length === 0, 1000)).toBe(true);
	});

	it.concurrent('kills a program that ignores TERM after five seconds', async () => {
		const sleep = uniqueSleep();
		const running = await runner.run(sh(`trap '' TERM; sleep ${sleep}; sleep ${sleep}`));
		expect(await until(() => processesWith(`sleep\0${sleep}`).length === 1)).toBe(true);
		const started = performance.now();
		running.cancel();
		expect(await running.exit).toEqual({kind: 'cancelled'});
		const took = performance.now() - started;
		expect(took).toBeGreaterThan(4500);
		expect(took).toBeLessThan(8000);
		expect(await until(() => processesWith(sleep).length === 0, 1000)).toBe(true);
	});

	it.concurrent('kills what ignores TERM below a program that does not', async () => {
		const sleep = uniqueSleep();
		const running = await runner.run(sh(`(trap '' TERM; sleep ${sleep}) & wait`));
		expect(await until(() => processesWith(`sleep\0${sleep}`).length === 1)).toBe(true);
		running.cancel();
		expect(await running.exit).toEqual({kind: 'cancelled'});
		expect(await until(() => processesWith(sleep).length === 0, 8000)).toBe(true);
	});

	it('lets a program tidy up', async () => {
		const file = join(scratchFolder(), 'tidied');
		const running = await runner.run(sh(`trap 'echo yes > ${file}; exit 0' TERM; sleep 60 & echo ready; wait`), {});
		await new Promise(resolve => setTimeout(resolve, 300));
		running.cancel();
		expect(await running.exit).toEqual({kind: 'cancelled'});
		expect(readFileSync(file, 'utf8')).toBe('yes\n');
	});

	it('does nothing twice, and nothing to a program that ended', async () => {
		const running = await runner.run(sh('true'));
		expect(await running.exit).toEqual({kind: 'exited', code: 0});
		running.cancel();
		running.cancel();
		expect(await running.exit).toEqual({kind: 'exited', code: 0});
	});

	it('does nothing to a program that must not be interrupted', async () => {
		const running = await runner.run(sh('sleep 0.7; exit 5', {interrupt: 'never'}));
		running.cancel();
		expect(await running.exit).toEqual({kind: 'exited', code: 5});
	});
});

describe('a program that must not be interrupted', () => {
	/** A process of its own that runs a command by the runner, so that signals can be sent to it. */
	const started = async (command: Command): Promise<ReturnType<typeof spawn>> => {
		const script = [
			`import {createLocalReader} from ${JSON.stringify(join(process.cwd(), 'src/machine/reader.ts'))};`,
			`import {createLocalRunner} from ${JSON.stringify(join(process.cwd(), 'src/machine/runner.ts'))};`,
			`const running = await createLocalRunner(createLocalReader()).run(${JSON.stringify(command)});`,
			'await running.exit;'
		].join('\n');
		return spawn(process.execPath, ['--input-type=module', '--no-warnings', '-e', script], {
			env: {...process.env, TMPDIR: scratchFolder()},
			detached: true,
			stdio: 'ignore'
		});
	};

	it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
		'goes on to its end when this program gets %s with its whole group',
		async signal => {
			const [begun, done] = [join(scratchFolder(), 'begun'), join(scratchFolder(), 'done')];
			const parent = await started(sh(`: > ${begun}; sleep 1.5; : > ${done}`, {interrupt: 'never'}));
			expect(await until(() => existsSync(begun), 10_000)).toBe(true);
			process.kill(-(parent.pid ?? 0), signal);
			expect(await until(() => existsSync(done), 10_000)).toBe(true);
		}
	);

	it('is ended with this program where it may be interrupted', async () => {
		const sleep = uniqueSleep();
		const parent = await started(sh(`sleep ${sleep} & sleep ${sleep}; :`));
		expect(await until(() => processesWith(`sleep\0${sleep}`).length === 2, 10_000)).toBe(true);
		process.kill(parent.pid ?? 0, 'SIGTERM');
		expect(await until(() => processesWith(sleep).length === 0, 4000)).toBe(true);
	});
});

describe('root', () => {
	/** A runner for an ordinary user whose `sudo` is a fake that says how it was called. */
	const ordinary = (fakeSudo: string) => {
		const folder = scratchFolder();
		writeFileSync(join(folder, 'sudo'), `#!/bin/sh\n${fakeSudo}\n`, {mode: 0o755});
		const reader = createLocalReader({environment: {PATH: `${folder}:/usr/bin:/bin`}});
		return createLocalRunner({...reader, user: {uid: 1000, name: 'me', home: '/home/me', groups: [1000]}});
	};

	it('is asked of sudo without a question for a captured command, with the program by its whole path', async () => {
		let text = '';
		const running = await ordinary('printf "%s " "$@"').run(sh('', {argv: ['true', 'x'], as: 'root'}), {
			onOutput: piece => {
				text += piece;
			}
		});
		expect(await running.exit).toEqual({kind: 'exited', code: 0});
		expect(text).toMatch(/^-n -- \/[a-z/]*bin\/true x $/);
	});

	it('is asked of sudo to end a command, because sudo belongs to root', async () => {
		const sleep = uniqueSleep();
		const calls = join(scratchFolder(), 'calls');
		const running = await ordinary(`printf '%s\\n' "$*" >> ${calls}; shift 2; exec "$@"`).run(
			sh('', {argv: ['sleep', sleep], as: 'root'})
		);
		expect(await until(() => processesWith(`sleep\0${sleep}`).length === 1)).toBe(true);
		const [sudo] = processesWith(`sleep\0${sleep}`);
		expect(await until(() => existsSync(calls) && readFileSync(calls, 'utf8').endsWith('\n'))).toBe(true);
		running.cancel();
		running.cancel();
		expect(await running.exit).toEqual({kind: 'cancelled'});
		expect(await until(() => readFileSync(calls, 'utf8').includes('kill'))).toBe(true);
		expect(readFileSync(calls, 'utf8').split('\n').slice(1)).toEqual([`-n -- kill -TERM ${sudo}`, '']);
	});

	it('can be had where sudo says so', async () => {
		expect(await ordinary('exit 0').canBeRoot()).toBe(true);
		expect(await ordinary('echo a password is required >&2; exit 1').canBeRoot()).toBe(false);
	});
});

describe('writeNew', () => {
	/** All paths below a folder, folders with a slash. */
	const tree = (folder: string): readonly string[] =>
		readdirSync(folder, {recursive: true, withFileTypes: true})
			.map(entry => `${join(entry.parentPath, entry.name).slice(folder.length + 1)}${entry.isDirectory() ? '/' : ''}`)
			.sort();

	it('writes files and the folders they need', async () => {
		const folder = scratchFolder();
		const result = await runner.writeNew(join(folder, 'new/hello'), [
			{path: 'Kbuild', content: 'obj-m := hello.o\n'},
			{path: 'src/deep/hello.rs', content: 'ä\n'}
		]);
		expect(result).toEqual({
			ok: true,
			written: [join(folder, 'new/hello/Kbuild'), join(folder, 'new/hello/src/deep/hello.rs')]
		});
		expect(readFileSync(join(folder, 'new/hello/src/deep/hello.rs'), 'utf8')).toBe('ä\n');
	});

	it.each([
		['a file', (path: string) => writeFileSync(path, 'mine')],
		['a folder', (path: string) => mkdirSync(path)],
		['a link to nothing', (path: string) => symlinkSync('/no/such/file', path)]
	])('writes nothing at all where %s stands in the way', async (_name, stand) => {
		const folder = scratchFolder();
		stand(join(folder, 'Makefile'));
		const before = tree(folder);
		const result = await runner.writeNew(folder, [
			{path: 'Kbuild', content: 'x'},
			{path: 'src/hello.rs', content: 'x'},
			{path: 'Makefile', content: 'x'},
			{path: 'README.md', content: 'x'}
		]);
		expect(result).toEqual({ok: false, why: `${join(folder, 'Makefile')} exists already`});
		expect(tree(folder)).toEqual(before);
	});

	it('leaves the existing file as it is', async () => {
		const folder = scratchFolder();
		writeFileSync(join(folder, 'Kbuild'), 'mine');
		expect(await runner.writeNew(folder, [{path: 'Kbuild', content: 'theirs'}])).toMatchObject({ok: false});
		expect(readFileSync(join(folder, 'Kbuild'), 'utf8')).toBe('mine');
	});

	it('leaves no new folder behind where it could not write', async () => {
		const folder = scratchFolder();
		writeFileSync(join(folder, 'file'), '');
		const result = await runner.writeNew(folder, [
			{path: 'new/a', content: 'x'},
			{path: 'file/b', content: 'x'}
		]);
		expect(result).toMatchObject({ok: false});
		expect(tree(folder)).toEqual(['file']);
	});

	it('gives a new folder its name when it is whole; what a killed process left goes', async () => {
		const folder = scratchFolder();
		const {pid: dead} = spawnSync('true');
		mkdirSync(join(folder, `.hello.half-written-${dead}-1`));
		writeFileSync(join(folder, `.hello.half-written-${dead}-1/Kbuild`), 'half');
		mkdirSync(join(folder, `.hello.half-written-${process.pid}-999`));
		expect(await runner.writeNew(join(folder, 'hello'), [{path: 'Kbuild', content: 'x'}])).toMatchObject({ok: true});
		expect(tree(folder)).toEqual([`.hello.half-written-${process.pid}-999/`, 'hello/', 'hello/Kbuild']);
	});

	it('lets one of two writers win', async () => {
		const folder = join(scratchFolder(), 'hello');
		const files = ['a', 'b', 'c'].map(path => ({path, content: 'x'}));
		const results = await Promise.all([runner.writeNew(folder, files), runner.writeNew(folder, files)]);
		expect(results.filter(result => result.ok)).toHaveLength(1);
	});
});

describe('newLog', () => {
	const stateOf = () => {
		const state = scratchFolder();
		return {logs: join(state, 'linux-rust-setup/logs'), runner: runnerWith({XDG_STATE_HOME: state})};
	};

	it('is an empty file that only the user may read', async () => {
		const {logs, runner} = stateOf();
		const log = await runner.newLog('build');
		expect(log.startsWith(join(logs, 'build-'))).toBe(true);
		expect(statSync(log).size).toBe(0);
		expect(statSync(log).mode & 0o777).toBe(0o600);
		expect(statSync(logs).mode & 0o777).toBe(0o700);
	});

	it('keeps the newest twenty, whatever their names are, and no other file goes', async () => {
		const {logs, runner} = stateOf();
		mkdirSync(logs, {recursive: true});
		const names = ['build', 'apt-get', 'rustup', 'linux-rust-x', 'a'];
		const old = Array.from(
			{length: 30},
			(_, day) => `${names[day % names.length]}-2026-01-${String(day + 1).padStart(2, '0')}T10-00-00-000Z.log`
		);
		for (const [index, name] of old.entries()) {
			writeFileSync(join(logs, name), name);
			// the time of a copy says nothing
			utimesSync(join(logs, name), 1e9 - index, 1e9 - index);
		}
		writeFileSync(join(logs, 'notes.txt'), '');
		const log = await runner.newLog('build');
		expect(readdirSync(logs).sort()).toEqual([...old.slice(-19), log.slice(logs.length + 1), 'notes.txt'].sort());
	});

	it('is named after the program, not after its folder', async () => {
		const {logs, runner} = stateOf();
		const log = await runner.newLog('/usr/lib/rustup/bin/rustup');
		expect(log.startsWith(join(logs, 'rustup-'))).toBe(true);
	});

	it('is elsewhere, and works, where the state folder cannot be written', async () => {
		const state = scratchFolder();
		writeFileSync(join(state, 'file'), '');
		const runner = runnerWith({XDG_STATE_HOME: join(state, 'file')});
		const why: string[] = [];
		const log = await runner.newLog('build', text => why.push(text));
		await (await runner.run(sh('echo said'), {log})).exit;
		expect(readFileSync(log, 'utf8')).toBe('said\n');
		expect(why).toEqual([
			`No log can be written to ${state}/file/linux-rust-setup/logs (${state}/file/linux-rust-setup/logs: a part of the path is no folder). It is in ${dirname(log)} instead.`
		]);
		rmSync(dirname(log), {recursive: true});
	});
});
