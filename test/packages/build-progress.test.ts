import {describe, expect, test} from 'vitest';
import {clock, createBuildReader, parseSoFar} from '../../src/packages/build-progress.ts';

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
	const statistics = reader.statistics(seconds);
	if (statistics === undefined) throw new Error('a build from its beginning has statistics');
	return {reader, seen, lasted: seconds - started, statistics};
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

test('the first build has no estimate, and says so; nor has one that goes on from nobody knows where', () => {
	const first = createBuildReader({resumed: false});
	first.push('==> Starting build()...\n  CC      a.o\n', 1);
	expect(first.progress(90)).toEqual({text: 'build()  1 file · 2 min so far · first build here: no estimate yet'});
	const resumed = createBuildReader({resumed: true, earlier: run(undefined).statistics});
	resumed.push('==> Starting build()...\n', 1);
	expect(resumed.progress(2)?.text).toContain('going on from an earlier start: no estimate yet');
	expect(resumed.progress(2)?.total).toBeUndefined();
	expect([resumed.soFar(3)?.units, resumed.statistics(3)]).toEqual([expect.any(Number), undefined]);
});

describe('a build that goes on', () => {
	const {statistics} = run(undefined);
	const unit = (line: number): string => `  CC      drivers/net/unit_${line}.o\n`;
	/** When a line of the builds above is said, in seconds after prepare() began. */
	const at = (line: number): number => (line < 500 ? line * 0.1 : 50 + (line - 500) * 0.5);
	const opening = '==> Making package: linux-rust 7.2.13-1 (Mon)\n==> Retrieving sources...\n';

	/** What is said by a build that is stopped at a line, as it is written down and read again. */
	function stoppedAt(stop: number) {
		const reader = createBuildReader({resumed: false, earlier: statistics});
		reader.push(`${opening}==> Starting prepare()...\n==> Starting build()...\n`, 5);
		for (let line = 0; line < stop; line++) reader.push(unit(line), 5 + at(line));
		return {far: reader.progress(5 + at(stop)), soFar: parseSoFar(JSON.stringify(reader.soFar(5 + at(stop))))};
	}

	test('has the estimate of the whole: what was done is not done, and not counted, again', () => {
		const {far, soFar} = stoppedAt(600);
		expect(soFar).toMatchObject({units: 604, kbuild: 600, seconds: 100});
		const reader = createBuildReader({resumed: true, earlier: statistics, before: soFar});
		// fetched and checked once more, which is nothing new
		reader.push(opening, 3);
		expect(reader.progress(3)).toMatchObject({done: far?.done, total: far?.total});
		reader.push('==> Starting build()...\n', 4);
		const wrong: number[] = [];
		let reached = far?.done ?? 0;
		for (let line = 600; line < 1000; line++) {
			const seconds = 4 + at(line) - at(600);
			reader.push(unit(line), seconds);
			const {done = 0, text = ''} = reader.progress(seconds) ?? {};
			expect(done).toBeGreaterThanOrEqual(reached);
			reached = done;
			const [, minutes, rest] = /about (?:(\d+) min|(\d+) s) left$/.exec(text) ?? [];
			const left = Number(minutes ?? 0) * 60 + Number(rest ?? 0);
			if (Math.abs(at(line) + left - at(1000)) > at(1000) / 4) wrong.push(line);
		}
		expect(wrong).toEqual([]);
		// and tells the next build as much as one that was never stopped
		reader.push('==> Finished making: linux-rust 7.2.13-1 (Mon)\n', 4 + at(1000) - at(600));
		const whole = reader.statistics(4 + at(1000) - at(600));
		expect(Math.abs((whole?.units ?? 0) - statistics.units)).toBeLessThan(10);
		expect(whole?.seconds).toBeCloseTo(statistics.seconds, -1);
		for (const [index, seconds] of statistics.pace.entries())
			expect(Math.abs((whole?.pace[index] ?? 0) - seconds)).toBeLessThan(statistics.seconds / 20);
	});

	test('that was stopped while it packed goes on after build()', () => {
		const reader = createBuildReader({resumed: false, earlier: statistics});
		reader.push(`==> Starting build()...\n${unit(1)}==> Entering fakeroot environment...\n`, 5);
		const compiled = reader.soFar(5);
		reader.push('==> Starting package_linux-rust()...\n  INSTALL x.ko\n', 50);
		expect(reader.soFar(50)).toEqual(compiled);
	});

	test('twice: the time of both starts counts', () => {
		const {soFar} = stoppedAt(600);
		const reader = createBuildReader({resumed: true, earlier: statistics, before: soFar});
		reader.push(`==> Starting build()...\n${unit(600)}`, 2);
		expect(reader.soFar(12)).toMatchObject({units: 605, seconds: 110});
	});

	test('before build() there is nothing to go on from; of a long build some moments are kept', () => {
		const reader = createBuildReader({resumed: false});
		reader.push('==> Starting prepare()...\n', 1);
		expect(reader.soFar(2)).toBeUndefined();
		reader.push('==> Starting build()...\n', 2);
		for (let line = 0; line < 30_000; line++) reader.push(unit(line), line / 10);
		expect(reader.soFar(3000)?.moments.length).toBeLessThanOrEqual(200);
		expect(reader.soFar(3000)?.moments.length).toBeGreaterThan(50);
	});

	test.each([
		'',
		'{}',
		'[]',
		'null',
		'{"units":-1,"kbuild":0,"seconds":0,"moments":[]}',
		'{"units":1,"kbuild":0,"seconds":0,"moments":[1]}'
	])('%s tells nothing', text => expect(parseSoFar(text)).toBeUndefined());
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
