import {mkdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {planMetadataRebuild} from '../actions/rebuild-metadata.ts';
import type {Stage} from '../actions/stage.ts';
import {isOn, option, parseConfig} from '../kernel/config.ts';
import {createLocalReader} from '../machine/reader.ts';
import type {Reader} from '../model/machine.ts';
import type {Outcome} from '../model/walk.ts';
import {gigabytes} from '../text/gigabytes.ts';
import {
	asked,
	downloadSize,
	isMirror,
	mirrorFrom,
	mirrorOfDebootstrap,
	parseStanzas,
	type SuiteKernel,
	sourcePackage,
	suiteKernel
} from './packages.ts';
import type {PracticePaths} from './paths.ts';
import {
	dropArchives,
	dropScratch,
	inRoot,
	installPackages,
	listDownloads,
	makeBase,
	mendPackages,
	type Root,
	refreshPackages,
	removeRoot,
	renameRoot,
	showConfig,
	showPackages
} from './root.ts';
import {ask, perform} from './run.ts';
import {planSmallKernel} from './small-kernel.ts';
import {readStamps, type Stamps, writeStamps} from './stamps.ts';
import {chooseWay} from './way.ts';

/** A kernel that a guest can run, and what modules for it are built with. Paths are this machine's, but for `kdir`. */
export type PracticeMachine = {
	/** Where modules are built; undefined: on this machine itself. */
	readonly root: Root | undefined;
	readonly release: string;
	/** Where modules are built: the folder they are built against. Undefined: the kernel's own. */
	readonly kdir: string | undefined;
	readonly image: string;
	/** The program the guest is made of, and the libraries it needs. */
	readonly busybox: string;
	readonly libraries: readonly string[];
	/** Modules without which the guest cannot be spoken with, in the order they are loaded. */
	readonly modules: readonly string[];
};

export type Prepared =
	| {readonly ok: true; readonly practice: PracticeMachine}
	| {readonly ok: false; readonly outcome: Outcome};

/** Debian suites in the order they are tried. Whether a suite's kernel has Rust is read from its packages. */
const suites: readonly string[] = ['forky', 'sid'];

/** Measured with 7.2.12: the root with everything installed, and what is unpacked and compiled while its metadata is made. */
const neededBytes = 4_500_000_000;

/** A small kernel is built from 2 GB of source and objects on top of that. */
const neededToBuild = 3_000_000_000;

/** Beside the kernel and its compiler: what rust/ is compiled with, and the guest's one program. */
const tools = ['rust-src', 'bindgen', 'make', 'gcc', 'libc6-dev', 'libelf-dev', 'xz-utils', 'busybox-static'];

/** What a kernel is built with, beside those. */
const kernelTools = ['bc', 'bison', 'flex', 'libssl-dev', 'openssl'];

/** Inside the root: where kernels and metadata are made; nothing of it is left. */
const scratch = '/var/tmp/linux-rust-setup';

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
		const way = await wayOf(stamps, work.host);
		const begun: Stamps = rootIsThere ? {...stamps, way} : {recipe: stamps.recipe, way};
		const made = await makeRoot(work, begun, keep);
		if (!made.ok) return made;
	}
	const {kernel} = stamps;
	if (kernel === undefined) return refused('the practice root could not be made');
	const root = rootOf(work.paths, stamps);
	const kdir = `/usr/lib/linux-rust-setup/${kernel.release}`;
	const inside = createLocalReader({root: work.paths.root});
	if (stamps.kdir?.folder !== kdir || !isDeepStrictEqual(await metadataFiles(inside, kdir), stamps.kdir.files)) {
		if (kernel.built === undefined) {
			const outcome = await makeMetadata(work, root, kernel, kdir);
			if (outcome.kind !== 'ok') return {ok: false, outcome};
		} else if (stamps.kdir !== undefined) {
			// what was built together is lost together; a suite may have a kernel that will do by now
			const {kernel: _kernel, kdir: _kdir, suite: _suite, ...begun} = stamps;
			await keep(begun);
			return preparePractice(work);
		}
		await keep({...stamps, kdir: {folder: kdir, files: await metadataFiles(inside, kdir)}});
	} else if ((await inside.stat(scratch)).status === 'found') {
		// all is made, and a start that was killed left what it was made in
		const outcome = await perform(work.stage, 'cleaning up', inRoot(root, dropScratch(scratch)));
		if (outcome.kind !== 'ok') return {ok: false, outcome};
	}
	return {
		ok: true,
		practice: {
			root,
			release: kernel.release,
			kdir,
			image: join(root.path, 'usr/lib/modules', kernel.release, 'vmlinuz'),
			busybox: join(root.path, 'usr/bin/busybox'),
			libraries: [],
			modules: []
		}
	};
}

/** The roots that practice mode made, whole or not, as they have to be removed. */
export async function rootsMade(paths: PracticePaths, host: Reader): Promise<readonly Root[]> {
	const way = await wayOf(await readStamps(paths.stamps), host);
	return [paths.rootPart, paths.root].map(path => ({path, way}));
}

