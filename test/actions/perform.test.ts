import {describe, expect, it} from 'vitest';
import {describeExit, troubleFrom} from '../../src/actions/explain.ts';
import {performAll} from '../../src/actions/perform.ts';
import {becomeRoot} from '../../src/actions/stage.ts';
import type {Command} from '../../src/model/command.ts';
import type {Action, Trial} from '../../src/model/step.ts';
import {fakeStage, ok} from './fake-stage.ts';

const make: Command = {
	argv: ['make', '-C', '/kdir'],
	as: 'user',
	terminal: 'captured',
	interrupt: 'group',
	why: 'builds it'
};
const pacman: Command = {
	argv: ['pacman', '-S', 'linux-rust'],
	as: 'root',
	terminal: 'captured',
	interrupt: 'never',
	why: 'installs it'
};
const run = (command: Command, stage: 'build' | 'other' = 'other'): Action => ({
	kind: 'run',
	title: `runs ${command.argv[0]}`,
	command,
	stage
});
const write: Action = {
	kind: 'write',
	folder: '/home/me/hello',
	files: [
		{path: 'Kbuild', content: 'x'},
		{path: 'hello.rs', content: 'y'}
	]
};
const remember: Action = {kind: 'remember', memo: {kind: 'module', folder: '/home/me/hello', name: 'hello'}};

describe('performAll, on a fake machine', () => {
	it('performs actions in their order and tells what happened', async () => {
		const {stage, noted} = fakeStage({programs: {make: {output: '  LD [M]  hello.ko\n'}}});
		expect(await performAll([write, remember, run(make, 'build')], stage)).toEqual({kind: 'ok'});
		expect(noted.events).toEqual([
			{kind: 'wrote', file: '/home/me/hello/Kbuild'},
			{kind: 'wrote', file: '/home/me/hello/hello.rs'},
			{kind: 'phase', text: 'runs make'},
			{kind: 'log', file: '/state/logs/build.log'},
			{kind: 'output', text: '  LD [M]  hello.ko\n'}
		]);
		expect(noted.memos).toEqual([{kind: 'module', folder: '/home/me/hello', name: 'hello'}]);
		expect(noted.ran).toEqual(['make -C /kdir']);
	});

	it('passes on what memory has to say', async () => {
		const {stage, noted} = fakeStage({notice: 'memory was damaged'});
		expect(await performAll([remember], stage)).toEqual({kind: 'ok'});
		expect(noted.events).toEqual([{kind: 'notice', text: 'memory was damaged'}]);
	});

	it('stops at files that are in the way', async () => {
		const {stage, noted} = fakeStage({write: {ok: false, why: '/home/me/hello/Kbuild exists already'}});
		expect(await performAll([write, remember, run(make)], stage)).toEqual({
			kind: 'refused',
			why: 'nothing was written: /home/me/hello/Kbuild exists already'
		});
		expect(noted).toMatchObject({events: [], memos: [], ran: []});
	});

	it('runs nothing that only the user can do', async () => {
		const {stage, noted} = fakeStage();
		expect(await performAll([{kind: 'by-you', commands: [pacman]}], stage)).toEqual({kind: 'ok'});
		expect(noted.ran).toEqual([]);
	});

	it('leads into the practice machine with the module, and the kernel, that is tried there', async () => {
		const command = {...pacman, argv: ['linux-rust-setup', 'practice'] as const, as: 'user' as const};
		const {stage} = fakeStage();
		const tried: Trial[] = [];
		const practise = async ({folder, installed}: Trial) => {
			tried.push({folder, installed});
			return {kind: 'declined'} as const;
		};
		const trial = {folder: '/home/me/numbers', installed: '7.2.12-arch1-1'};
		const actions = [{kind: 'practise', command, ...trial}] as const;
		expect(await performAll(actions, {...stage, practise})).toEqual({kind: 'declined'});
		expect(tried).toEqual([trial]);
		expect(await performAll(actions, stage)).toMatchObject({kind: 'refused', command: 'linux-rust-setup practice'});
	});

	it('explains a program that failed, and performs nothing behind it', async () => {
		const output =
			'  RUSTC [M] hello.o\nerror[E0514]: found crate `core` compiled by an incompatible version of rustc\nmake: *** [Makefile:5: modules] Error 2\n';
		const {stage, noted} = fakeStage({programs: {make: {output, exit: {kind: 'exited', code: 2}}}});
		const outcome = await performAll([run(make, 'build'), remember], stage);
		expect(outcome).toMatchObject({
			kind: 'failed',
			trouble: {
				title: 'make stopped with code 2 after 0 s',
				exit: {kind: 'exited', code: 2},
				log: '/state/logs/build.log',
				lines: 3,
				tail: output.trimEnd().split('\n')
			}
		});
		const [first] = outcome.kind === 'failed' ? outcome.trouble.failures : [];
		expect(first).toMatchObject({severity: 'error', line: 2});
		expect(first?.cause).toContain('rustc');
		expect(noted.memos).toEqual([]);
	});

	it('names the first error of a failure it does not know', async () => {
		const {stage} = fakeStage({
			programs: {make: {output: 'fine\nerror: the flux is not capacitated\n', exit: {kind: 'exited', code: 1}}}
		});
		expect(await performAll([run(make)], stage)).toMatchObject({
			trouble: {failures: [], unexplained: {line: 2, text: 'error: the flux is not capacitated'}}
		});
	});

	it.each([
		[{kind: 'signalled', signal: 'SIGKILL'}, 'make was ended by SIGKILL after 0 s'],
		[{kind: 'not-started', why: 'make is not installed'}, 'make could not be started: make is not installed']
	] as const)('tells how a program failed: %o', async (exit, title) => {
		const {stage} = fakeStage({programs: {make: {exit}}});
		expect(await performAll([run(make)], stage)).toMatchObject({kind: 'failed', trouble: {title, exit}});
	});

	it('keeps the beginning and the end of an endless output to explain it', async () => {
		const lines = `${'x'.repeat(99)}\n`.repeat(120_000);
		const output = `error: the first one\n${lines}${lines}error[E0514]: found crate \`core\` compiled by an incompatible version of rustc\n`;
		const {stage} = fakeStage({programs: {make: {output, exit: {kind: 'exited', code: 2}}}});
		const outcome = await performAll([run(make)], stage);
		expect(outcome.kind === 'failed' && outcome.trouble.tail.at(-1)).toContain('E0514');
	});
});

