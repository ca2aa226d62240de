// How much less a rebuild of missing metadata is than a kernel: both as this program plans them, sources unpacked, one after the
// other in the root of practice mode, with two jobs each. Takes root, that root (`linux-rust-setup practice`, in a forky with a kernel
// of its own), 4 GB and half an hour. Processor seconds count besides wall seconds: what else the machine does is not in them.
import {spawn} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {planMetadataRebuild} from '../../src/actions/rebuild-metadata.ts';
import {option, parseConfig} from '../../src/kernel/config.ts';
import {planSmallKernel} from '../../src/practice/small-kernel.ts';
import {median, stolen, ticks} from './measure.js';
import {scratch} from './scene.js';

const limit = 4;
const jobs = 2;
/** Not measured: what unpacks the source, a kernel's configuration, and what comes when metadata or a kernel is there. */
const preparing = /^(?:unpacking the source|choosing a tiny|adding what)/;
const finishing = /^(?:installing it|cleaning up)/;

export async function metadata(count) {
	if (process.getuid() !== 0) throw new Error('This measurement takes root, to work in the root of practice mode.');
	const practice = findRoot();
	const contenders = {metadata: metadataCommands(practice), kernel: kernelCommands(practice)};
	const work = layer(practice.root);
	await run(work, {argv: ['sh', '-euc', equip]});
	const taken = {metadata: [], kernel: []};
	for (let round = 0; round < count; round++) {
		// who comes second meets a warmer machine
		for (const name of round % 2 === 0 ? ['metadata', 'kernel'] : ['kernel', 'metadata'])
			taken[name].push(await measure(work, contenders[name]));
	}
	const notes = taken.metadata.map(
		(ours, round) => `pair ${round + 1}: metadata ${told(ours)}; kernel ${told(taken.kernel[round])}`
	);
	const ratios = kind => taken.metadata.map((ours, round) => taken.kernel[round][kind] / ours[kind]);
	return ['wall', 'processor'].map(kind => ({
		what: `Rust metadata of ${practice.kernel.release} rebuilt, ${kind} time, against the small kernel of practice mode (${jobs} jobs)`,
		ours: seconds(median(taken.metadata.map(one => one[kind]))),
		peer: seconds(median(taken.kernel.map(one => one[kind]))),
		value: `${median(ratios(kind)).toFixed(2)} x faster, at worst ${Math.min(...ratios(kind)).toFixed(2)} x`,
		limit: `${limit.toFixed(1)} x`,
		ok: median(ratios(kind)) >= limit,
		notes: kind === 'wall' ? notes : []
	}));
}

const seconds = value => `${value.toFixed(1)} s`;
const told = ({wall, processor, stolen}) =>
	`${seconds(wall)}, processor ${seconds(processor)}, ${stolen} % of the machine stolen meanwhile`;

/** The root of practice mode, its own or the one that its tests keep. */
function findRoot() {
	const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
	for (const folder of [cache, join(cache, 'linux-rust-setup/practice-tests')]) {
		const practice = join(folder, 'linux-rust-setup/practice');
		if (!existsSync(join(practice, 'stamps.json'))) continue;
		const {kernel} = JSON.parse(readFileSync(join(practice, 'stamps.json'), 'utf8'));
		if (kernel?.headers !== undefined) return {root: join(practice, 'root'), kernel};
	}
	throw new Error('There is no root of practice mode with the kernel of a suite: linux-rust-setup practice makes it.');
}

const measured = steps => {
	const commands = wanted => steps.filter(({title}) => wanted(title)).map(one => one.command);
	return {
		before: commands(title => preparing.test(title)),
		itself: commands(title => !preparing.test(title) && !finishing.test(title))
	};
};

function metadataCommands({root, kernel}) {
	const headers = `/usr/src/${kernel.headers}`;
	const {config} = parseConfig(readFileSync(join(root, headers, '.config'), 'utf8'));
	return measured(
		planMetadataRebuild({
			release: kernel.release,
			version: config.kernel,
			arch: 'x86',
			headers,
			source: {kind: 'tarball', path: `/usr/src/${kernel.source}.tar.xz`},
			scratch: '/var/tmp/bench/metadata',
			kdir: '/var/tmp/bench/kdir',
			rustcText: option(config, 'CONFIG_RUSTC_VERSION_TEXT'),
			rustc: '/usr/bin/rustc',
			ccText: option(config, 'CONFIG_CC_VERSION_TEXT'),
			clang: false,
			jobs
		})
	);
}

const kernelCommands = ({kernel}) =>
	measured(
		planSmallKernel({
			tarball: `/usr/src/${kernel.source}.tar.xz`,
			rustc: '/usr/bin/rustc',
			scratch: '/var/tmp/bench/kernel',
			jobs
		})
	);

/** The root with a layer above it that goes with the measurement. */
function layer(root) {
	const folder = scratch();
	const place = {root, upper: join(folder, 'upper'), work: join(folder, 'work'), at: join(folder, 'root')};
	for (const one of [place.upper, place.work, place.at]) mkdirSync(one);
	return place;
}

/** A kernel takes more than its metadata. */
const equip = `
cd /tmp; apt-get -q -o Acquire::Check-Valid-Until=false update
DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install bc bison flex libssl-dev openssl
`;

/** In a mount namespace of its own, so that nothing stays mounted however this ends. */
const inLayer = `
mount -t overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" overlay "$4"
mount -t proc proc "$4/proc"; mount --bind /dev "$4/dev"; mkdir -p "$4/var/tmp/bench"
cp --remove-destination /etc/resolv.conf "$4/etc/"
shift 3; root=$1; shift
exec chroot "$root" "$@"
`;

async function measure(place, {before, itself}) {
	for (const command of before) await run(place, command);
	const start = ticks();
	const began = performance.now();
	let processor = 0;
	for (const command of itself) processor += await run(place, command);
	return {wall: (performance.now() - began) / 1000, processor, stolen: stolen(start, ticks())};
}

/** Runs a command of a plan in the layer; gives the processor seconds of it and of all that it started. */
async function run({root, upper, work, at}, {argv, env = {}}) {
	const child = spawn(
		'bash',
		[
			...['-c', `TIMEFORMAT='%U %S'; time "$@" >/dev/null 2>"$WORDS"`, 'bash'],
			...['unshare', '--mount', 'sh', '-euc', inLayer, 'sh', root, upper, work, at, ...argv]
		],
		{
			env: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C.UTF-8', ...env, WORDS: `${at}.words`},
			stdio: ['ignore', 'ignore', 'pipe']
		}
	);
	let said = '';
	child.stderr.setEncoding('utf8').on('data', text => (said += text));
	const code = await new Promise(resolve => child.on('close', resolve));
	if (code !== 0)
		throw new Error(
			`${argv.slice(0, 4).join(' ')} ended with ${code}:\n${readFileSync(`${at}.words`, 'utf8').slice(-2000)}`
		);
	return said
		.trim()
		.split(' ')
		.map(Number)
		.reduce((sum, value) => sum + value, 0);
}
