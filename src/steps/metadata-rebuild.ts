import {dirname, join} from 'node:path';
import {planMetadataCopy, planMetadataRebuild, rebuildNeeds} from '../actions/rebuild-metadata.ts';
import {type Config, isOn, option, parseConfig} from '../kernel/config.ts';
import {configDrift} from '../kernel/config-drift.ts';
import {buildRequirements} from '../kernel/requirements.ts';
import {atLeast, parseVersion} from '../kernel/version.ts';
import {cacheFolder, dataFolder} from '../machine/state-folder.ts';
import type {Command} from '../model/command.ts';
import type {Found, Reader} from '../model/machine.ts';
import type {Action, Evidence, Remedy} from '../model/step.ts';
import {type Kernel, sourceVersion} from '../survey/kernels.ts';
import {freeSpaceFor} from '../survey/rustup.ts';
import type {KernelSource} from '../survey/sources.ts';
import type {Compiler} from '../survey/toolchains.ts';
import type {View} from '../survey/view.ts';
import {chosenCompiler} from './compiler.ts';
import {type Family, familyOf, installCommand, packagesOf} from './distribution.ts';
import {type Download, planSourceFetch} from './fetch-source.ts';
import {nameKdir} from './kernel.ts';
import {downloadOf, packagedSource} from './kernel-source.ts';
import {practise} from './practise.ts';
import {byYou, remedy, shown} from './verdict.ts';

/** More bring nothing: rust/ is mostly a chain of crates, each of which waits for the one before. */
const mostJobs = 4;

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

export type Rebuild = {
	readonly evidence: readonly Evidence[];
	readonly remedies: readonly Remedy[];
	/** Why there is none to be had, whatever is installed: the end of a sentence, without its full stop. */
	readonly impossible?: string;
};

