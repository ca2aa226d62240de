import {readdirSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {explainLog} from '../../src/failures/explain.ts';
import type {FailureRow} from '../../src/failures/row.ts';
import type {Failure} from '../../src/model/failure.ts';
import {cpuTimeOf} from '../support/cpu-time.ts';

const folder = 'test/fixtures/transcripts';
const read = (name: string) => readFileSync(`${folder}/${name}.txt`, 'utf8');
const idsOf = (text: string) => explainLog(text).failures.map(({id}) => id);
const only = (text: string) => {
	const {failures} = explainLog(text);
	expect(failures).toHaveLength(1);
	return failures[0] as Failure;
};
const advice = (failure: Failure) =>
	failure.remedies.map(({label, command}) => `${label}: ${command ?? ''}`).join('\n');

describe('what the user reads', () => {
	test('E0514 names both compilers in full, and puts cargo clean in its place', () => {
		const failure = only(read('rustup/rustup-override-build-dir-make'));
		expect(failure.cause).toContain('rustc 1.97.1 (8bab26f4f 2026-07-14) (built from a source tarball)');
		expect(failure.cause).toContain('rustc 1.98.1 (48a229cea 2026-09-01) (built from a source tarball)');
		expect(advice(failure)).toMatch(/Ignore the advice to run `cargo clean`/);
		expect(failure.line).toBe(7);
	});

	test('E0514 without the rest of its message still makes a sentence', () => {
		const {cause} = only('error[E0514]: found crate `core` compiled by an incompatible version of rustc');
		expect(cause).toContain('built by another rustc, make used a different one,');
	});

	test('E0514 takes the compilers of its own message, not those of a later one', () => {
		const text =
			'error[E0514]: found crate `core` compiled by an incompatible version of rustc\n\n' +
			'          crate `kernel` compiled by rustc 1.97.1 (8bab26f4f 2026-07-14): /x/libkernel.rmeta';
		expect(only(text).cause).not.toContain('1.97.1');
	});

	test('E0463 for kernel says that a missing dependency shows up as kernel', () => {
		const failure = only(read('kbuild/lab-make-missing-libkernel.rmeta'));
		expect(failure.cause).toMatch(/when it says `kernel`, the missing one may be any file that `kernel` itself needs/);
		expect(advice(failure)).toMatch(/Ignore the hints to run `rustup target add target`/);
	});

	test('a compile error in the module names the file and the line', () => {
		const [failure] = explainLog(read('kbuild/lab-make-compile-error')).failures;
		expect(failure).toMatchObject({
			id: 'source.rustc',
			line: 5,
			text: 'error[E0425]: cannot find value `undefined_name` in this scope',
			cause: 'The compiler rejects line 25 of rust_typeerr.rs: cannot find value `undefined_name` in this scope.'
		});
		expect(failure?.remedies.map(({command}) => command)).toEqual([
			`"\${EDITOR:-vi}" +25 rust_typeerr.rs`,
			'rustc --explain E0425'
		]);
	});

	test('a compile error without a code has no code explained', () => {
		const failure = only('error: expected `;`, found keyword `let`\n --> src/my file.rs:1:22\n  |');
		expect(failure.cause).toBe('The compiler rejects line 1 of src/my file.rs: expected `;`, found keyword `let`.');
		expect(failure.remedies.map(({command}) => command)).toEqual([`"\${EDITOR:-vi}" +1 'src/my file.rs'`]);
	});

	test("an error in the kernel's own sources is not laid at the user's door", () => {
		const [failure] = explainLog(read('makepkg/makepkg-buildfail')).failures;
		expect(failure).toMatchObject({id: 'kernel.rustc'});
		expect(failure?.cause).toContain('line 42 of rust/kernel/lib.rs');
	});

	test.each([
		['kbuild/lab-make-without-LLVM-gcc-present', 'cc.gcc', '-mstack-alignment=8'],
		['kbuild/lab-make-missing-headers', 'kdir.missing', '7.2.12-arch1-1-rust'],
		['kbuild/lab-make-path-with-space', 'm.exist', '/home/dev/space/my'],
		['kernel/uml612-journey-4-diskfull', 'rustup.extract', 'libLLVM.so.22.1'],
		['makepkg/makepkg-checksum', 'pkg.sum', 'config does not have the checksum'],
		['makepkg/makepkg-packagefail', 'pkg.fail', 'package_linux-rust-headers()'],
		['makepkg/makepkg-missing', 'pkg.deps', 'such as bc'],
		['pacman/pacman-Sy-offline', 'pacman.retrieve', 'Could not resolve host: mirror.example'],
		['rustup/rustup-install-refused', 'rustup.net', 'Connection refused (os error 111)'],
		['rustup/rustup-install-cut.tty', 'rustup.net', 'end of file before message length reached'],
		['git/git-dirty', 'git.dirty', 'because PKGBUILD was edited'],
		['kernel/insmod-panic.dmesg', 'rust.panic', 'panicked at rust_panic.rs:23:42, which'],
		[
			'kbuild/lab-make-without-LLVM-no-gcc',
			'cc.diff',
			'built by Debian clang version 21.1.8 (14), and this build uses one'
		]
	])('%s: %s names %s', (log, id, words) => {
		expect(explainLog(read(log)).failures.find(failure => failure.id === id)?.cause).toContain(words);
	});

	test('version magic names both releases', () => {
		const failure = only(
			"hello: version magic '6.1.5-arch2-1 SMP preempt mod_unload ' should be '6.1.5-arch2-1-rust SMP preempt mod_unload '"
		);
		expect(failure.cause).toBe('The module was built for kernel 6.1.5-arch2-1, and 6.1.5-arch2-1-rust is running.');
		expect(failure.remedies[0]?.command).toContain('KDIR=/lib/modules/6.1.5-arch2-1-rust/build');
	});
});

describe('which comes first', () => {
	const e0514 = 'error[E0514]: found crate `core` compiled by an incompatible version of rustc\n';

	test('the first error of the log', () => {
		expect(idsOf('curl: (6) Could not resolve host: x.org\nmake: command not found\n')).toEqual([
			'any.curl',
			'make.none'
		]);
		expect(idsOf('make: command not found\ncurl: (6) Could not resolve host: x.org\n')).toEqual([
			'make.none',
			'any.curl'
		]);
	});

	test('errors before warnings before notes', () => {
		expect(
			idsOf('hello: loading out-of-tree module taints kernel.\nerror: No package owns /x\nmake: command not found\n')
		).toEqual(['make.none', 'pacman.owner', 'load.taint.oot']);
	});

	test('a summary gives way to the error above it, also where that stands below', () => {
		expect(idsOf('==> ERROR: A failure occurred in build().\nmake: command not found\n')).toEqual([
			'make.none',
			'pkg.fail'
		]);
	});

	test('E0635 gives way to E0514, whichever was printed first', () => {
		const e0635 = 'error[E0635]: unknown feature `core_ffi_c`\n';
		expect(idsOf(`${e0514}\n${e0635}`)).toEqual(['E0514', 'E0635']);
		expect(idsOf(`${e0635}\n${e0514}`)).toEqual(['E0514', 'E0635']);
		expect(idsOf(e0635)).toEqual(['E0635']);
	});

	test('what rustc says after E0514 in the same run is not reported, what comes after the run is', () => {
		const echo =
			'error[E0425]: cannot find type `KVec` in this scope\n --> a.rs:1:2\n  |  ^^ use of undeclared type `KVec`\n';
		const closing = '\nerror: aborting due to 2 previous errors\n';
		expect(idsOf(`${e0514}\n${echo}${closing}`)).toEqual(['E0514']);
		expect(idsOf(`${e0514}\n${echo}${closing}${echo}`)).toEqual(['E0514', 'api.kvec']);
		expect(idsOf(`${e0514}\n${echo}  RUSTC [M] b.o\n${echo}`)).toEqual(['E0514', 'api.kvec']);
		expect(idsOf(`${e0514}\n${echo}\ninsmod: ERROR: could not insert module a.ko: File exists\n`)).toEqual([
			'E0514',
			'load.exist'
		]);
	});

	test('an id is there once, with its first line', () => {
		expect(only(`fine\n${e0514}\n${e0514}`).line).toBe(2);
	});
});

describe('what is not known', () => {
	test('an error that no row explains is given as it is, and no failure is made of it', () => {
		expect(explainLog('  CC foo.o\nld.lld: error: undefined symbol: foo\nmake: *** [x] Error 1\n')).toEqual({
			failures: [],
			firstError: {line: 2, text: 'ld.lld: error: undefined symbol: foo'}
		});
	});

	test('its place in a source is told', () => {
		expect(explainLog("drivers/a.c:12:5: error: 'x' undeclared\n").firstError).toMatchObject({
			file: 'drivers/a.c',
			row: 12
		});
		expect(explainLog('error: proc macro panicked\n --> a.rs:7:1\n').firstError).toEqual({
			line: 1,
			text: 'error: proc macro panicked'
		});
	});

	test('an unknown error above a known one counts, below it does not', () => {
		const unknown = 'frobnicate: error: no such thing\n';
		expect(explainLog(`${unknown}make: command not found\n`).firstError?.line).toBe(1);
		expect(explainLog(`make: command not found\n${unknown}`).firstError).toBeUndefined();
		expect(explainLog(`==> ERROR: A failure occurred in build().\n${unknown}`).firstError?.line).toBe(2);
	});

	test('a log that only says that something failed is not called clean', () => {
		const {failures, firstError} = explainLog('make[1]: Entering directory\nmake: *** [Makefile:6: default] Error 2\n');
		expect(failures).toEqual([]);
		expect(firstError).toEqual({line: 2, text: 'make: *** [Makefile:6: default] Error 2'});
	});

	test('lines of make that repeat a known error are no unknown ones', () => {
		expect(explainLog('make: command not found\nmake[2]: *** [x.o] Error 127\n').firstError).toBeUndefined();
	});
});

describe('no false alarm', () => {
	test.each([
		['nothing', ''],
		['a compile with -Werror', '  CC      lib/errors.o\ngcc -Werror=implicit -c error.c\n0 errors, 0 warnings\n'],
		[
			'the kernel log of a healthy boot',
			[
				'[    0.000000] Linux version 6.18.7-arch1-1 (linux@archlinux) (gcc 15.2.1)',
				'[    0.412345] ACPI BIOS Error (bug): Could not resolve symbol [_SB.PCI0], AE_NOT_FOUND',
				'[    1.100000] usb 1-1: device descriptor read/64, error -71',
				'[    2.000001] nvme nvme0: missing or invalid SUBNQN field.',
				'[    3.500000] EXT4-fs (nvme0n1p2): mounted filesystem r/w with ordered data mode',
				'[    9.000000] traps: firefox[1234] general protection fault ip:7f sp:7f error:0 in libxul.so[7f+1000]',
				'[   10.000000] Lockdown: systemd-logind: hibernation is restricted; see man kernel_lockdown.7',
				'Nov 23 16:26:28 host kernel: i2c_hid i2c-1: error: -121 while reading'
			].join('\n')
		],
		[
			'a method of two arguments that is not push()',
			'  |\nnote: this method takes 2 arguments but 1 argument was supplied\n'
		],
		['a user program that says BUG', 'see the list of BUG reports: https://example.org\n']
	])('%s', (_, text) => {
		const {failures, firstError} = explainLog(text);
		expect(failures.filter(({severity}) => severity === 'error')).toEqual([]);
		expect(firstError).toBeUndefined();
	});

	test('a method of the user with too few arguments is a plain compile error', () => {
		expect(
			idsOf(
				'error[E0061]: this method takes 2 arguments but 1 argument was supplied\n --> a.rs:3:4\n  | ---- argument #2 of type `u32` is missing\n'
			)
		).toEqual(['source.rustc']);
	});

	test('mismatched types are about module parameters only where one is read', () => {
		const place = 'error[E0308]: mismatched types\n --> a.rs:6:21\n  |\n6 |  ';
		expect(
			idsOf(`${place}for i in 0..module_parameters::times.value() {\n  | ^^ expected integer, found \`&u32\`\n`)
		).toEqual(['api.paramref']);
		expect(idsOf(`${place}let x: u32 = &3;\n  | ^^ expected integer, found \`&u32\`\n`)).toEqual(['source.rustc']);
	});
});

describe('text as it comes', () => {
	test('carriage returns: each state of a line is looked at, and only that state is shown', () => {
		const {line, text} = only('ok\n 10%\r 50%\rcurl: (6) Could not resolve host: x.org\r100%\n');
		expect([line, text]).toEqual([2, 'curl: (6) Could not resolve host: x.org']);
	});

	test('colours inside of a message do not hide it', () => {
		expect(
			idsOf(
				'\x1b[1m\x1b[91merror[E0514]\x1b[0m\x1b[1m: found crate `core` compiled by an incompatible version of rustc'
			)
		).toEqual(['E0514']);
	});

	test('the line shown holds no control characters and at most 500 of the others', () => {
		const {text} = only(`\x1b]0;title\x07make: command not found\x00\tcurl: (6) x${'😀'.repeat(400)}\n`);
		expect(text.length).toBe(499);
		expect(text).not.toMatch(/\p{Cc}/u);
		expect(text.endsWith('😀')).toBe(true);
	});

	test('a name from the log stays one word in a command, and never becomes an option', () => {
		const commands = (name: string) => only(`error: target not found: ${name}`).remedies.map(({command}) => command);
		expect(commands("$(reboot);'x'")).toContain("pacman -Ss '$(reboot);'\\''x'\\'''");
		expect(commands('--noconfirm')).toEqual(['linux-rust-setup check kernel']);
		expect(only("error: toolchain 'a\x1b[2Jb\x07' is not installed").cause).toContain('toolchain ab ');
	});

	test('another catalogue can be given', () => {
		const row: FailureRow = {
			id: 'own',
			stage: 'any',
			severity: 'error',
			patterns: ['lost (\\w+)'],
			cause: `It lost \${1:something}.`,
			remedies: [{label: 'Look for $1', command: 'find $1'}],
			source: 'this test',
			sample: 'lost keys'
		};
		expect(explainLog('we lost keys\n', [row]).failures).toEqual([
			{
				id: 'own',
				stage: 'any',
				severity: 'error',
				line: 1,
				text: 'we lost keys',
				cause: 'It lost keys.',
				remedies: [{label: 'Look for keys', command: 'find keys'}]
			}
		]);
	});
});

/** A small generator of numbers below 1 with a seed (mulberry32), so that a failing case can be run again. */
function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

test('random damage to real logs never throws and always gives well-formed answers', () => {
	const logs = readdirSync(folder).flatMap(group =>
		readdirSync(`${folder}/${group}`).map(file => readFileSync(`${folder}/${group}/${file}`))
	);
	const pieces = [
		'\r',
		'\n',
		'\x1b[',
		'\x1b]',
		'\0',
		"'",
		'`',
		'$1',
		'${1:',
		'error: ',
		' --> ',
		'\u2028',
		'\ud800',
		'😀',
		'((',
		'\x9b'
	];
	for (let seed = 1; seed <= 600; seed++) {
		const random = randomFrom(seed);
		const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
		const bytes = Buffer.from(pick(logs).subarray(0, 20_000));
		for (let times = random() * 30; times > 0; times--) bytes[Math.floor(random() * bytes.length)] = random() * 256;
		let text = random() < 0.5 ? bytes.toString('utf8') : bytes.toString('latin1');
		for (let times = random() * 10; times > 0; times--) {
			const at = Math.floor(random() * text.length);
			text = text.slice(0, at) + pick(pieces) + text.slice(at + (random() < 0.5 ? 0 : Math.floor(random() * 200)));
		}
		const {failures, firstError} = explainLog(text);
		const lines = text.split('\n').length;
		const ids = failures.map(({id}) => id);
		expect(new Set(ids).size, `seed ${seed}`).toBe(ids.length);
		for (const {line, text: shown} of [...failures, ...(firstError ? [firstError] : [])]) {
			expect(line >= 1 && line <= lines, `seed ${seed}`).toBe(true);
			expect(/\p{Cc}/u.test(shown) || shown.length > 500, `seed ${seed}`).toBe(false);
		}
		for (const {cause, remedies} of failures) {
			const words = [cause, ...remedies.flatMap(({label, command}) => [label, command ?? ''])].join('\n');
			expect(words.replaceAll('\n', ''), `seed ${seed}`).not.toMatch(
				text.includes('undefined') ? /\p{Cc}/u : /\p{Cc}|undefined/u
			);
		}
	}
});

test('ten megabytes take less than two seconds', () => {
	const build =
		'  CC      drivers/net/ethernet/intel/e1000e/netdev.o\n  LD [M]  drivers/net/ethernet/intel/e1000e/e1000e.ko\n';
	const logs = [
		build,
		read('kbuild/lab-make-E0514-rustc-1.95.0'),
		read('kernel/insmod-panic.dmesg'),
		'a',
		'frobnicate: error: something odd happened in a file that nobody knows\n'
	];
	for (const log of logs) {
		const text = log.repeat(Math.ceil(1e7 / log.length));
		expect(
			cpuTimeOf(() => explainLog(text)),
			log.slice(0, 40)
		).toBeLessThan(2000);
	}
});

describe('the place in a source that rustc points at', () => {
	test('comes with the code as rustc shows it, four lines at most', () => {
		const failures = explainLog(read('kbuild/lab-make-compile-error')).failures;
		expect(failures.find(({id}) => id === 'source.rustc')).toMatchObject({
			id: 'source.rustc',
			source: {
				file: 'rust_typeerr.rs',
				line: 25,
				excerpt: [
					'25 |         pr_info!("hello {}\\n", undefined_name);',
					'   |                                ^^^^^^^^^^^^^^ not found in this scope'
				]
			}
		});
		const long =
			'error[E0308]: mismatched types\n  --> a.rs:26:26\n   |\n23 |  push("x")?;\n   |  ---- this\n   |  |\n   |  ... which\n...\n26 | Ok(A)\n';
		expect(explainLog(long).failures[0]?.source?.excerpt).toEqual([
			'23 |  push("x")?;',
			'   |  ---- this',
			'   |  |',
			'   |  ... which'
		]);
	});

	test('is left out where a message points at nothing, and where it is no message of rustc', () => {
		for (const log of ['error: linker `cc` not found\n', read('kernel/insmod-twice')])
			for (const failure of explainLog(log).failures) expect(failure).not.toHaveProperty('source');
	});

	test('has no code where rustc shows none', () => {
		const bare = 'error[E0425]: cannot find value `x` in this scope\n --> a.rs:1:1\n\nmake: *** [all] Error 2\n';
		expect(explainLog(bare).failures[0]?.source).toEqual({file: 'a.rs', line: 1, excerpt: []});
	});
});