/** The way of what was begun, else the one that is open to this user. */
const wayOf = async (stamps: Stamps, host: Reader): Promise<Root['way']> =>
	stamps.way ?? (stamps.suite === undefined ? chooseWay(host) : 'root');

const rootOf = (paths: PracticePaths, {way = 'root'}: Stamps): Root => ({path: paths.root, way});

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
	return refused(
		`practice mode needs ${gigabytes(neededBytes)} below ${paths.folder}, and ${gigabytes(free.value)} are free. Free some space, or name another cache folder with XDG_CACHE_HOME`
	);
}

/** Tries the suites in turn until one has a kernel with Rust and the compiler that built it. */
async function makeRoot(
	work: Work,
	stamps: Stamps,
	keep: (stamps: Stamps) => Promise<void>
): Promise<{readonly ok: true} | ReturnType<typeof refused>> {
	const problems: string[] = [];
	// what was begun with a mirror goes on with it, unless another is named
	const mirror = work.mirror ?? stamps.mirror ?? (await chooseMirror(work));
	if (mirror === undefined)
		return refused('no Debian mirror is known to this machine', 'linux-rust-setup practice --mirror URL');
	if (!isMirror(mirror))
		return refused(`--mirror ${mirror} is no address to fetch packages from; it begins with http:// or https://`);
	// a root that is there goes on from its own suite: those before it would not do
	const left = suites.slice(Math.max(0, suites.indexOf(stamps.suite ?? '')));
	const root = rootOf(work.paths, stamps);
	const {recipe, way = 'root'} = stamps;
	const begun: Stamps = {recipe, way};
	let there = stamps.suite;
	for (const suite of left) {
		if (there !== suite) {
			// the root of another suite is about to go, and counts no more from now on
			if (there !== undefined) await keep(begun);
			const outcome = await makeSuite(work, root, suite, mirror);
			if (outcome.kind !== 'ok') return {ok: false, outcome};
		}
		there = suite;
		await keep({...begun, suite, mirror});
		const refreshed = await perform(
			work.stage,
			'reading the package lists',
			inRoot(root, refreshPackages(suite, mirror))
		);
		if (refreshed.kind !== 'ok') return {ok: false, outcome: refreshed};
		const judged = await judgeSuite(work, root, suite);
		if ('outcome' in judged) return {ok: false, outcome: judged.outcome};
		if ('why' in judged) {
			problems.push(`${suite}: ${judged.why}`);
			work.stage.emit({kind: 'notice', text: `Debian ${suite} will not do: ${judged.why}`});
			continue;
		}
		const outcome = await install(work, root, judged.kernel);
		if (outcome.kind !== 'ok') return {ok: false, outcome};
		const {release, version, headers, source} = judged.kernel;
		await keep({...begun, suite, mirror, kernel: {release, source, version, headers}});
		return {ok: true};
	}
	work.stage.emit({
		kind: 'notice',
		text: 'No suite’s kernel was built by the compiler it has now: a small kernel is built from its source instead, which takes ten minutes and more'
	});
	const built = await buildKernel(work, root);
	if ('outcome' in built)
		return built.outcome.kind === 'failed' || built.outcome.kind === 'cancelled'
			? {ok: false, outcome: built.outcome}
			: refused(
					`no Debian suite has a kernel with Rust and its compiler (${problems.join('; ')}), and none can be built: ${built.outcome.kind === 'refused' ? built.outcome.why : 'declined'}`,
					built.outcome.kind === 'refused' ? built.outcome.command : undefined
				);
	await keep({...begun, suite: suites.at(-1) ?? '', mirror, kernel: built.kernel});
	return {ok: true};
}

/** The last resort: a kernel of our own, from the source and with the compiler of the suite whose root this is. */
async function buildKernel(
	{stage, paths, host, jobs}: Work,
	root: Root
): Promise<{readonly kernel: NonNullable<Stamps['kernel']>} | {readonly outcome: Outcome}> {
	const free = await host.freeSpace(paths.folder);
	if (free.status === 'found' && free.value < neededToBuild)
		return {
			outcome: {kind: 'refused', why: `building a kernel needs ${gigabytes(neededToBuild)} below ${paths.folder}`}
		};
	const shown = await ask(stage, 'asking which source there is', inRoot(root, showPackages(['linux-source'])));
	if ('outcome' in shown) return shown;
	const source = sourcePackage(parseStanzas(shown.text));
	if (source === undefined) return {outcome: {kind: 'refused', why: 'this suite has no linux-source'}};
	const installed = await installInto(root, stage, 'the source of a kernel and its compiler', [
		...[source, 'rustc', ...tools],
		...kernelTools
	]);
	if (installed.kind !== 'ok') return {outcome: installed};
	let said = '';
	const plan = planSmallKernel({tarball: `/usr/src/${source}.tar.xz`, rustc: '/usr/bin/rustc', scratch, jobs});
	for (const {title, command, answers} of plan) {
		const done = answers
			? await ask(stage, title, inRoot(root, command))
			: {outcome: await perform(stage, title, inRoot(root, command))};
		if ('text' in done) said = done.text;
		else if (done.outcome.kind !== 'ok') return done;
	}
	const release = /^built (\S+)$/m.exec(said)?.[1];
	if (release === undefined) return {outcome: {kind: 'refused', why: 'the kernel that was built says no release'}};
	return {kernel: {release, source, built: true}};
}

