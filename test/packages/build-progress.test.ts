import {describe, expect, test} from 'vitest';
import {clock, createBuildReader} from '../../src/packages/build-progress.ts';

/** A build that says a line every tenth of a second: first the cheap things, then those that take five times as long. */
function run(earlier: Parameters<typeof createBuildReader>[0]['earlier'], slower = 1, lines = 1000) {
	const reader = createBuildReader({earlier, resumed: false});
	let seconds = 5;
	const seen: {done: number; total: number; left: number; seconds: number}[] = [];
	reader.push('==> Retrieving sources...\n==> Starting prepare()...\n==> Starting build()...\n', seconds);
	const started = seconds;
	for (let line = 0; line < lines; line++) {
		seconds += (line < lines / 2 ? 0.1 : 0.5) * slower;
		reader.push(`  ${line % 3 === 0 ? 'CC [M]' : 'CC    '}  drivers/net/unit_${line}.o\n`, seconds);
		const {done, total, text = ''} = reader.progress(seconds) ?? {};
		if (done === undefined || total === undefined) continue;
		const [, hours, minutes, rest] = /about (?:(\d+) h )?(?:(\d+) min|(\d+) s) left$/.exec(text) ?? [];
		const left = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(rest ?? 0);
		seen.push({done, total, left, seconds: seconds - started});
	}
	reader.push('==> Finished making: linux-rust 7.2.13-1 (Mon)\n', seconds);
	return {reader, seen, lasted: seconds - started, statistics: reader.statistics(seconds)};
}

describe('phases', () => {
	test('in the user’s words, each as it begins', () => {
		const reader = createBuildReader({resumed: false});
		expect(reader.push('==> Making package: linux-rust 7.2.13-1 (Mon 23 Nov)\n==> Checking buildtime dep', 1)).toEqual([
			'making linux-rust 7.2.13-1'
		]);
		expect(reader.push('endencies...\n', 2)).toEqual(['checking dependencies']);
		expect(reader.prepared).toBe(false);
		expect(reader.push('==> Starting build()...\n==> Entering fakeroot environment...\n', 3)).toEqual([
			'build()',
			'packaging'
		]);
		expect(reader.prepared).toBe(true);
		expect(reader.push('==> Starting package_linux-rust-headers()...\n', 4)).toEqual(['package_linux-rust-headers()']);
		expect(reader.push('==> Creating package "linux-rust"...\n', 5)).toEqual(['packing linux-rust']);
	});

	test('what the build prints is no phase', () => {
		const reader = createBuildReader({resumed: false});
		expect(reader.push('echo ==> Starting build()...\nStarting build()\n', 1)).toEqual([]);
	});
});

test.each([
	['  CC      fs/ext4/inode.o', 1],
	['  CC [M]  drivers/net/dummy.o', 1],
	['  RUSTC L rust/core.o', 1],
	['  RUSTC P rust/libmacros.so', 1],
	['  BINDGEN rust/bindings/bindings_generated.rs', 1],
	['  LD      vmlinux', 1],
	['  INSTALL /tmp/pkg/usr/lib/modules/7.2.13/kernel/fs/ext4/ext4.ko', 1],
	['CC fs/ext4/inode.o', 0],
	['   17 |     let x = 1;', 0],
	['  CC', 0],
	['warning: unused variable', 0]
])('%s counts %i', (line, count) => {
	const reader = createBuildReader({resumed: false});
	reader.push(`==> Starting build()...\n${line}\n`, 1);
	expect(reader.progress(1)?.text).toContain(`build()  ${count} file`);
});

test('the first build has no estimate, and says so; nor has one that goes on', () => {
	const first = createBuildReader({resumed: false});
	first.push('==> Starting build()...\n  CC      a.o\n', 1);
	expect(first.progress(90)).toEqual({text: 'build()  1 file · 2 min so far · first build here: no estimate yet'});
	const resumed = createBuildReader({resumed: true, earlier: run(undefined).statistics});
	resumed.push('==> Starting build()...\n', 1);
	expect(resumed.progress(2)?.text).toContain('going on from an earlier start: no estimate yet');
	expect(resumed.progress(2)?.total).toBeUndefined();
});

describe('a second build', () => {
	const {statistics} = run(undefined);

	test('is measured by the first', () => {
		expect(statistics.pace).toHaveLength(20);
		expect(statistics.units).toBe(1004);
		expect(statistics.seconds).toBeCloseTo(300, -1);
		expect(statistics.pace[9]).toBeGreaterThan(45);
		expect(statistics.pace[9]).toBeLessThan(55);
	});

	test.each([1, 0.5, 2, 3])('the estimate is within 25 % from half-way on, at %f times the time', slower => {
		const {seen, lasted} = run(statistics, slower);
		const wrong = seen
			.filter(({seconds}) => seconds > lasted / 2 && lasted - seconds > 5)
			.filter(({seconds, left}) => Math.abs(left + seconds - lasted) > lasted / 4);
		expect(seen.length).toBeGreaterThan(500);
		expect(wrong).toEqual([]);
	});

	test('that says more than the first stops below the whole', () => {
		const {seen} = run(statistics, 1, 1500);
		expect(seen.at(-1)).toMatchObject({done: statistics.units - 1, total: statistics.units});
	});

	test('never falls back, whatever is said in whatever pieces', () => {
		const lines = [
			'  CC      a.o\n',
			'==> Starting build()...\n',
			'==> Starting prepare()...\n',
			'  -> Found x\n',
			'nonsense',
			'\n'
		];
		let random = 1;
		for (let round = 0; round < 20; round++) {
			const reader = createBuildReader({resumed: false, earlier: {...statistics, units: 100}});
			let before = 0;
			for (let piece = 0; piece < 300; piece++) {
				random = (random * 48_271) % 2_147_483_647;
				reader.push(lines[random % lines.length] ?? '', piece);
				const {done = 0} = reader.progress(piece) ?? {};
				expect(done).toBeGreaterThanOrEqual(before);
				expect(done).toBeLessThan(100);
				before = done;
			}
		}
	});
});

test.each([
	[0, '1 s'],
	[59, '59 s'],
	[61, '1 min'],
	[3599, '1 h 0 min'],
	[7500, '2 h 5 min']
])('%i seconds: %s', (seconds, text) => {
	expect(clock(seconds)).toBe(text);
});
