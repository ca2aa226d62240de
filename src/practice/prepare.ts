import {mkdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {planMetadataRebuild} from '../actions/rebuild-metadata.ts';
import type {Stage} from '../actions/stage.ts';
import {isOn, option, parseConfig} from '../kernel/config.ts';
import {createLocalReader} from '../machine/reader.ts';
import type {Reader} from '../model/machine.ts';
import type {Outcome} from '../model/walk.ts';
import {
	asked,
	downloadSize,
	isMirror,
	mirrorFrom,
	mirrorOfDebootstrap,
	parseStanzas,
	type SuiteKernel,
	suiteKernel
} from './packages.ts';
import type {PracticePaths} from './paths.ts';
import {
	dropArchives,
	inRoot,
	installPackages,
	listDownloads,
	makeBase,
	mendPackages,
	refreshPackages,
	removeFolder,
	renameFolder,
	showConfig,
	showPackages
} from './root.ts';
import {ask, perform} from './run.ts';
import {readStamps, type Stamps, writeStamps} from './stamps.ts';

/** A practice root that is whole: a kernel, and what modules for it are built with. */
export type PracticeRoot = {
	readonly root: string;
	readonly release: string;
	/** Inside the root: the folder modules are built against. */
	readonly kdir: string;
	/** On this machine: the kernel's image, and the program the guest is made of. */
	readonly image: string;
	readonly busybox: string;
};

export type Prepared =
	| {readonly ok: true; readonly practice: PracticeRoot}
	| {readonly ok: false; readonly outcome: Outcome};

/** Debian suites in the order they are tried. Whether a suite's kernel has Rust is read from its packages. */
const suites: readonly string[] = ['forky', 'sid'];

/** Measured with 7.2.12: the root with everything installed, and what is unpacked and compiled while its metadata is made. */
const neededBytes = 4_500_000_000;

/** Beside the kernel and its compiler: what rust/ is compiled with, and the guest's one program. */
const tools = ['rust-src', 'bindgen', 'make', 'gcc', 'libc6-dev', 'libelf-dev', 'xz-utils', 'busybox-static'];

type Work = {
	readonly stage: Stage;
	readonly paths: PracticePaths;
	readonly host: Reader;
	readonly mirror: string | undefined;
	/** Parallel jobs of make. */
	readonly jobs: number;
};

const refused = (why: string, command?: string): {readonly ok: false; readonly outcome: Outcome} => ({
	ok: false,
	outcome: {kind: 'refused', why, ...(command === undefined ? {} : {command})}
});

/**
 * Sees to it that the practice root is there and whole. What is there already is kept; what was interrupted is made again from
 * its last whole stage. The caller holds the lock.
 */
export async function preparePractice(work: Work): Promise<Prepared> {
	let stamps = await readStamps(work.paths.stamps);
	const keep = async (next: Stamps): Promise<void> => {
		stamps = next;
		await writeStamps(work.paths.stamps, next);
	};
	if (stamps.kernel === undefined || stamps.kdir === undefined) {
		const room = await checkRoom(work);
		if (room !== undefined) return room;
	}
	const rootIsThere = (await work.host.stat(work.paths.root)).status === 'found';
	if (stamps.kernel === undefined || !rootIsThere) {
		const made = await makeRoot(work, rootIsThere ? stamps : {recipe: stamps.recipe}, keep);
		if (!made.ok) return made;
	}
	const {kernel} = stamps;
	if (kernel === undefined) return refused('the practice root could not be made');
	const kdir = `/usr/lib/linux-rust-setup/${kernel.release}`;
	const inside = createLocalReader({root: work.paths.root});
	if (stamps.kdir?.folder !== kdir || !isDeepStrictEqual(await metadataFiles(inside, kdir), stamps.kdir.files)) {
		const outcome = await makeMetadata(work, kernel, kdir);
		if (outcome.kind !== 'ok') return {ok: false, outcome};
		await keep({...stamps, kdir: {folder: kdir, files: await metadataFiles(inside, kdir)}});
	}
	return {
		ok: true,
		practice: {
			root: work.paths.root,
			release: kernel.release,
			kdir,
			image: join(work.paths.root, 'usr/lib/modules', kernel.release, 'vmlinuz'),
			busybox: join(work.paths.root, 'usr/bin/busybox')
		}
	};
}

/** The files of the metadata, and how many bytes each has: one that was lost or cut off makes it anew. */
async function metadataFiles(inside: Reader, kdir: string): Promise<Readonly<Record<string, number>>> {
	const names = await inside.list(join(kdir, 'rust'));
	const paths = [
		'Makefile',
		'scripts/target.json',
		...(names.status === 'found' ? names.value : []).map(name => `rust/${name}`)
	];
	const sizes = await Promise.all(
		paths.map(async path => {
			const facts = await inside.stat(join(kdir, path));
			return [path, facts.status === 'found' ? facts.value.size : -1] as const;
		})
	);
	return Object.fromEntries(sizes);
}

async function checkRoom({paths, host}: Work): Promise<ReturnType<typeof refused> | undefined> {
	await mkdir(paths.folder, {recursive: true});
	const free = await host.freeSpace(paths.folder);
	if (free.status !== 'found' || free.value >= neededBytes) return undefined;
	const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
	return refused(
		`practice mode needs ${gigabytes(neededBytes)} GB below ${paths.folder}, and ${gigabytes(free.value)} GB are free. Free some space, or name another cache folder with XDG_CACHE_HOME`
	);
}

/** Tries the suites in turn until one has a kernel with Rust and the compiler that built it. */
async function makeRoot(
	work: Work,
	stamps: Stamps,
	keep: (stamps: Stamps) => Promise<void>
): Promise<{readonly ok: true} | ReturnType<typeof refused>> {
	const problems: string[] = [];
	const mirror = await chooseMirror(work);
	if (mirror === undefined)
		return refused('no Debian mirror is known to this machine', 'linux-rust-setup practice --mirror URL');
	if (!isMirror(mirror)) return refused(`--mirror ${mirror} is no address to fetch packages from`);
	// a root that is there goes on from its own suite: those before it would not do
	const begun = suites.slice(Math.max(0, suites.indexOf(stamps.suite ?? '')));
	for (const suite of begun) {
		if (stamps.suite !== suite) {
			const outcome = await makeSuite(work, suite, mirror);
			if (outcome.kind !== 'ok') return {ok: false, outcome};
			await keep({recipe: stamps.recipe, suite, mirror});
		}
		const judged = await judgeSuite(work, suite);
		if ('outcome' in judged) return {ok: false, outcome: judged.outcome};
		if ('why' in judged) {
			problems.push(`${suite}: ${judged.why}`);
			work.stage.emit({kind: 'notice', text: `Debian ${suite} will not do: ${judged.why}`});
			continue;
		}
		const outcome = await install(work, judged.kernel);
		if (outcome.kind !== 'ok') return {ok: false, outcome};
		const {release, version, headers, source} = judged.kernel;
		await keep({recipe: stamps.recipe, suite, mirror, kernel: {release, version, headers, source}});
		return {ok: true};
	}
	return refused(`no Debian suite has a kernel with Rust and its compiler: ${problems.join('; ')}`);
}

async function chooseMirror({host, mirror}: Work): Promise<string | undefined> {
	if (mirror !== undefined) return mirror;
	const targets = await host.probe([
		...(['apt-get', 'indextargets', '--format'] as const),
		'$(ORIGIN)|$(LABEL)|$(REPO_URI)|$(COMPONENT)',
		'Created-By: Packages'
	]);
	const own = targets.status === 'found' ? mirrorFrom(targets.value.stdout) : undefined;
	if (own !== undefined) return own;
	const program = await host.which('debootstrap');
	const text = program.status === 'found' ? await host.readText(program.value) : program;
	return text.status === 'found' ? mirrorOfDebootstrap(text.value) : undefined;
}

async function makeSuite(work: Work, suite: string, mirror: string): Promise<Outcome> {
	const {stage, paths, host} = work;
	stage.emit({kind: 'notice', text: `Debian ${suite} from ${mirror}, below ${paths.folder}`});
	const scripts = '/usr/share/debootstrap/scripts';
	const known = await host.stat(join(scripts, suite));
	const script = known.status === 'found' ? undefined : join(scripts, 'sid');
	await mkdir(paths.folder, {recursive: true});
	for (const [title, command] of [
		['removing what an earlier start left', removeFolder(paths.rootPart)],
		[`making a small Debian ${suite}`, makeBase({suite, mirror, target: paths.rootPart, script})],
		['removing the root before', removeFolder(paths.root)],
		['keeping it', renameFolder(paths.rootPart, paths.root)]
	] as const) {
		const outcome = await perform(stage, title, command);
		if (outcome.kind !== 'ok') return outcome;
	}
	return perform(stage, 'reading the package lists', inRoot(paths.root, refreshPackages));
}

/** What the suite's packages say: its kernel, whether that has Rust, and whether the suite's compiler is the one that built it. */
async function judgeSuite(
	{stage, paths}: Work,
	suite: string
): Promise<{readonly kernel: SuiteKernel} | {readonly why: string} | {readonly outcome: Outcome}> {
	const shown = await ask(stage, `asking which kernel ${suite} has`, inRoot(paths.root, showPackages(asked)));
	if ('outcome' in shown) return shown;
	const found = suiteKernel(parseStanzas(shown.text));
	if (!found.ok) return {why: found.why};
	const {kernel} = found;
	const printed = await ask(
		stage,
		`reading the configuration of ${kernel.release}`,
		inRoot(paths.root, showConfig(kernel.headers))
	);
	if ('outcome' in printed) return printed;
	const parsed = parseConfig(printed.text);
	if (!parsed.ok) return {why: `the configuration of ${kernel.release} cannot be read: ${parsed.why}`};
	if (!isOn(parsed.config, 'CONFIG_RUST')) return {why: `${kernel.release} is built without Rust`};
	const built = option(parsed.config, 'CONFIG_RUSTC_VERSION_TEXT') ?? '';
	if (/^rustc (\S+)/.exec(built)?.[1] !== kernel.rustc)
		return {why: `${kernel.release} was built with ${built}, and the suite has moved on to rustc ${kernel.rustc}`};
	stage.emit({kind: 'notice', text: `Debian ${suite} has ${kernel.release}, with Rust, built with ${built}`});
	return {kernel};
}

async function install({stage, paths}: Work, kernel: SuiteKernel): Promise<Outcome> {
	const packages = [kernel.headers, `linux-binary-${kernel.release}`, kernel.source, 'rustc', ...tools];
	const mended = await perform(stage, 'looking for what was left half done', inRoot(paths.root, mendPackages));
	if (mended.kind !== 'ok') return mended;
	const uris = await ask(stage, 'asking how much is to be fetched', inRoot(paths.root, listDownloads(packages)));
	if ('outcome' in uris) return uris.outcome;
	stage.emit({kind: 'notice', text: `${Math.round(downloadSize(uris.text) / 1e6)} MB are fetched now`});
	const outcome = await perform(
		stage,
		`installing ${kernel.release} and its compiler`,
		inRoot(paths.root, installPackages(packages))
	);
	return outcome.kind === 'ok' ? perform(stage, 'cleaning up', inRoot(paths.root, dropArchives)) : outcome;
}

async function makeMetadata(
	{stage, paths, jobs}: Work,
	kernel: NonNullable<Stamps['kernel']>,
	kdir: string
): Promise<Outcome> {
	const headers = `/usr/src/${kernel.headers}`;
	const text = await readFile(join(paths.root, headers, '.config'), 'utf8');
	const parsed = parseConfig(text);
	if (!parsed.ok) return {kind: 'refused', why: `${headers}/.config cannot be read: ${parsed.why}`};
	const value = (name: string): string => option(parsed.config, name) ?? '';
	const actions = planMetadataRebuild({
		release: kernel.release,
		headers,
		source: {kind: 'tarball', path: `/usr/src/${kernel.source}.tar.xz`},
		scratch: '/var/tmp/linux-rust-setup',
		kdir,
		rustcText: value('CONFIG_RUSTC_VERSION_TEXT'),
		rustc: '/usr/bin/rustc',
		ccText: value('CONFIG_CC_VERSION_TEXT'),
		clang: isOn(parsed.config, 'CONFIG_CC_IS_CLANG'),
		jobs
	});
	for (const action of actions) {
		if (action.kind !== 'run') continue;
		const outcome = await perform(stage, action.title, inRoot(paths.root, action.command));
		if (outcome.kind !== 'ok') return outcome;
	}
	return {kind: 'ok'};
}