/** `--mirror`, else the one that this machine's own apt uses, else debootstrap's. */
export async function chooseMirror({host, mirror}: Pick<Work, 'host' | 'mirror'>): Promise<string | undefined> {
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

async function makeSuite(work: Work, root: Root, suite: string, mirror: string): Promise<Outcome> {
	const {stage, paths, host} = work;
	stage.emit({kind: 'notice', text: `Debian ${suite} from ${mirror}, below ${paths.folder}`});
	const scripts = '/usr/share/debootstrap/scripts';
	const known = await host.stat(join(scripts, suite));
	const script = known.status === 'found' ? undefined : join(scripts, 'sid');
	await mkdir(paths.folder, {recursive: true});
	const part: Root = {...root, path: paths.rootPart};
	for (const [title, command] of [
		['removing what an earlier start left', removeRoot(part)],
		[`making a small Debian ${suite}`, makeBase({suite, mirror, target: part, script})],
		['removing the root before', removeRoot(root)],
		['keeping it', renameRoot(part, root.path)]
	] as const) {
		const outcome = await perform(stage, title, command);
		if (outcome.kind !== 'ok') return outcome;
	}
	return {kind: 'ok'};
}

/** What the suite's packages say: its kernel, whether that has Rust, and whether the suite's compiler is the one that built it. */
async function judgeSuite(
	{stage}: Work,
	root: Root,
	suite: string
): Promise<{readonly kernel: SuiteKernel} | {readonly why: string} | {readonly outcome: Outcome}> {
	const shown = await ask(stage, `asking which kernel ${suite} has`, inRoot(root, showPackages(asked)));
	if ('outcome' in shown) return shown;
	const found = suiteKernel(parseStanzas(shown.text));
	if (!found.ok) return {why: found.why};
	const {kernel} = found;
	const printed = await ask(
		stage,
		`reading the configuration of ${kernel.release}`,
		inRoot(root, showConfig(kernel.headers))
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

async function install({stage}: Work, root: Root, kernel: SuiteKernel): Promise<Outcome> {
	return installInto(root, stage, `${kernel.release} and its compiler`, [
		...[kernel.headers, `linux-binary-${kernel.release}`, kernel.source],
		...['rustc', ...tools]
	]);
}

async function installInto(root: Root, stage: Stage, what: string, packages: readonly string[]): Promise<Outcome> {
	const mended = await perform(stage, 'looking for what was left half done', inRoot(root, mendPackages));
	if (mended.kind !== 'ok') return mended;
	const uris = await ask(stage, 'asking how much is to be fetched', inRoot(root, listDownloads(packages)));
	if ('outcome' in uris) return uris.outcome;
	stage.emit({kind: 'notice', text: `${Math.round(downloadSize(uris.text) / 1e6)} MB are fetched now`});
	const outcome = await perform(stage, `installing ${what}`, inRoot(root, installPackages(packages)));
	return outcome.kind === 'ok' ? perform(stage, 'cleaning up', inRoot(root, dropArchives)) : outcome;
}

async function makeMetadata(
	{stage, jobs}: Work,
	root: Root,
	kernel: Extract<NonNullable<Stamps['kernel']>, {headers: string}>,
	kdir: string
): Promise<Outcome> {
	const headers = `/usr/src/${kernel.headers}`;
	const text = await readFile(join(root.path, headers, '.config'), 'utf8');
	const parsed = parseConfig(text);
	if (!parsed.ok) return {kind: 'refused', why: `${headers}/.config cannot be read: ${parsed.why}`};
	const value = (name: string): string => option(parsed.config, name) ?? '';
	const actions = planMetadataRebuild({
		release: kernel.release,
		// the package's own number is the source's, with Debian's revision behind it
		version: parsed.config.kernel ?? kernel.version.replace(/-[^-]*$/, ''),
		arch: 'x86',
		headers,
		source: {kind: 'tarball', path: `/usr/src/${kernel.source}.tar.xz`},
		scratch,
		kdir,
		rustcText: value('CONFIG_RUSTC_VERSION_TEXT'),
		rustc: '/usr/bin/rustc',
		ccText: value('CONFIG_CC_VERSION_TEXT'),
		clang: isOn(parsed.config, 'CONFIG_CC_IS_CLANG'),
		jobs
	});
	let end: Outcome = {kind: 'ok'};
	for (const action of actions) {
		if (action.kind !== 'run' || (end.kind !== 'ok' && action.always !== true)) continue;
		const command = inRoot(root, action.command);
		// what cleans up is not stopped by the Ctrl-C that made it necessary, and what it says is not the news
		if (end.kind !== 'ok')
			await perform({...stage, signal: new AbortController().signal, emit() {}}, action.title, command);
		else end = await perform(stage, action.title, command);
	}
	return end;
}
