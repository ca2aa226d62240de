import {join} from 'node:path';
import {buildRequirements} from '../kernel/requirements.ts';
import type {Evidence, Reason, Remedy, Step, Verdict} from '../model/step.ts';
import type {CrateHashes} from '../survey/crate-hash.ts';
import {configuredRustc, type Kernel} from '../survey/kernels.ts';
import type {MachineFacts} from '../survey/machine.ts';
import type {Compiler, Toolchains} from '../survey/toolchains.ts';
import type {View} from '../survey/view.ts';
import type {RustcIdentity} from '../toolchain/identity.ts';
import {chosenCompiler, type Match, matchOf, type Wanted, wantedCompiler} from './compiler.ts';
import {compilerSources} from './compiler-sources.ts';
import {familyOf, installCommand, packagesOf} from './distribution.ts';
import {libraryOfObjtool} from './objtool.ts';
import {overrideEvidence} from './overrides.ts';
import {byYou, done, open, remedy, shown} from './verdict.ts';

/** Is the exact compiler here, and the other tools that a module build needs? */
export const toolchainStep: Step<View> = {
	id: 'toolchain',
	question: 'Is the exact compiler here?',
	needs: ['kernel'],
	async inspect(view) {
		const [{subject}, wanted, toolchains, machine] = await Promise.all([
			view.kernels(),
			wantedCompiler(view),
			view.toolchains(),
			view.machine()
		]);
		if (subject === undefined) {
			return open('blocked', 'toolchain.no-kernel', {
				summary: 'which compiler depends on the kernel',
				question: 'Which compiler is needed depends on the kernel, and there is none yet.',
				evidence: []
			});
		}
		const family = familyOf(machine);
		const tools = await missingTools(view, subject);
		if (wanted.status !== 'found') {
			const why =
				wanted.status === 'unknown'
					? wanted.why
					: `neither ${subject.kdir}/rust/libcore.rmeta nor CONFIG_RUSTC_VERSION_TEXT says it`;
			return open('unknown', 'toolchain.wanted-unknown', {
				summary: 'which rustc built this kernel could not be found out',
				question: `Which rustc built ${subject.release} could not be found out: ${why}. A module needs that very compiler.`,
				evidence: toolchains.compilers.map(compilerEvidence)
			});
		}
		const matches = toolchains.compilers.map(compiler => matchOf(wanted.value, compiler));
		const evidence: Evidence[] = [
			{label: 'the kernel wants', value: wanted.value.identity.text, source: wanted.value.source},
			...disagreement(subject, wanted.value),
			...hashEvidence(await view.crateHashes()),
			...matches.map(matchEvidence),
			...toolchains.rustup.half.map(name => halfEvidence(name, toolchains.rustup.home)),
			...(await overrideEvidence(view, subject)),
			...tools.evidence
		];
		const chosen = await chosenCompiler(view);
		if (chosen === undefined) {
			const named =
				view.named.rustc === undefined ? undefined : matches.find(match => match.compiler === toolchains.named);
			return noCompiler(view, wanted.value.identity, toolchains, machine, named, matches, evidence);
		}
		if (tools.missing.length > 0) {
			const names = tools.missing.map(tool => tool.name).join(', ');
			const install = installCommand(
				family,
				packagesOf(
					tools.missing.map(tool => tool.name),
					family
				)
			);
			return open('todo', 'toolchain.tools-missing', {
				summary: `${names} missing`,
				question: `The compiler fits, but the build also needs ${names}. ${tools.missing.map(tool => `${tool.name}: ${tool.why}`).join('. ')}.`,
				evidence,
				remedies: install
					? [
							byYou({
								id: 'install-tools',
								label: `Install ${names}`,
								commands: [shown(install, 'a module build needs them', 'root')]
							})
						]
					: []
			});
		}
		return done(`rustc ${wanted.value.identity.versionText} · ${chosen.path}`, evidence);
	}
};

