import {join} from 'node:path';
import {readRmetaHeader} from '../kernel/rmeta.ts';
import {externsFromMakefileBuild, missingRustFiles, requiredRustFiles} from '../kernel/rust-metadata.ts';
import {parseVersion} from '../kernel/version.ts';
import type {Reader} from '../model/machine.ts';
import type {Evidence, Remedy, Step} from '../model/step.ts';
import {builtWithClang, type Kernel, releaseOfKdir} from '../survey/kernels.ts';
import type {MachineFacts} from '../survey/machine.ts';
import type {View} from '../survey/view.ts';
import {familyOf} from './distribution.ts';
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
		const headers = headersRemedy(subject, family);
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
				remedies: subject.installed ? [headers] : [nameKdir()]
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
				remedies: [headers]
			});
		}
		const files = await readRustFiles(view.builder, subject);
		evidence.push({
			label: 'Rust metadata',
			value: `${files.required.length - files.missing.length} of ${files.required.length} files`,
			source: join(subject.kdir, 'rust')
		});
		if (files.missing.length > 0) {
			return open('todo', 'metadata.files-missing', {
				summary: missingSummary(files.missing),
				question: `The headers lack part of the Rust metadata: ${files.missing.join(', ')}. rustc would stop with E0463 or "target.json does not exist", and its advice (rustup target add) does not help.`,
				evidence: [
					...evidence,
					...files.missing.map(path => ({label: 'missing', value: path, source: join(subject.kdir, path)}))
				],
				remedies: missingRemedies(subject, machine, files.missing.length === files.required.length)
			});
		}
		if (files.problems.length > 0) {
			return open('todo', 'metadata.damaged', {
				summary: `${files.problems.length === 1 ? 'a metadata file is' : 'metadata files are'} damaged or unreadable`,
				question: `${files.problems.join('. ')}. The headers cannot build a Rust module like this.`,
				evidence,
				remedies: [reinstallRemedy(subject, family)]
			});
		}
		const moved = await pathHash(view, subject, evidence);
		if ('status' in moved) return moved;
		return done(`complete, ${files.required.length} files`, [...evidence, ...moved]);
	}
};

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
	const makefile = await reader.readText(join(kernel.kdir, 'scripts/Makefile.build'), 1024 * 1024);
	const externs = makefile.status === 'found' ? externsFromMakefileBuild(makefile.value) : undefined;
	const required = requiredRustFiles(version, externs);
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
function missingRemedies(kernel: Kernel, machine: MachineFacts, isAll: boolean): readonly Remedy[] {
	const family = familyOf(machine);
	const rebuild = rebuildRemedy(kernel);
	if (machine.distribution?.id === 'ubuntu') return [ubuntuRemedy(kernel), rebuild];
	return isAll && family === 'debian' ? [rebuild] : [reinstallRemedy(kernel, family), rebuild];
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

/** What the metadata is made by; proven to give symbols equal to the kernel's own where the same compiler and .config are used. */
const rebuildRemedy = (kernel: Kernel): Remedy =>
	byYou({
		id: 'rebuild-metadata',
		label: 'Rebuild the metadata from the kernel source, without building the kernel',
		consequence: 'Minutes. Needs the source of this very kernel, its .config, the same rustc, rust-src and bindgen.',
		commands: [
			shown(
				['cp', join(kernel.kdir, '.config'), '.config'],
				'in the source folder: the configuration decides what the metadata holds'
			),
			shown(
				['make', ...(builtWithClang(kernel) ? ['LLVM=1'] : []), 'olddefconfig', 'prepare'],
				'compiles rust/ and scripts/target.json, and nothing else of the kernel'
			)
		],
		text: `Copy rust/*.rmeta, rust/*.so and scripts/target.json to ${kernel.kdir} afterwards, byte for byte.`
	});
