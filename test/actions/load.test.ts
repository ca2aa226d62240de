import {describe, expect, it} from 'vitest';
import {readKernelLine} from '../../src/actions/kernel-line.ts';
import {performAll} from '../../src/actions/perform.ts';
import {neededSymbols} from '../../src/kernel/symbols.ts';
import type {Command} from '../../src/model/command.ts';
import type {Exit} from '../../src/model/machine.ts';
import type {Action, LoadAction} from '../../src/model/step.ts';
import type {KernelLine} from '../../src/model/walk.ts';
import {hashOf} from '../../src/survey/module.ts';
import {fixture} from '../kernel/fixtures.ts';
import {expectToFit, schema} from '../support/schemas.ts';
import {makeSystem} from '../support/sysroot.ts';
import {type FakeParts, fakeStage, ok} from './fake-stage.ts';

const command = (...argv: [string, ...string[]]): Command => ({
	argv,
	as: 'root',
	terminal: 'captured',
	interrupt: 'never',
	why: 'a test'
});

const action: LoadAction = {
	name: 'hello',
	file: '/home/me/hello/hello.ko',
	hash: 'ab12',
	release: '6.12.1-rust',
	afterwards: 'unload',
	insmod: command('insmod', '/home/me/hello/hello.ko'),
	rmmod: command('rmmod', 'hello')
};
const load: Action = {kind: 'load', load: action};
const unload: Action = {kind: 'unload', load: action};

const speaking: FakeParts['programs'] = {
	insmod: {
		kernel: ['hello: loading out-of-tree module taints kernel.', 'hello: Hello from Rust', 'usb 1-1: new device']
	},
	rmmod: {kernel: ['hello: Goodbye']}
};

/** Kinds of events in their order, kernel lines with their text. */
const told = (events: readonly {readonly kind: string}[]): readonly string[] =>
	events.map(event => ('line' in event ? `kernel ${(event.line as KernelLine).text}` : event.kind));

describe('symbols', () => {
	const file = '/home/me/numbers/numbers.ko';
	const needed = neededSymbols(fixture('modules/built/numbers-6.12.ko')) ?? [];
	const listing = (symbols: readonly string[]): string =>
		symbols.map(symbol => `0000000000000000 r __ksymtab_${symbol}\n`).join('');
	const loading = async (
		kallsyms: string | undefined,
		running = action.release,
		files: Record<string, string> = {}
	) => {
		const system = makeSystem({
			running,
			module: {ko: true},
			files: {...files, ...(kallsyms === undefined ? {} : {'/proc/kallsyms': kallsyms})}
		});
		const {stage, noted} = fakeStage({programs: speaking});
		const hash = hashOf(fixture('modules/built/numbers-6.12.ko'));
		const one = {...action, name: 'numbers', file, hash, insmod: command('insmod', file)};
		const outcome = await performAll([{kind: 'load', load: one}], {...stage, reader: system.reader()});
		return {outcome, ran: noted.ran};
	};

	it('that the running kernel does not export are named, and nothing is run', async () => {
		const [first, second, ...rest] = needed;
		const {outcome, ran} = await loading(listing(rest));
		expect(outcome).toMatchObject({
			kind: 'refused',
			why: expect.stringContaining(`numbers needs ${first}, ${second}, which the running kernel does not export`)
		});
		expect(ran).toEqual([]);
	});

	const symvers = `/lib/modules/${action.release}/build/Module.symvers`;
	const exporting = (symbols: readonly string[]): string =>
		symbols.map(symbol => `0x00000000\t${symbol}\tvmlinux\tEXPORT_SYMBOL_GPL\t\n`).join('');
	const functionsAlone = '0000000000000000 T _printk\n';

	it('that a kernel does not list are looked for in the list of its headers', async () => {
		const [first, ...rest] = needed;
		const files = {[symvers]: exporting(rest), '/proc/modules': 'usb 16384 0 - Live 0x0\n'};
		const {outcome, ran} = await loading(functionsAlone, action.release, files);
		expect(outcome).toMatchObject({
			why: expect.stringContaining(`numbers needs ${first}, which the running kernel does not export`)
		});
		expect(ran).toEqual([]);
	});

	it.each([
		['has them all', exporting(needed), 'usb 16384 0 - Live 0x0\n'],
		['does not know a module from outside that is loaded', exporting(['other']), 'other 16384 0 - Live 0x0 (OE)\n'],
		['is empty', '', '']
	])('that the list of the headers decides nothing about, because it %s: insmod decides', async (_, list, modules) => {
		const {outcome} = await loading(functionsAlone, action.release, {[symvers]: list, '/proc/modules': modules});
		expect(outcome).toEqual({kind: 'ok'});
	});

	it('are counted where they are many', async () => {
		const {outcome} = await loading(listing(['_printk_is_something_else']));
		expect(outcome).toMatchObject({why: expect.stringContaining(` and ${needed.length - 3} more, which`)});
	});

	it.each([
		['are all exported', listing(needed), action.release],
		['cannot be listed', undefined, action.release],
		['are listed without what is exported', '0000000000000000 T _printk\n', action.release],
		['are those of another kernel', listing(['none']), '6.1.0-other']
	])('that %s: insmod decides', async (_what, kallsyms, running) => {
		const {outcome, ran} = await loading(kallsyms, running);
		expect(outcome).toEqual({kind: 'ok'});
		expect(ran[0]).toBe(`insmod ${file}`);
	});
});

