import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect, test} from 'vitest';
import {planSmallKernel} from '../../src/practice/small-kernel.ts';
import {moveCompilerOn} from './moved-on.ts';
import {borrowRoot, kept, numbers, type Place, replaceIn, run, stampsOf} from './practice.ts';

const at = borrowRoot();

type Stamps = Readonly<Record<string, unknown>> & {
	readonly kernel: {readonly release: string; readonly source: string; readonly version?: string};
};

const readStamps = (place: Place): Stamps => JSON.parse(readFileSync(stampsOf(place), 'utf8')) as Stamps;

/** A kernel takes minutes: what was built of this source in this way is kept. */
function shelf(): string {
	const {source, version} = readStamps(kept).kernel;
	const plan = planSmallKernel({tarball: source, rustc: 'rustc', scratch: 'scratch', jobs: 1});
	const key = createHash('sha256')
		.update(JSON.stringify([version, plan]))
		.digest('hex')
		.slice(0, 16);
	return join(kept.cache, 'small-kernels', key);
}

/** What an installed small kernel is, in a root. */
const partsOf = (release: string): readonly string[] => [
	join('usr/lib/modules', release),
	join('usr/lib/linux-rust-setup', release)
];

const copy = (from: string, to: string): void => {
	mkdirSync(dirname(to), {recursive: true});
	execFileSync('cp', ['-a', '-T', from, to]);
};

test('a compiler that moved ahead of its kernel: a small kernel is built by that compiler, starts, and a module speaks in it', async () => {
	moveCompilerOn(at);
	const folder = shelf();
	if (existsSync(folder)) {
		const stamps = JSON.parse(readFileSync(join(folder, 'stamps.json'), 'utf8')) as Stamps;
		for (const part of partsOf(stamps.kernel.release)) copy(join(folder, part), join(at.root, part));
		cpSync(join(folder, 'stamps.json'), stampsOf(at));
	} else {
		// the last of the suites, which here is the first: nothing more of it has to be fetched
		const {recipe, way, mirror} = readStamps(kept);
		writeFileSync(stampsOf(at), JSON.stringify({recipe, way, mirror, suite: 'sid'}));
		replaceIn(
			at,
			'apt-get',
			`case " $* " in *" update "*) sed -i 's/ sid / ${readStamps(kept)['suite']} /' /etc/apt/sources.list ;; esac; exec apt-get.real "$@"`
		);
	}
	const {code, stdout, stderr, seconds} = await run(['practice', '--yes'], {at, patience: 2_600_000});
	expect(stdout, stderr.slice(-2000)).toMatch(numbers);
	expect(code).toBe(0);
	const {release} = readStamps(at).kernel;
	expect(release).toMatch(/^\d+\.\d+\.\d+-practice$/);
	expect(stdout).toContain(`boot: done: running ${release}`);
	if (existsSync(folder)) return;
	expect(stderr).toMatch(/was built with rustc .*, and the suite has moved on to rustc 9\.99\.9/);
	process.stderr.write(`a small kernel built, started, and a module heard: ${seconds.toFixed(0)} s\n`);
	const part = `${folder}.part`;
	rmSync(part, {recursive: true, force: true});
	for (const one of partsOf(release)) copy(join(at.root, one), join(part, one));
	cpSync(stampsOf(at), join(part, 'stamps.json'));
	renameSync(part, folder);
}, 2_700_000);