/** What the rebuild of missing metadata needs and what of it is here, and the remedies that follow from it. */
export async function metadataRebuild(
	view: View,
	kernel: Kernel,
	options: {readonly intoHeaders: boolean}
): Promise<Rebuild> {
	const {builder} = view;
	const [machine, compiler, config, headers, sources, jobs] = await Promise.all([
		view.machine(),
		chosenCompiler(view),
		readHeadersConfig(builder, kernel),
		builder.realPath(kernel.headers),
		view.sources(),
		countJobs(builder)
	]);
	const refused = (value: string, remedies: readonly Remedy[], source?: string): Rebuild => ({
		evidence: [{label: 'no rebuild', value, ...(source === undefined ? {} : {source})}],
		remedies,
		impossible: value
	});
	if (config.status !== 'found' || headers.status !== 'found')
		return refused(
			`the configuration of the headers ${config.status === 'unknown' ? `cannot be read: ${config.why}` : 'is not there'}`,
			[],
			join(kernel.headers, '.config')
		);
	const version = sourceVersion(kernel) ?? '';
	const parsed = parseVersion(version);
	const arch = isOn(config.value, 'CONFIG_UML') ? 'um' : isOn(config.value, 'CONFIG_X86_64') ? 'x86' : undefined;
	if (parsed === undefined || !atLeast(parsed, '6.3'))
		return refused(
			`how it is done is known for kernels from 6.3 on, and this one is ${version || 'of an unknown version'}`,
			[nameKdir(), practise]
		);
	if (arch === undefined) return refused('how it is done is known for x86_64 alone', [nameKdir(), practise]);
	const drift = kernel.config.status === 'found' ? configDrift(kernel.config.value.value, config.value) : [];
	if (drift.length > 0)
		return {
			evidence: driftEvidence(drift, kernel),
			remedies: [],
			impossible: `the headers are configured otherwise than the kernel (${drift
				.slice(0, 2)
				.map(one => one.option)
				.join(', ')}${drift.length > 2 ? ' and others' : ''}), and what is made from them would describe another one`
		};

	const family = familyOf(machine);
	const origin = await originOf(builder, kernel, version, family, sources);
	const tools = await missingTools(builder, config.value, compiler, origin);
	const folders = {
		scratch: join(cacheFolder(builder), 'metadata', kernel.release),
		kdir: kernel.rebuilt.path,
		sources: join(dataFolder(builder), 'sources')
	};
	const fetched = origin.kind === 'download' ? mostFetched : 0;
	const room = await checkRoom(builder, folders, fetched);
	const evidence: readonly Evidence[] = [
		...sourceEvidence(sources, origin, version),
		...tools.map(({name, why}) => ({label: 'for a rebuild', value: `${name} is missing: ${why}`})),
		...(compiler === undefined
			? [{label: 'no rebuild', value: 'it takes the exact compiler (the step toolchain)'}]
			: []),
		...room
	];
	const blank = [folders.scratch, folders.kdir, origin.kind === 'here' ? origin.source.path : ''].find(path =>
		/[\s:]/.test(path)
	);
	if (blank !== undefined)
		return refused(
			`make cannot work in a folder with a blank or a colon in its path, as ${blank} has`,
			[elsewhere],
			blank
		);
	if (compiler?.identity.status !== 'found' || room.length > 0 || tools.length > 0 || !isReachable(origin)) {
		const space = room.length > 0 ? rebuildNeeds.while + fetched : 0;
		const needs = {version, family, tools, origin, compiler, space, sources: folders.sources};
		return {evidence, remedies: [getReady(needs)]};
	}
	const identity = compiler.identity.value;
	const plan = (source: {readonly kind: 'folder' | 'tarball'; readonly path: string}): readonly Action[] =>
		planMetadataRebuild({
			release: kernel.release,
			version,
			arch,
			headers: headers.value,
			source,
			scratch: folders.scratch,
			kdir: folders.kdir,
			rustcText: identity.text,
			rustc: compiler.path,
			ccText: option(config.value, 'CONFIG_CC_VERSION_TEXT') ?? '',
			clang: isOn(config.value, 'CONFIG_CC_IS_CLANG'),
			jobs
		});
	const undo = `rm -r ${folders.kdir}`;
	const cost = `One to three minutes; ${megabytes(rebuildNeeds.while)} of disk while it works, ${megabytes(rebuildNeeds.left)} afterwards.`;
	if (origin.kind === 'download') {
		const {url, name, size} = origin.download;
		const file = join(folders.sources, name);
		return {
			evidence,
			remedies: [
				remedy({
					id: 'fetch-and-rebuild',
					label: `Fetch the source of ${version}, and rebuild the missing metadata`,
					consequence: `${size} from ${new URL(url).host}. ${cost} The headers stay as they are.`,
					undo: `${undo} ${file}`,
					actions: [...planSourceFetch(origin.download, file), ...plan({kind: 'tarball', path: file})]
				})
			]
		};
	}
	const actions = plan(origin.source);
	const beside = remedy({
		id: 'rebuild-metadata',
		label: 'Rebuild the missing metadata without building the kernel',
		consequence: `${cost} The headers stay as they are.`,
		undo,
		mends: true,
		actions
	});
	const inside = remedy({
		id: 'rebuild-into-headers',
		label: 'Rebuild it, and put it into the headers folder itself',
		consequence: `${cost} Every program finds it there; the package manager does not know these files, and may leave them behind.`,
		undo: `sudo rm -r ${headers.value}/rust ${headers.value}/scripts/target.json`,
		actions: [...actions, ...planMetadataCopy(folders.kdir, headers.value)]
	});
	return {evidence, remedies: options.intoHeaders ? [beside, inside] : [beside]};
}

const elsewhere = byYou({
	id: 'rebuild-elsewhere',
	label: 'Start this program with folders of another path',
	consequence: 'Both have to be named at every start, so that the metadata is found there.',
	commands: [],
	text: 'XDG_CACHE_HOME=/var/tmp/cache XDG_DATA_HOME=/var/tmp/data linux-rust-setup. A source that was named with --source is moved, or named by a link to it.'
});

/** Where the source of a kernel is, or comes from. */
type Origin =
	| {readonly kind: 'here'; readonly source: KernelSource}
	| {readonly kind: 'package'; readonly name: string}
	| {readonly kind: 'download'; readonly download: Download}
	| {readonly kind: 'nowhere'};

/** Whether a rebuild can begin with it: what takes root is for the user to do. */
const isReachable = (origin: Origin): origin is Extract<Origin, {kind: 'here' | 'download'}> =>
	origin.kind === 'here' || origin.kind === 'download';