describe.concurrent('loading a module, on a fake machine', () => {
	it('hears its first and last words, and remembers them by the file and the release', async () => {
		const {stage, noted} = fakeStage({programs: speaking});
		expect(await performAll([load], stage)).toEqual({kind: 'ok'});
		expect(told(noted.events)).toEqual([
			'source',
			'phase',
			'kernel loading out-of-tree module taints kernel.',
			'kernel Hello from Rust',
			'kernel usb 1-1: new device',
			'loaded',
			'phase',
			'kernel Goodbye',
			'unloaded'
		]);
		expect(noted.memos).toEqual([
			{
				kind: 'load',
				evidence: {
					name: 'hello',
					hash: 'ab12',
					release: '6.12.1-rust',
					spoke: ['Hello from Rust', 'Goodbye'],
					at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
				}
			}
		]);
		expect(noted).toMatchObject({ran: ['insmod /home/me/hello/hello.ko', 'rmmod hello'], following: 1, closed: 1});
	});

	it('tells the times from its first word on, and marks what is its own', async () => {
		const {stage, noted} = fakeStage({programs: speaking});
		await performAll([load], stage);
		const lines = noted.events.flatMap(event => (event.kind === 'kernel' ? [event.line] : []));
		// what `log --json` writes of it
		for (const line of lines) expectToFit(schema('log'), line);
		expect(lines.map(line => [line.seconds, line.own, line.note?.harmless])).toEqual([
			[0, false, true],
			[0.001, true, undefined],
			[0.002, false, undefined],
			[0.003, true, undefined]
		]);
	});

	it('waits for words that come late', async () => {
		const {stage, noted, say} = fakeStage({
			programs: {
				insmod: () => {
					setTimeout(() => say('hello: first'), 100);
					setTimeout(() => say('hello: second'), 180);
					return {};
				}
			}
		});
		await performAll([load], stage);
		expect(told(noted.events)).toEqual([
			'source',
			'phase',
			'kernel first',
			'kernel second',
			'loaded',
			'phase',
			'unloaded'
		]);
	});

	it('does not wait for ever for a module that never falls silent', async () => {
		const {stage, noted, say} = fakeStage({programs: speaking});
		const talking = setInterval(() => say('hello: and'), 20);
		const started = performance.now();
		try {
			expect(await performAll([load], stage)).toEqual({kind: 'ok'});
		} finally {
			clearInterval(talking);
		}
		// twice two seconds, and what a busy machine adds
		expect(performance.now() - started).toBeLessThan(15_000);
		const [memo] = noted.memos;
		expect(memo?.kind === 'load' && memo.evidence.spoke.length).toBeLessThanOrEqual(100);
	});

	it('leaves it loaded and remembers no unloading, where that is wished', async () => {
		const {stage, noted} = fakeStage({programs: speaking, watched: ['leave']});
		expect(await performAll([load], stage)).toEqual({kind: 'ok'});
		expect(noted).toMatchObject({ran: ['insmod /home/me/hello/hello.ko'], memos: [], closed: 1});
	});

	it('leaves it loaded without a question, where that is what it is for', async () => {
		const {stage, noted} = fakeStage({programs: speaking, watched: ['unload']});
		expect(await performAll([{kind: 'load', load: {...action, afterwards: 'stay'}}], stage)).toEqual({kind: 'ok'});
		expect(noted).toMatchObject({ran: ['insmod /home/me/hello/hello.ko'], memos: [], closed: 1});
	});

	it('loads it again, where that is wished', async () => {
		const {stage, noted} = fakeStage({programs: speaking, watched: ['reload', 'unload']});
		expect(await performAll([load], stage)).toEqual({kind: 'ok'});
		expect(noted.ran).toEqual([
			'insmod /home/me/hello/hello.ko',
			'rmmod hello',
			'insmod /home/me/hello/hello.ko',
			'rmmod hello'
		]);
		expect(noted).toMatchObject({following: 1, closed: 1});
		expect(noted.memos).toHaveLength(1);
	});

	it('passes Ctrl-C on to an insmod that runs, and to no rmmod that comes after it', async () => {
		const {stage, noted} = fakeStage({programs: speaking, watched: ['unload']});
		const pressing = new AbortController();
		const insmod = Promise.withResolvers<Exit>();
		const running = {exit: insmod.promise, cancel: () => insmod.resolve({kind: 'cancelled'})};
		const runner = {...stage.runner, run: async () => running};
		const ended = performAll([load], {...stage, runner, signal: pressing.signal});
		await new Promise(resolve => setTimeout(resolve, 50));
		pressing.abort();
		expect(await ended).toEqual({kind: 'cancelled'});
		expect(noted).toMatchObject({memos: [], closed: 1});

		const watched = new AbortController();
		const late = fakeStage({programs: speaking});
		const stop = async (): Promise<'unload'> => {
			watched.abort();
			return 'unload';
		};
		await performAll([load], {...late.stage, signal: watched.signal, watched: stop});
		expect(late.noted.ran).toEqual(['insmod /home/me/hello/hello.ko', 'rmmod hello']);
	});

	it('explains what insmod refused by what the kernel said', async () => {
		const {stage, noted} = fakeStage({
			programs: {
				insmod: {
					output: 'insmod: ERROR: could not insert module /home/me/hello/hello.ko: Invalid module format\n',
					kernel: ["hello: version magic '6.1.5 SMP ' should be '6.12.1-rust SMP '"],
					exit: {kind: 'exited', code: 1}
				}
			}
		});
		const outcome = await performAll([load], stage);
		expect(outcome).toMatchObject({
			kind: 'failed',
			trouble: {title: 'insmod stopped with code 1', exit: {kind: 'exited', code: 1}}
		});
		const failures = outcome.kind === 'failed' ? outcome.trouble.failures : [];
		expect(failures[0]).toMatchObject({severity: 'error'});
		expect(failures[0]?.cause).toContain('6.1.5');
		expect(noted).toMatchObject({ran: ['insmod /home/me/hello/hello.ko'], memos: [], closed: 1});
	});

	it.each([
		[
			'panicked, and insmod died of it',
			['rust_kernel: panicked at hello.rs:20:9:', 'Kernel BUG at rust_helper_BUG [verbose debug info unavailable]'],
			{kind: 'signalled', signal: 'SIGSEGV'}
		],
		[
			'oopsed, and insmod was content',
			['BUG: kernel NULL pointer dereference, address: 0000000000000000', 'Oops: 0000 [#1] PREEMPT SMP'],
			ok
		]
	] as const)('says at once that the kernel %s', async (_name, kernel, exit) => {
		const {stage, noted} = fakeStage({programs: {insmod: {kernel, exit}}});
		const outcome = await performAll([load], stage);
		expect(outcome.kind).toBe('failed');
		expect(outcome.kind === 'failed' && outcome.trouble.failures[0]?.severity).toBe('error');
		expect(noted).toMatchObject({ran: ['insmod /home/me/hello/hello.ko'], memos: [], closed: 1});
	});

	it('remembers nothing of a module that would not go', async () => {
		const {stage, noted} = fakeStage({
			programs: {
				...speaking,
				rmmod: {output: 'rmmod: ERROR: Module hello is in use\n', exit: {kind: 'exited', code: 1}}
			}
		});
		expect(await performAll([load], stage)).toMatchObject({
			kind: 'failed',
			trouble: {title: 'rmmod stopped with code 1'}
		});
		expect(noted).toMatchObject({memos: [], closed: 1});
		expect(told(noted.events)).toContain('loaded');
	});

	it('asks for root once, before anything happens', async () => {
		const {stage, noted} = fakeStage({programs: speaking, root: [false, true], handOver: true});
		expect(await performAll([load], stage)).toEqual({kind: 'ok'});
		expect(noted.ran).toEqual(['sudo -v', 'insmod /home/me/hello/hello.ko', 'rmmod hello']);
		expect(noted.handedOver).toHaveLength(1);
	});

	it.each([
		['where sudo refuses it', true, ['sudo -v']],
		['where nobody is asked', false, []]
	] as const)('does nothing without root: %s', async (_name, handOver, ran) => {
		const {stage, noted} = fakeStage({programs: speaking, root: [false], handOver});
		expect(await performAll([load], stage)).toMatchObject({
			kind: 'refused',
			command: 'sudo insmod /home/me/hello/hello.ko'
		});
		expect(noted).toMatchObject({ran, memos: [], following: 0, events: []});
	});

	it('goes on where the kernel log is closed, and says so', async () => {
		const {stage, noted} = fakeStage({programs: speaking, kernelLog: 'closed'});
		expect(await performAll([load], stage)).toEqual({kind: 'ok'});
		expect(noted.events[0]).toEqual({kind: 'notice', text: 'the kernel log could not be read: nobody may read it'});
	});
});

