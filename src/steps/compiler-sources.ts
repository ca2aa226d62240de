import type {Remedy} from '../model/step.ts';
import type {MachineFacts} from '../survey/machine.ts';
import type {Toolchains} from '../survey/toolchains.ts';
import type {View} from '../survey/view.ts';
import type {RustcIdentity} from '../toolchain/identity.ts';
import {type Family, familyOf, installCommand} from './distribution.ts';
import {practise} from './practise.ts';
import {byYou, remedy, shown} from './verdict.ts';

/** What is known when none of the compilers here fits. */
type Search = {
	readonly view: View;
	readonly wanted: RustcIdentity;
	readonly toolchains: Toolchains;
	readonly machine: MachineFacts;
};

/**
 * Where the wanted compiler can be had: from rustup where it is one of rustup's, else from the vendor whose mark it bears; the
 * text differs otherwise, and E0514 follows. Last comes the way on where it cannot be had at all.
 */
export async function compilerSources(search: Search): Promise<readonly Remedy[]> {
	const {wanted, toolchains} = search;
	const release = rustupRelease(wanted);
	if (release === undefined) return [...(await vendorRemedies(search)), ...waysOn(search)];
	// rustup's own release of that name is here and is another one: somebody else built this compiler
	const isOther = toolchains.compilers.some(
		({origin, identity}) =>
			origin === `rustup toolchain ${release}` && identity.status === 'found' && identity.value.text !== wanted.text
	);
	return isOther ? waysOn(search) : [rustupRemedy(search, release)];
}

function rustupRemedy({wanted, toolchains, machine}: Search, release: string): Remedy {
	const {installed, home, settings} = toolchains.rustup;
	const install = ['rustup', 'toolchain', 'install', release, '--profile', 'minimal', '--no-self-update'] as const;
	const why = 'installs exactly this compiler, beside the others';
	if (!installed) {
		const family = familyOf(machine);
		const rustup = installCommand(family, ['rustup']);
		// the packages exclude each other (Arch's rustup provides rust; Debian's conflicts with rustc)
		const own = ({arch: 'rust', debian: 'rustc'} as Partial<Record<Family, string>>)[family];
		const replaces = own !== undefined && toolchains.compilers.some(({path}) => path === '/usr/bin/rustc');
		return byYou({
			id: 'rustup-install',
			label: `Install rustup, then rustc ${wanted.versionText}`,
			consequence: `About 600 MB below ${home}; ${replaces ? `the package rustup takes the place of the package ${own}` : 'nothing else changes'}.`,
			commands: [
				...(rustup ? [shown(rustup, 'brings rustup, which installs any version of the compiler', 'root')] : []),
				shown(install, why)
			],
			...(rustup ? {} : {text: 'Without a package of it, https://rustup.rs says how to install rustup.'})
		});
	}
	const uninstall = ['rustup', 'toolchain', 'uninstall', release] as const;
	const becomesDefault = settings?.defaultToolchain === undefined;
	return remedy({
		id: 'rustup-install',
		label: `Install rustc ${wanted.versionText} with rustup`,
		consequence: `About 600 MB below ${home}; ${becomesDefault ? 'rustup has no default yet, and this becomes it' : 'nothing else changes'}.`,
		undo: uninstall.join(' '),
		actions: [
			{
				kind: 'install-toolchain',
				install: {
					toolchain: release,
					home,
					command: {argv: install, as: 'user', terminal: 'captured', interrupt: 'group', why},
					uninstall: {
						argv: uninstall,
						as: 'user',
						terminal: 'captured',
						interrupt: 'never',
						why: 'takes back what an interrupted installation left'
					}
				}
			}
		]
	});
}