async function noCompiler(
	view: View,
	wanted: RustcIdentity,
	toolchains: Toolchains,
	machine: MachineFacts,
	named: Match | undefined,
	matches: readonly Match[],
	evidence: readonly Evidence[]
): Promise<Verdict> {
	const fitting = matches.filter(match => match.fits);
	const install = await compilerSources({view, wanted, toolchains, machine});
	const unread = (named === undefined ? matches : [named]).find(match => match.compiler.identity.status === 'unknown');
	if (unread !== undefined && !unread.fits) {
		const {path} = unread.compiler;
		return open('unknown', 'toolchain.compiler-unreadable', {
			summary: `the version of ${path} could not be read${named === undefined ? ', and no other compiler matches' : ''}`,
			question: `Whether ${path} is the compiler that built this kernel could not be found out: ${unread.explanation}.`,
			evidence,
			remedies: [...fitting.map(match => selectRemedy(match.compiler)), ...install]
		});
	}
	if (named !== undefined && !named.fits) {
		return open('todo', reasonOf(named.difference), {
			summary: `${named.compiler.path} does not match this kernel`,
			question: `${named.explanation} The kernel's crates refuse it (E0514).`,
			evidence,
			remedies: [...fitting.map(match => selectRemedy(match.compiler)), ...install]
		});
	}
	const near =
		matches.find(match => !match.fits && match.difference === 'hash') ??
		matches.find(match => !match.fits && match.difference !== 'number' && match.difference !== 'unknown') ??
		matches.find(match => !match.fits);
	return open('todo', near && !near.fits ? reasonOf(near.difference) : 'toolchain.missing', {
		summary: `rustc ${wanted.versionText}${wanted.vendor === undefined ? '' : ` (${wanted.vendor})`} is not here`,
		question:
			near && !near.fits
				? `No compiler here is the one that built this kernel. The nearest is ${near.compiler.path}. ${near.explanation}`
				: 'No Rust compiler was found. A module needs the very compiler that built the kernel.',
		evidence,
		remedies: install
	});
}

const reasonOf = (difference: Extract<Match, {fits: false}>['difference']): Reason =>
	difference === 'unknown' ? 'toolchain.compiler-unreadable' : `toolchain.${difference}-differs`;

const selectRemedy = (compiler: Compiler): Remedy =>
	remedy({
		id: `select-${compiler.path}`,
		label: `Build with ${compiler.path}, which matches`,
		consequence: 'Remembered for later builds; nothing is installed.',
		answer: `--rustc ${compiler.path}`,
		mends: true,
		actions: [{kind: 'remember', memo: {kind: 'rustc', path: compiler.path}}]
	});

const compilerEvidence = (compiler: Compiler): Evidence => ({
	label: 'installed',
	value:
		compiler.identity.status === 'found'
			? compiler.identity.value.text
			: compiler.identity.status === 'unknown'
				? compiler.identity.why
				: 'not there',
	source: compiler.path
});

const halfEvidence = (name: string, home: string): Evidence => ({
	label: 'half there',
	value: `${name}, as an interrupted installation leaves it; rustup lists it all the same`,
	source: join(home, 'toolchains', name)
});

function matchEvidence(match: Match): Evidence {
	const {label, value, source = ''} = compilerEvidence(match.compiler);
	return {
		label: match.fits ? 'matches' : label,
		value,
		source: `${source}${match.compiler.origin === source ? '' : ` (${match.compiler.origin})`}`
	};
}

/** The configuration records what configure time saw; where the kernel itself says something else, that is worth seeing. */
function disagreement(kernel: Kernel, {identity, source}: Wanted): readonly Evidence[] {
	const configured = configuredRustc(kernel);
	if (configured === undefined || configured === identity.text || kernel.config.status !== 'found') return [];
	const decides = source.endsWith('/Module.symvers') ? "the kernel's symbols decide" : 'the metadata decides';
	return [{label: 'its configuration says', value: `${configured} (${decides})`, source: kernel.config.value.source}];
}

/** What the kernel's symbols tell of compilers, where these were asked: its metadata is missing then. */
function hashEvidence(hashes: CrateHashes | undefined): readonly Evidence[] {
	if (hashes === undefined) return [];
	const {value, source} = hashes.kernel;
	return [
		{label: 'crate hash', value: `${value} in the kernel's symbols`, source},
		...Array.from(hashes.compilers, ([path, hash]) => ({
			label: 'crate hash',
			value: hash === value ? `${hash}, the same: it built this kernel` : `${hash}: another compiler built this kernel`,
			source: path
		}))
	];
}

type Tool = {readonly name: string; readonly why: string};

async function missingTools(
	view: View,
	kernel: Kernel
): Promise<{missing: readonly Tool[]; evidence: readonly Evidence[]}> {
	if (kernel.config.status !== 'found') return {missing: [], evidence: []};
	const {programs} = buildRequirements(kernel.config.value.value);
	const vmlinux = await view.builder.stat(join(kernel.kdir, 'vmlinux'));
	const needed = programs.filter(program => program.onlyWith === undefined || vmlinux.status === 'found');
	const [library, ...looked] = await Promise.all([
		libraryOfObjtool(view, kernel),
		...needed.map(async program => ({program, found: await view.builder.which(program.name)}))
	]);
	return {
		missing: [
			...looked.filter(one => one.found.status === 'absent').map(one => one.program),
			...(library === undefined
				? []
				: [{name: library, why: 'objtool, which looks through what was compiled, needs it'}])
		],
		evidence: looked.map(({program, found}) => ({
			label: program.name,
			value: found.status === 'found' ? found.value : 'missing'
		}))
	};
}