describe.concurrent('unloading a module, on a fake machine', () => {
	it('hears its last words, and remembers nothing', async () => {
		const {stage, noted} = fakeStage({programs: speaking});
		expect(await performAll([unload], stage)).toEqual({kind: 'ok'});
		expect(told(noted.events)).toEqual(['source', 'phase', 'kernel Goodbye', 'unloaded']);
		expect(noted).toMatchObject({ran: ['rmmod hello'], memos: [], closed: 1});
	});

	it('explains why it would not go', async () => {
		const {stage, noted} = fakeStage({
			programs: {
				rmmod: {output: 'rmmod: ERROR: Module hello is not currently loaded\n', exit: {kind: 'exited', code: 1}}
			}
		});
		const outcome = await performAll([unload], stage);
		expect(outcome.kind === 'failed' && outcome.trouble.failures[0]).toMatchObject({
			id: 'rm.notloaded',
			stage: 'unload'
		});
		expect(noted.closed).toBe(1);
	});
});

describe('readKernelLine', () => {
	const zero = (microseconds: number): number => microseconds - 1_500_000;

	it('reads the records of /dev/kmsg and the lines of dmesg', () => {
		expect(readKernelLine({format: 'kmsg', text: '6,7,5000000,-;hello: Hi\n SUBSYSTEM=x\n'}, 'hello', zero)).toEqual({
			line: {seconds: 1.5, text: 'Hi', own: true},
			raw: 'hello: Hi'
		});
		expect(readKernelLine({format: 'dmesg', text: '[    5.000000] hello: Hi'}, 'hello', zero)).toEqual({
			line: {seconds: 1.5, text: 'Hi', own: true},
			raw: 'hello: Hi'
		});
	});

	it('knows no record in other text', () => {
		expect(readKernelLine({format: 'kmsg', text: 'nothing'}, 'hello', zero)).toBeUndefined();
		expect(readKernelLine({format: 'dmesg', text: 'sudo: a password is required'}, 'hello', zero)).toBeUndefined();
	});

	it.each(['hello2: Hi', 'hell: Hi', 'ohello: Hi', 'hello:Hi', 'hello'])("takes %j for somebody else's", text => {
		expect(readKernelLine({format: 'kmsg', text: `6,7,5,-;${text}\n`}, 'hello', zero)?.line).toMatchObject({
			own: false,
			text
		});
	});

	it('makes safe what a module says', () => {
		const heard = readKernelLine({format: 'kmsg', text: '6,7,5,-;hello: \\x1b[31mred\\xe2\\x80\\xae\n'}, 'hello', zero);
		expect(heard?.line.text).toBe('red\\u{202e}');
		expect(heard?.raw).toBe('hello: red\\u{202e}');
	});

	it("explains well-known lines, which are not the module's own words", () => {
		expect(
			readKernelLine(
				{
					format: 'kmsg',
					text: '4,7,5,-;hello: module verification failed: signature and/or required key missing - tainting kernel\n'
				},
				'hello',
				zero
			)?.line
		).toMatchObject({
			own: false,
			note: {harmless: true, text: expect.stringContaining('not signed')}
		});
	});
});