async function originOf(
	reader: Reader,
	kernel: Kernel,
	version: string,
	family: Family,
	sources: readonly KernelSource[]
): Promise<Origin> {
	const source = sources.find(one => one.problem === undefined && isOf(one, version));
	if (source !== undefined) return {kind: 'here', source};
	const name = await packagedSource(reader, kernel, version, family);
	if (name !== undefined) return {kind: 'package', name};
	const download = downloadOf(kernel, version);
	return download === undefined ? {kind: 'nowhere'} : {kind: 'download', download};
}

async function readHeadersConfig(reader: Reader, kernel: Kernel): Promise<Found<Config>> {
	const text = await reader.readText(join(kernel.headers, '.config'));
	if (text.status !== 'found') return text;
	const parsed = parseConfig(text.value);
	return parsed.ok ? {status: 'found', value: parsed.config} : {status: 'unknown', why: parsed.why};
}

/** A few name what is wrong; a kernel that was configured anew differs in hundreds. */
const driftShown = 8;

function driftEvidence(drift: ReturnType<typeof configDrift>, kernel: Kernel): readonly Evidence[] {
	const count = `${drift.length === 1 ? 'an option differs' : `${drift.length} options differ`} between the kernel and its headers`;
	return [
		{label: 'no rebuild', value: count, source: join(kernel.headers, '.config')},
		...drift.slice(0, driftShown).map(({option, kernel, headers}) => ({
			label: option,
			value: `kernel ${kernel}, headers ${headers}`
		}))
	];
}

/** A version that could not be read is compared while the rebuild is at work, as every one is. */
const isOf = ({version}: KernelSource, wanted: string): boolean =>
	version.status === 'unknown' || (version.status === 'found' && version.value === wanted);

function sourceEvidence(sources: readonly KernelSource[], origin: Origin, wanted: string): readonly Evidence[] {
	if (origin.kind === 'here') {
		const {path, version} = origin.source;
		const value = version.status === 'found' ? `of ${wanted}, as the kernel` : 'its version is not known yet';
		return [{label: 'source', value, source: path}];
	}
	if (sources.length === 0) return [{label: 'source', value: `none of ${wanted} is here`, source: '/usr/src'}];
	return sources.map(({path, version, problem}) => ({
		label: 'source',
		value:
			problem ??
			`of ${version.status === 'found' ? version.value : 'an unknown version'}, and the kernel is of ${wanted}`,
		source: path
	}));
}

type Tool = {readonly name: string; readonly why: string};

/** Everything the rebuild runs, named at once. */
async function missingTools(
	reader: Reader,
	config: Config,
	compiler: Compiler | undefined,
	origin: Origin
): Promise<readonly Tool[]> {
	const source = origin.kind === 'here' ? origin.source : undefined;
	const name = source?.path ?? (origin.kind === 'download' ? origin.download.name : '.xz');
	const programs: readonly Tool[] = [
		...buildRequirements(config).programs.filter(one => one.onlyWith === undefined),
		{name: 'bindgen', why: 'makes Rust of the kernel’s C headers'},
		{name: 'cc', why: 'links the procedural macros'},
		...(source?.kind === 'folder' ? [] : [{name: 'tar', why: 'unpacks the source'}]),
		...(name.endsWith('.xz') ? [{name: 'xz', why: 'unpacks the source'}] : []),
		...(origin.kind === 'download' ? [{name: 'curl', why: 'fetches the source'}] : [])
	];
	const looked = await Promise.all(programs.map(async tool => ({tool, found: await reader.which(tool.name)})));
	const missing = looked.filter(one => one.found.status === 'absent').map(one => one.tool);
	const library = compiler && (await reader.stat(await librarySource(reader, compiler)));
	return library?.status === 'absent'
		? [...missing, {name: 'rust-src', why: 'the kernel’s core is compiled from it'}]
		: missing;
}

/** Where kbuild looks for core's source: below the prefix that rustc is installed in. */
async function librarySource(reader: Reader, compiler: Compiler): Promise<string> {
	const real = await reader.realPath(compiler.path);
	const prefix = dirname(dirname(real.status === 'found' ? real.value : compiler.path));
	return join(prefix, 'lib/rustlib/src/rust/library/core/src/lib.rs');
}

