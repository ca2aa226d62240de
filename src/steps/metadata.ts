import {join} from 'node:path';
import {readRmetaHeader} from '../kernel/rmeta.ts';
import {missingRustFiles} from '../kernel/rust-metadata.ts';
import {parseVersion} from '../kernel/version.ts';
import type {Reader} from '../model/machine.ts';
import type {Evidence, Remedy, Step, Verdict} from '../model/step.ts';
import {type Kernel, releaseOfKdir, requiredFiles} from '../survey/kernels.ts';
import type {MachineFacts} from '../survey/machine.ts';
import type {View} from '../survey/view.ts';
import {chosenCompiler} from './compiler.ts';
import {familyOf} from './distribution.ts';
import {compileFiveLines} from './five-lines.ts';
import {headersRemedy, reinstallRemedy} from './headers.ts';
import {nameKdir} from './kernel.ts';
import {pathHash} from './path-hash.ts';
import {byYou, done, open, shown} from './verdict.ts';

/** Can the kernel's headers build Rust modules? */
export const metadataStep: Step<View> = {
	id: 'metadata',
	question: 'Can its headers build Rust modules?',
	needs: ['kernel'],
	async inspect(view) {
		const [{subject}, machine] = await Promise.all([view.kernels(), view.machine()]);
		if (subject === undefined) {
			return open('blocked', 'metadata.no-kernel', {
				summary: 'there is no kernel yet',
				question: 'Headers belong to a kernel, and there is none yet.',
				evidence: []
			});
		}
		const family = familyOf(machine);
		const [makefile, release] = await Promise.all([
			view.builder.stat(join(subject.kdir, 'Makefile')),
			releaseOfKdir(view.builder, subject.kdir)
		]);
		if (makefile.status === 'unknown') {
			return open('unknown', 'metadata.headers-unreadable', {
				summary: 'the headers could not be read',
				question: `${subject.kdir} could not be looked at: ${makefile.why}.`,
				evidence: []
			});
		}
		if (makefile.status === 'absent') {
			return open('todo', 'metadata.headers-missing', {
				summary: `no headers for ${subject.release}`,
				question: `The headers of ${subject.release} are not installed: there is no Makefile in ${subject.kdir}. A module cannot be built without them.`,
				evidence: [{label: 'KDIR', value: 'no Makefile', source: subject.kdir}],
				remedies: subject.installed ? [await headersRemedy(view, subject, family)] : [nameKdir()]
			});
		}
		const evidence: Evidence[] = [
			{label: 'KDIR', value: `headers of ${release ?? 'an unknown release'}`, source: subject.kdir}
		];
		if (release !== undefined && release !== subject.release) {
			return open('todo', 'metadata.other-release', {
				summary: `the headers are for ${release}`,
				question: `${subject.kdir} holds the headers of ${release}, and the kernel is ${subject.release}: modules built there will not load.`,
				evidence,
				remedies: [await headersRemedy(view, subject, family)]
			});
		}
		if (subject.kdir !== subject.headers)
			evidence.push({
				label: 'headers',
				value: 'lack the Rust metadata, which was rebuilt beside them',
				source: subject.headers
			});
		const files = await readRustFiles(view.builder, subject);
		evidence.push({
			label: 'Rust metadata',
			value: `${files.required.length - files.missing.length} of ${files.required.length} files`,
			source: join(subject.kdir, 'rust')
		});
		if (files.missing.length > 0) return missingVerdict(view, subject, machine, files, evidence);
		if (files.problems.length > 0) {
			return open('todo', 'metadata.damaged', {
				summary: `${files.problems.length === 1 ? 'a metadata file is' : 'metadata files are'} damaged or unreadable`,
				question: `${files.problems.join('. ')}. The headers cannot build a Rust module like this.`,
				evidence,
				remedies: await renewRemedies(view, subject, machine)
			});
		}
		const moved = await pathHash(view, subject, evidence);
		if ('status' in moved) return moved;
		const compiler = await chosenCompiler(view);
		const whole = [...evidence, ...moved];
		const summary = `complete, ${files.required.length} files`;
		// which compiler is to read it is the step toolchain's question
		if (compiler === undefined) return done(summary, whole);
		const compiled = await compileFiveLines(view, subject, compiler, files.required);
		if (compiled.ok !== false) return done(summary, [...whole, compiled.evidence]);
		return refusedVerdict(view, subject, machine, compiled.said, whole);
	}
};

type RustFiles = Awaited<ReturnType<typeof readRustFiles>>;

async function missingVerdict(
	view: View,
	kernel: Kernel,
	machine: MachineFacts,
	{required, missing}: RustFiles,
	evidence: readonly Evidence[]
): Promise<Verdict> {
	const isAll = missing.length === required.length;
	const rebuild = await rebuildOf(view, kernel, {intoHeaders: isAll});
	const all: readonly Evidence[] = [
		...evidence,
		...rebuild.evidence,
		...missing.map(path => ({label: 'missing', value: path, source: join(kernel.kdir, path)}))
	];
	if (kernel.rebuilt.state === 'outdated') {
		return open('stale', 'metadata.headers-changed', {
			summary: 'the metadata was rebuilt for other headers',
			question: `The Rust metadata of ${kernel.release} was rebuilt for headers that have changed since: their .config or their Module.symvers is another one. Rebuild it?`,
			evidence: [...all, {label: 'rebuilt before', value: 'for other headers', source: kernel.rebuilt.path}],
			remedies: await orReinstall(view, rebuild.remedies, kernel, machine)
		});
	}
	return open('todo', 'metadata.files-missing', {
		summary: missingSummary(missing),
		question: `${isAll ? `The headers carry no Rust metadata: none of its ${missing.length} files is there` : `The headers lack part of the Rust metadata: ${missing.join(', ')}`}. ${
			rebuild.impossible === undefined
				? 'rustc would stop with E0463 or "target.json does not exist", and its advice (rustup target add) does not help.'
				: `It cannot be rebuilt here: ${rebuild.impossible}.`
		}`,
		evidence: all,
		remedies: await missingRemedies(view, kernel, machine, isAll, rebuild.remedies)
	});
}