describe('what cleans up', () => {
	const tidy: Action = {
		kind: 'run',
		title: 'cleaning up',
		stage: 'other',
		always: true,
		command: {...make, argv: ['rm', '-rf', '/scratch']}
	};

	it('is run in its turn where all goes well', async () => {
		const {stage, noted} = fakeStage();
		expect(await performAll([run(make), tidy], stage)).toEqual({kind: 'ok'});
		expect(noted.ran).toEqual(['make -C /kdir', 'rm -rf /scratch']);
	});

	it('is run after a failure, and nothing else is; the failure is what is told', async () => {
		const {stage, noted} = fakeStage({programs: {make: {exit: {kind: 'exited', code: 2}}}});
		expect(await performAll([run(make), run(pacman), tidy], stage)).toMatchObject({kind: 'failed'});
		expect(noted.ran).toEqual(['make -C /kdir', 'rm -rf /scratch']);
	});

	it('is run to its end after Ctrl-C', async () => {
		const cancelling = new AbortController();
		const {stage, noted} = fakeStage({programs: {make: {exit: 'until-cancelled'}}, signal: cancelling.signal});
		const outcome = performAll([run(make), tidy], stage);
		setTimeout(() => cancelling.abort(), 10);
		expect(await outcome).toEqual({kind: 'cancelled'});
		expect(noted.ran).toEqual(['make -C /kdir', 'rm -rf /scratch']);
	});
});

describe('cancel, on a fake machine', () => {
	it('stops the program that runs', async () => {
		const cancelling = new AbortController();
		const {stage, noted} = fakeStage({signal: cancelling.signal, programs: {make: {exit: 'until-cancelled'}}});
		const performing = performAll([run(make), remember], stage);
		await new Promise(resolve => setTimeout(resolve, 20));
		cancelling.abort();
		expect(await performing).toEqual({kind: 'cancelled'});
		expect(noted).toMatchObject({ran: ['make -C /kdir'], memos: []});
	});

	it('starts nothing where it comes first, and no program that could not be stopped any more', async () => {
		const {stage, noted} = fakeStage({signal: AbortSignal.abort(), programs: {pacman: {exit: ok}}});
		expect(await performAll([write, run(pacman)], stage)).toEqual({kind: 'cancelled'});
		expect(noted).toMatchObject({ran: [], events: []});
	});

	it('comes into force behind a program that must not be interrupted', async () => {
		const cancelling = new AbortController();
		const {stage, noted} = fakeStage({
			signal: cancelling.signal,
			programs: {
				pacman: () => {
					cancelling.abort();
					return {exit: ok};
				}
			}
		});
		expect(await performAll([run(pacman), remember], stage)).toEqual({kind: 'cancelled'});
		expect(noted).toMatchObject({ran: ['pacman -S linux-rust'], memos: []});
	});

	it('comes into force where it comes while root is asked for', async () => {
		const cancelling = new AbortController();
		const {stage, noted} = fakeStage({
			signal: cancelling.signal,
			root: [false, true],
			handOver: true,
			programs: {
				sudo: () => {
					cancelling.abort();
					return {exit: ok};
				}
			}
		});
		expect(await performAll([run(pacman)], stage)).toEqual({kind: 'cancelled'});
		expect(noted.ran).toEqual(['sudo -v']);
	});
});

