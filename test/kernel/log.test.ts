import {describe, expect, it} from 'vitest';
import {type KernelRecord, parseDmesgLine, parseKmsgRecord} from '../../src/kernel/log.ts';
import {fixtureText} from './fixtures.ts';
import {damagedTexts} from './mutations.ts';

const lines = (name: string): readonly string[] =>
	fixtureText(`kernels/log-6.12.117/${name}.txt`)
		.split('\n')
		.filter(line => line !== '');

/** One log, read in four ways. */
const kmsg = lines('kmsg').map(line => parseKmsgRecord(line));
const withoutSequence = ({sequence: _, ...record}: KernelRecord): Omit<KernelRecord, 'sequence'> => record;

describe('a real log of 6.12.117', () => {
	it('is read from /dev/kmsg', () => {
		expect(kmsg).toHaveLength(63);
		expect(kmsg.slice(-6)).toEqual([
			{level: 5, facility: 1, sequence: 61, microseconds: 330_000, text: 'from a program: ünï \\ back\ttab'},
			{
				level: 4,
				facility: 0,
				sequence: 62,
				microseconds: 360_000,
				module: 'numbers',
				text: 'numbers: loading out-of-tree module taints kernel.'
			},
			{
				level: 5,
				facility: 0,
				sequence: 63,
				microseconds: 360_000,
				module: 'numbers',
				text: 'numbers: module verification failed: signature and/or required key missing - tainting kernel'
			},
			{
				level: 6,
				facility: 0,
				sequence: 64,
				microseconds: 360_000,
				module: 'numbers',
				text: 'numbers: Numbers is loaded'
			},
			{
				level: 6,
				facility: 0,
				sequence: 65,
				microseconds: 390_000,
				module: 'numbers',
				text: 'numbers: My numbers are [72, 108, 200]'
			},
			{
				level: 6,
				facility: 0,
				sequence: 66,
				microseconds: 390_000,
				module: 'numbers',
				text: 'numbers: Numbers is leaving'
			}
		]);
	});

	// dmesg shows bytes outside ASCII as \xNN and a backslash as itself, so those lines cannot be compared.
	const comparable = kmsg.filter(record => record && !/[^\x20-\x7e]|\\/.test(record.text)) as readonly KernelRecord[];
	const parsed = (name: string): readonly (KernelRecord | undefined)[] =>
		lines(name)
			.filter(line => !line.includes('\\'))
			.map(line => parseDmesgLine(line));

	it.each(['dmesg-raw', 'dmesg-decoded'])('is the same from %s', name => {
		expect(parsed(name)).toEqual(comparable.map(withoutSequence));
	});

	it('is the same from plain dmesg, but for the level, which that does not show', () => {
		expect(parsed('dmesg')).toEqual(comparable.map(record => ({...withoutSequence(record), level: 6, facility: 0})));
	});
});

describe('parseKmsgRecord', () => {
	it('leaves the dictionary out', () => {
		expect(
			parseKmsgRecord('6,339,5140900,-;NET: Registered PF_INET6 protocol family\n SUBSYSTEM=net\n DEVICE=n3\n')
		).toEqual({
			level: 6,
			facility: 0,
			sequence: 339,
			microseconds: 5_140_900,
			module: 'NET',
			text: 'NET: Registered PF_INET6 protocol family'
		});
	});

	it('accepts further fields and a continuation flag', () => {
		expect(parseKmsgRecord('30,7,1,c,caller=T1;daemon')).toEqual({
			level: 6,
			facility: 3,
			sequence: 7,
			microseconds: 1,
			text: 'daemon'
		});
	});

	it('puts a line break and an escape sequence back, as text', () => {
		expect(parseKmsgRecord('6,1,2,-;evil: \\x1b[2J\\x0aline')?.text).toBe('evil: \u001b[2J\nline');
		expect(parseKmsgRecord('6,1,2,-;half \\xc3 \\xzz \\')?.text).toBe('half \ufffd \\xzz \\');
	});

	it.each(['', 'text', '6,1;text', '6,1,2 text', ' SUBSYSTEM=net', '-1,2,3,-;x', '[    1.000000] x'])(
		'%j is no record',
		raw => {
			expect(parseKmsgRecord(raw)).toBeUndefined();
		}
	);
});

describe('parseDmesgLine', () => {
	it.each([
		[
			'[  451.297415] rust_out_of_tree: Rust out-of-tree sample (init)',
			451_297_415,
			'rust_out_of_tree',
			'rust_out_of_tree: Rust out-of-tree sample (init)'
		],
		['[    0.000000][    T0] hello: with a caller', 0, 'hello', 'hello: with a caller'],
		['[12345.678901] [  T1234] hello: with a caller', 12_345_678_901, 'hello', 'hello: with a caller'],
		['[  451.297415] archbox kernel: numbers: from the journal', 451_297_415, 'numbers', 'numbers: from the journal'],
		[
			'[  451.297415] numbers: kernel: not from the journal',
			451_297_415,
			'numbers',
			'numbers: kernel: not from the journal'
		],
		['[    1.000000] numbers:', 1_000_000, 'numbers', 'numbers:'],
		['[    1.000000] no:colon after a word', 1_000_000, undefined, 'no:colon after a word'],
		['[    1.000000] two words: here', 1_000_000, undefined, 'two words: here'],
		['[    1.000000] ', 1_000_000, undefined, '']
	])('%s', (line, microseconds, module, text) => {
		expect(parseDmesgLine(line)).toEqual({
			level: 6,
			facility: 0,
			microseconds,
			text,
			...(module === undefined ? {} : {module})
		});
	});

	it.each([
		['<0>[  160.841621] rust_kernel: panicked at x.rs:23:42:', 0, 0],
		['<13>[    1.000000] x', 5, 1],
		['kern  :err   : [    1.000000] x', 3, 0],
		['user  :notice: [    1.000000] x', 5, 1],
		['local7:debug : [    1.000000] x', 7, 23]
	])('%s has a level', (line, level, facility) => {
		expect(parseDmesgLine(line)).toMatchObject({level, facility});
	});

	it.each(['', '-- Boot 0123 --', 'kern  :info  : [Mon Nov 23 16:26:57 2026] x', '[    1.5] x', 'x [    1.000000] y'])(
		'%j is no line with a time since boot',
		line => {
			expect(parseDmesgLine(line)).toBeUndefined();
		}
	);
});

it('any damage gives a sound record or none, quickly', () => {
	const start = performance.now();
	const sound = (record: KernelRecord | undefined): boolean =>
		record === undefined ||
		(record.level >= 0 &&
			record.level <= 7 &&
			Number.isSafeInteger(record.facility) &&
			Number.isSafeInteger(record.microseconds) &&
			record.facility >= 0);
	for (const text of damagedTexts('6,339,5140900,-;NET: \\xc3\\xbc Registered\n SUBSYSTEM=net\n', 5000))
		expect(sound(parseKmsgRecord(text)), text).toBe(true);
	for (const text of damagedTexts('kern  :info  : [  451.297415] [  T1] box kernel: numbers: on\n', 5000))
		expect(sound(parseDmesgLine(text)), text).toBe(true);
	parseKmsgRecord(`6,1,2,-;${'\\x41'.repeat(200_000)}`);
	parseDmesgLine(`[    1.000000] ${'a'.repeat(200_000)}`);
	parseDmesgLine(`[${' '.repeat(200_000)}`);
	expect(performance.now() - start).toBeLessThan(5000);
});