/** Bytes of a tarball; the largest, packed by gzip, have 250 MB. */
const mostFetched = 300_000_000;

async function checkRoom(
	reader: Reader,
	folders: {readonly scratch: string; readonly kdir: string},
	fetched: number
): Promise<readonly Evidence[]> {
	const [scratch, kdir] = await Promise.all([
		freeSpaceFor(reader, folders.scratch),
		freeSpaceFor(reader, folders.kdir)
	]);
	const short = (folder: string, free: number | undefined, needed: number): readonly Evidence[] =>
		free === undefined || free >= needed
			? []
			: [
					{label: 'no rebuild', value: `it takes ${megabytes(needed)}, and ${megabytes(free)} are free`, source: folder}
				];
	return [
		...short(folders.scratch, scratch, rebuildNeeds.while + fetched),
		...short(folders.kdir, kdir, rebuildNeeds.left + fetched)
	];
}

/** What stands between here and a rebuild, in commands for the user. */
function getReady(needs: {
	readonly version: string;
	readonly family: Family;
	readonly tools: readonly Tool[];
	readonly origin: Origin;
	readonly compiler: Compiler | undefined;
	/** Bytes that have to be free, where they are not. */
	readonly space: number;
	/** The folder where a source is looked for besides /usr/src. */
	readonly sources: string;
}): Remedy {
	const {version, family, tools, origin, compiler, space, sources} = needs;
	const toolchain = /^rustup toolchain (\S+)$/.exec(compiler?.origin ?? '')?.[1];
	const names = tools.map(tool => tool.name);
	const ofRustup = toolchain !== undefined && names.includes('rust-src');
	const packages = [
		...(origin.kind === 'package' ? [origin.name] : []),
		...packagesOf(ofRustup ? names.filter(name => name !== 'rust-src') : names, family)
	];
	const install = packages.length === 0 ? undefined : installCommand(family, packages);
	const component = ['rustup', 'component', 'add', 'rust-src', '--toolchain', toolchain ?? ''] as const;
	const commands: readonly Command[] = [
		...(install === undefined ? [] : [shown(install, 'brings what the rebuild needs', 'root')]),
		...(ofRustup ? [shown(component, 'brings the source of core, which belongs to the compiler')] : []),
		...(origin.kind === 'download'
			? [
					shown(
						[
							...(['curl', '--fail', '--location', '--create-dirs', '--output'] as const),
							...[join(sources, origin.download.name), origin.download.url]
						],
						`brings the source of ${version}`
					)
				]
			: [])
	];
	const wanted = [
		...(compiler?.identity.status === 'found' ? [] : ['the exact compiler']),
		...(origin.kind === 'here' ? [] : [`the source of ${version}`]),
		...names,
		...(space === 0 ? [] : [`${megabytes(space)} of free space`])
	];
	const where = elsewhereFor(origin);
	return byYou({
		id: 'prepare-rebuild',
		label: `Get what a rebuild of the metadata needs: ${wanted.join(', ')}`,
		consequence: 'The metadata can be rebuilt afterwards, without building the kernel.',
		commands,
		...(where === undefined ? {} : {text: where})
	});
}

function elsewhereFor(origin: Origin): string | undefined {
	switch (origin.kind) {
		case 'package':
			return 'Where apt has no such version any more, the archive has moved on: upgrade the kernel and its headers, or take the source package of this version from the snapshot archive, and name its tarball with --source FILE.';
		case 'nowhere':
			return 'No place of the source is known here. Where you have it, name its folder or tarball with --source PATH. It has to be the source of this very kernel, with the patches of its distribution.';
		case 'here':
		case 'download':
			return undefined;
	}
}

/** Processors that are online, as `0-3,6` (Documentation/admin-guide/cputopology.rst), at most so many as help. */
async function countJobs(reader: Reader): Promise<number> {
	const text = await reader.readText('/sys/devices/system/cpu/online', 256);
	if (text.status !== 'found') return 1;
	const count = text.value
		.trim()
		.split(',')
		.map(range => /^(\d+)(?:-(\d+))?$/.exec(range))
		.reduce((sum, match) => sum + (match ? Number(match[2] ?? match[1]) - Number(match[1]) + 1 : 0), 0);
	return Math.min(Math.max(count, 1), mostJobs);
}
