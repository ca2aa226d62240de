import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import rows from '../../assets/failures/kernel-lines.json' with {type: 'json'};
import {explainKernelLine} from '../../src/failures/kernel-lines.ts';

test.each(rows.map(row => [row.sample, row] as const))('%s', (sample, row) => {
	const answer = explainKernelLine(sample);
	const first = rows.find(({patterns}) => patterns.some(source => new RegExp(source).test(sample)));
	expect(first).toBe(row);
	expect(answer?.harmless).toBe(row.harmless);
	expect(answer?.note).toMatch(/^[A-Z].*[^.]\.$/);
	expect(answer?.note).not.toMatch(/\$\d|undefined|!/);
	for (const prefix of ['[   28.390000] ', '<4>[   28.390000] ', 'Nov 23 16:26:28 host kernel: ']) {
		expect(explainKernelLine(prefix + sample)).toEqual(answer);
	}
});

test('what is refused says why, in the words of the line', () => {
	expect(explainKernelLine("hello: version magic '6.1.5 SMP ' should be '6.2.0 SMP '")).toEqual({
		note: 'Refused: the module was built for 6.1.5, and 6.2.0 is running.',
		harmless: false
	});
	expect(explainKernelLine('rust_undef: Unknown symbol lab_function (err -2)')?.note).toContain(
		'exports lab_function.'
	);
});

test("a module's own words have no note", () => {
	for (const line of ['rust_out_of_tree: Rust out-of-tree sample (init)', 'hello: My numbers are [72, 108, 200]', '']) {
		expect(explainKernelLine(line)).toBeUndefined();
	}
});

test('the log of a panic: what is noted, in order', () => {
	const lines = readFileSync('test/fixtures/transcripts/kernel/insmod-panic.dmesg.txt', 'utf8').split('\n');
	const notes = lines.map(explainKernelLine).filter(note => note !== undefined);
	expect(notes.map(({note}) => note.split(/[:;,]/)[0])).toEqual([
		'The Rust code panicked at rust_panic.rs',
		'A crash report of the kernel begins here.',
		'Kernel code stopped itself on purpose at rust/helpers/bug.c',
		'Kernel code crashed',
		'The letters say what marked this kernel as tainted',
		'The letters say what marked this kernel as tainted',
		'The crash report of the kernel ends here.'
	]);
});

test('anything can be asked', () => {
	for (const text of ['\0'.repeat(9), '\x1b[31m', '\ud800', 'x'.repeat(1e6)])
		expect(explainKernelLine(text)).toBeUndefined();
});