describe('root, on a fake machine', () => {
	it('is not asked for where it can be had', async () => {
		const {stage, noted} = fakeStage({root: [true], handOver: true});
		expect(await performAll([run(pacman)], stage)).toEqual({kind: 'ok'});
		expect(noted).toMatchObject({handedOver: [], ran: ['pacman -S linux-rust']});
	});

	it('is asked for once on the terminal, with the command and its reason', async () => {
		const {stage, noted} = fakeStage({root: [false, true], handOver: true});
		expect(await performAll([run(pacman)], stage)).toEqual({kind: 'ok'});
		expect(noted.ran).toEqual(['sudo -v', 'pacman -S linux-rust']);
		expect(noted.handedOver).toEqual([expect.stringContaining('sudo pacman -S linux-rust')]);
		expect(noted.handedOver[0]).toContain('installs it');
	});

	it('that is refused ends it, with the command to run', async () => {
		const {stage, noted} = fakeStage({root: [false], handOver: true});
		expect(await performAll([run(pacman), remember], stage)).toEqual({
			kind: 'refused',
			why: 'sudo did not give root',
			command: 'sudo pacman -S linux-rust'
		});
		expect(noted).toMatchObject({ran: ['sudo -v'], memos: []});
	});

	it('is not asked for where nobody could answer', async () => {
		const {stage, noted} = fakeStage({root: [false]});
		expect(await becomeRoot(stage, pacman)).toEqual({
			ok: false,
			why: expect.stringContaining('nobody is asked'),
			command: 'sudo pacman -S linux-rust'
		});
		expect(noted.ran).toEqual([]);
	});

	it('is left to a program that has the terminal itself', async () => {
		const handedOver: Command = {...pacman, terminal: 'handed-over'};
		const {stage, noted} = fakeStage({root: [false], handOver: true});
		expect(await performAll([run(handedOver)], stage)).toEqual({kind: 'ok'});
		expect(noted).toMatchObject({ran: ['pacman -S linux-rust'], handedOver: [expect.stringContaining('sudo pacman')]});
		const alone = fakeStage({root: [false]});
		expect(await performAll([run(handedOver)], alone.stage)).toEqual({
			kind: 'refused',
			why: 'this needs a terminal of its own',
			command: 'sudo pacman -S linux-rust'
		});
		const failing = fakeStage({handOver: true, programs: {pacman: {exit: {kind: 'exited', code: 1}}}});
		expect(await performAll([run(handedOver)], failing.stage)).toMatchObject({
			kind: 'failed',
			trouble: {title: 'pacman stopped with code 1'}
		});
	});
});

describe('troubleFrom', () => {
	it('shows the last lines as a terminal would have left them', async () => {
		const {tail, lines} = await troubleFrom({title: 'x', output: ' 10%\r 50%\r100%\ndos\r\nlast'});
		expect(tail).toEqual(['100%', 'dos', 'last']);
		expect(lines).toBe(3);
	});

	it('shows a dozen lines, safe and of bounded length', async () => {
		const {tail, lines} = await troubleFrom({
			title: 'x',
			output: Array.from({length: 40}, (_, index) => `${index}\u001b[31m\u202e${'y'.repeat(1000)}`).join('\n')
		});
		expect(lines).toBe(40);
		expect(tail).toHaveLength(12);
		expect(tail[0]).toMatch(/^28\\u\{202e\}y+…$/);
		expect(Math.max(...tail.map(line => line.length))).toBeLessThanOrEqual(500);
	});

	it('has nothing to show of no output', async () => {
		expect(await troubleFrom({title: 'x', output: ''})).toEqual({title: 'x', failures: [], tail: [], lines: 0});
	});
});

describe('describeExit', () => {
	it.each([
		[ok, 'ended'],
		[{kind: 'exited', code: 7}, 'stopped with code 7'],
		[{kind: 'signalled', signal: 'SIGSEGV'}, 'was ended by SIGSEGV'],
		[{kind: 'cancelled'}, 'was cancelled'],
		[{kind: 'not-started', why: 'make is not installed'}, 'could not be started: make is not installed']
	] as const)('of %o', (exit, words) => {
		expect(describeExit(exit)).toBe(words);
	});
});