describe('before and after insmod', () => {
	it('a file that changed since it was checked is not loaded', async () => {
		const system = makeSystem({files: {[action.file]: 'as it is now'}});
		const {stage, noted} = fakeStage({programs: speaking});
		const outcome = await performAll([load], {...stage, reader: system.reader()});
		expect(outcome).toEqual({
			kind: 'refused',
			why: '/home/me/hello/hello.ko changed since it was checked, and was not loaded: look at it again, then load it'
		});
		expect(noted.ran).toEqual([]);
		expect(noted.closed).toBe(1);
		const same: Action = {kind: 'load', load: {...action, hash: hashOf(Buffer.from('as it is now'))}};
		expect(await performAll([same], {...stage, reader: system.reader()})).toEqual({kind: 'ok'});
	});

	it('a module in use: who uses it is in the cause', async () => {
		const system = makeSystem({files: {'/sys/module/hello/holders/other/x': '', '/sys/module/hello/refcnt': '1\n'}});
		const rmmod = {output: 'rmmod: ERROR: Module hello is in use\n', exit: {kind: 'exited', code: 1}} as const;
		const {stage} = fakeStage({programs: {...speaking, rmmod}});
		const outcome = await performAll([unload], {...stage, reader: system.reader()});
		expect(outcome).toMatchObject({
			kind: 'failed',
			trouble: {cause: {id: 'rm.use', cause: expect.stringContaining('hello is in use by other,')}}
		});
	});
});