/** The packages that hold a distribution's own compiler, the most exact way first. */
async function vendorRemedies({view, wanted, machine}: Search): Promise<readonly Remedy[]> {
	const family = familyOf(machine);
	if (isForeign(wanted, family)) return [];
	const fits = `It fits if rustc --version prints exactly: ${wanted.text}`;
	const name = wanted.vendor === undefined ? '' : ` (${wanted.vendor})`;
	const general = (
		argv: readonly [string, ...string[]] | undefined,
		text: string,
		why = "brings the distribution's compiler, which may be newer than the kernel by now"
	): Remedy =>
		byYou({
			id: 'vendor-compiler',
			label: `Install the distribution's own rustc${name}`,
			consequence: 'rustup cannot help here: the whole string must be equal, and no compiler of rustup has this one.',
			text,
			commands: argv === undefined ? [] : [shown(argv, why, 'root')]
		});

	const arch = /^Arch Linux rust (\d{1,3}:[\w.+]{1,60}-[\d.]{1,10})$/.exec(wanted.vendor ?? '')?.[1];
	if (arch !== undefined && family === 'arch') return archRemedies(view, arch, fits, general);
	const fedora = /^Fedora ([\w.~^+]{1,60}-[\w.~^+]{1,60})$/.exec(wanted.vendor ?? '')?.[1];
	if (fedora !== undefined && family === 'fedora') {
		const build = `rust-${fedora}`;
		return [
			general(
				['dnf', 'install', build],
				`${fits}. Where the repository has moved on, Fedora's build system keeps it: koji download-build --arch=${machine.architecture} ${build}`,
				'names the very build'
			)
		];
	}
	if (family === 'debian') {
		const {version} = wanted;
		// Ubuntu packs each version under its own name; Debian has the suite's one
		const isUbuntu = machine.distribution?.id === 'ubuntu';
		const name = isUbuntu ? `rustc-${version[0]}.${version[1]}` : 'rustc';
		const elsewhere = isUbuntu
			? ''
			: `. Each suite of Debian has one rustc, that of the suite's own kernel; older ones are in Debian's snapshot archive`;
		return [general(['apt-get', 'install', name], `${fits}${elsewhere}`)];
	}
	return [general(installCommand(family, ['rust']), fits)];
}

/** pacman's cache holds the packages that were installed before; the repository has the newest only, the archive all. */
async function archRemedies(
	view: View,
	version: string,
	fits: string,
	general: (argv: readonly [string, ...string[]], text: string) => Remedy
): Promise<readonly Remedy[]> {
	const file = `rust-${version}-x86_64.pkg.tar.zst`;
	const cache = '/var/cache/pacman/pkg';
	const cached = await view.builder.stat(`${cache}/${file}`);
	const besides =
		'If rustc then misses libLLVM, install the llvm-libs of the same date too. pacman removes the package rustup for it, but not the toolchains below ~/.rustup.';
	const current = general(['pacman', '-S', '--needed', 'rust'], fits);
	const install = (id: string, label: string, from: string, why: string): Remedy =>
		byYou({
			id,
			label,
			consequence: 'pacman -Syu replaces it again, unless IgnorePkg = rust stands in /etc/pacman.conf.',
			commands: [shown(['pacman', '-U', from], why, 'root')],
			text: besides
		});
	if (cached.status === 'found')
		return [
			install(
				'vendor-cached',
				`Install rust ${version} from pacman's cache`,
				`${cache}/${file}`,
				'is the very package'
			),
			current
		];
	return [
		current,
		install(
			'vendor-archive',
			`Install rust ${version} from the Arch Linux archive`,
			`https://archive.archlinux.org/packages/r/rust/${file}`,
			'downloads the very package, which the repository no longer has'
		)
	];
}

/** What is left where the compiler cannot be had. */
function waysOn({wanted, machine}: Search): readonly Remedy[] {
	const whose = isForeign(wanted, familyOf(machine))
		? `${wanted.vendor} is no mark of this distribution's compilers: who built the kernel has the compiler, and --rustc FILE names it where it is here. Without it`
		: `Where ${wanted.text} is kept by nobody any more, it cannot be had: a rebuild of it carries another text. Then`;
	const otherKernel = byYou({
		id: 'other-kernel',
		label: 'Use a kernel whose compiler can be had',
		consequence: 'A kernel that you build yourself is built by a compiler that you have.',
		commands: [],
		text: `${whose} what is left is another kernel, built with a compiler that is here (the step kernel shows how), or practice in a virtual machine.`
	});
	return [otherKernel, practise];
}

/** Whether the mark of a compiler is none that this distribution's own have; unmarked ones may be anybody's. */
function isForeign({vendor}: RustcIdentity, family: Family): boolean {
	if (vendor === undefined) return false;
	switch (family) {
		case 'arch':
			return !vendor.startsWith('Arch Linux');
		case 'fedora':
			return !/^(?:Fedora|Red Hat)/.test(vendor);
		case 'debian':
			return /^(?:Arch Linux|Fedora|Red Hat)/.test(vendor);
		case 'suse':
		case 'other':
			return false;
	}
}

/**
 * rustup's name for a compiler, where it is one of rustup's: these carry a commit and no vendor. A nightly is called by the day
 * after its last commit (rustc 1.97.0-nightly (e50aa6fba 2026-05-19) is nightly-2026-05-20).
 */
function rustupRelease(wanted: RustcIdentity): string | undefined {
	if (wanted.vendor !== undefined || wanted.date === undefined) return undefined;
	switch (wanted.channel) {
		case 'stable':
			return wanted.versionText;
		case 'nightly':
			return `nightly-${dayAfter(wanted.date)}`;
		case 'beta':
			return `beta-${dayAfter(wanted.date)}`;
		case 'other':
			return undefined;
	}
}

const dayAfter = (day: string): string => new Date(Date.parse(day) + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