/** The files are all there, and the compiler that belongs to them refuses them: its own words say why. */
async function refusedVerdict(
	view: View,
	kernel: Kernel,
	machine: MachineFacts,
	said: string,
	evidence: readonly Evidence[]
): Promise<Verdict> {
	// the catalogue is large, and this is rare
	const {explainLog} = await import('../failures/explain.ts');
	const {failures, firstError} = explainLog(said);
	const failure = failures.find(one => one.severity === 'error');
	const line = failure?.text ?? firstError?.text ?? said.split('\n')[0] ?? '';
	return open('todo', 'metadata.refused', {
		summary: 'the compiler refuses the metadata',
		question: `A crate of five lines does not compile against the metadata in ${kernel.kdir}: ${line.trim()}${failure === undefined ? '' : `. ${failure.cause.replace(/\.$/, '')}`}.`,
		evidence: [...evidence, {label: 'five-line crate', value: line.trim(), source: kernel.kdir}],
		remedies: await renewRemedies(view, kernel, machine)
	});
}

/** Loaded where metadata is missing: every check loads this file, and few need that one. */
const rebuildOf: typeof import('./metadata-rebuild.ts').metadataRebuild = async (...words) =>
	(await import('./metadata-rebuild.ts')).metadataRebuild(...words);

/** What brings whole metadata back: what was rebuilt is rebuilt, what was packed is installed again. */
async function renewRemedies(view: View, kernel: Kernel, machine: MachineFacts): Promise<readonly Remedy[]> {
	const rebuild = kernel.kdir === kernel.headers ? undefined : await rebuildOf(view, kernel, {intoHeaders: false});
	return orReinstall(view, rebuild?.remedies ?? [], kernel, machine);
}

/** Where nothing can be rebuilt, the headers are what is left to be mended. */
const orReinstall = async (
	view: View,
	rebuild: readonly Remedy[],
	kernel: Kernel,
	machine: MachineFacts
): Promise<readonly Remedy[]> =>
	rebuild.length > 0 ? rebuild : [await reinstallRemedy(view, kernel, familyOf(machine))];

function missingSummary(missing: readonly string[]): string {
	const [first, ...others] = missing;
	return others.length === 0 ? `${first} is missing` : `${missing.length} Rust files are missing, ${first} first`;
}

/** Which files this kernel's crates need, which are not there, and which cannot be used. Reads only the headers of the big files. */
async function readRustFiles(
	reader: Reader,
	kernel: Kernel
): Promise<{required: readonly string[]; missing: readonly string[]; problems: readonly string[]}> {
	// Debian's 6.1.0-56-amd64 is 6.1.192, which only the configuration's header says
	const version = parseVersion(kernel.support?.kernel ?? kernel.release) ?? [0, 0, 0];
	const {required, externs} = await requiredFiles(reader, kernel.kdir, version);
	const looked = await Promise.all(
		required.map(async path => {
			const file = join(kernel.kdir, path);
			const head = await reader.readBytes(file, 512);
			if (head.status !== 'found')
				return {
					path,
					present: head.status === 'unknown',
					rustc: undefined,
					problem: head.status === 'unknown' ? `${file}: ${head.why}` : undefined
				};
			if (head.value.length === 0) return {path, present: true, rustc: undefined, problem: `${file} is empty`};
			if (!path.endsWith('.rmeta')) return {path, present: true, rustc: undefined, problem: undefined};
			const header = readRmetaHeader(head.value);
			return {
				path,
				present: true,
				rustc: header.ok ? header.rustc : undefined,
				problem: header.ok ? undefined : `${file}: ${header.why}`
			};
		})
	);
	const present = new Set(looked.filter(one => one.present).map(one => one.path));
	const builders = new Set(looked.map(one => one.rustc).filter(rustc => rustc !== undefined));
	const problems = looked.map(one => one.problem).filter(problem => problem !== undefined);
	if (builders.size > 1)
		problems.push(`the metadata files were made by different compilers: ${[...builders].join(' and ')}`);
	return {required, missing: missingRustFiles(version, present, externs), problems};
}

/** What helps depends on who left the files out: Debian's headers carry none of them, Ubuntu packs them by themselves. */
async function missingRemedies(
	view: View,
	kernel: Kernel,
	machine: MachineFacts,
	isAll: boolean,
	rebuild: readonly Remedy[]
): Promise<readonly Remedy[]> {
	const family = familyOf(machine);
	if (machine.distribution?.id === 'ubuntu') return [ubuntuRemedy(kernel), ...rebuild];
	if (kernel.kdir !== kernel.headers || (isAll && family === 'debian'))
		return orReinstall(view, rebuild, kernel, machine);
	const reinstall = await reinstallRemedy(view, kernel, family);
	// a headers package without a single one of them has none: to install it again brings none either, and from the AUR compiles a kernel
	return isAll ? [...rebuild, reinstall] : [reinstall, ...rebuild];
}

const ubuntuRemedy = (kernel: Kernel): Remedy =>
	byYou({
		id: 'install-metadata',
		label: `Install linux-lib-rust-${kernel.release}`,
		consequence: 'Ubuntu keeps the Rust metadata in this package, apart from the headers.',
		commands: [
			shown(
				['apt-get', 'install', `linux-lib-rust-${kernel.release}`],
				'brings the Rust metadata of exactly this kernel',
				'root'
			)
		]
	});
