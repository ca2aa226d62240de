import {isOn} from '../kernel/config.ts';
import type {Reader} from '../model/machine.ts';
import type {Remedy} from '../model/step.ts';
import type {View} from '../survey/view.ts';
import {buildRemedy, type Source} from './package-build.ts';
import {byYou, remedy, shown} from './verdict.ts';

/** What building a kernel costs with Arch's configuration: 35 minutes at eight jobs (rnestler.github.io, 2022), and nearly eight times that at one. */
const cost =
	'Compiles a kernel: half an hour with eight jobs, hours with one, and 20 GB of disk with debug information.';

/** Bytes that sources, objects and packages take together, with Arch's debug information and without any. */
const room = {withDebugInfo: 22e9, without: 6e9} as const;

/** Where helpers are told how many jobs to run; by default it is one. */
const jobs = 'For more than one job, put MAKEFLAGS="-j$(nproc)" into ~/.config/pacman/makepkg.conf first.';

/**
 * Ways to a Rust kernel on Arch, the cheapest first; a folder that was named comes before all. Arch's own `linux` has
 * CONFIG_RUST=y since 6.13. Helpers for the AUR are offered where they are installed. What has to be asked for (versions, the
 * state of the AUR) is found out when the ways are shown.
 */
export async function archKernels(view: View): Promise<readonly Remedy[]> {
	const {builder: reader, named} = view;
	const [helpers, needs] = await Promise.all([installedHelpers(reader), roomNeeded(view)]);
	// one module, loaded when something is to be found out; `check` only lists the ways
	const facts = once(async () => (await import('./kernel-facts.ts')).createKernelFacts(view));
	const way = (source: Source, parts: {readonly id: string; readonly label: string; readonly consequence: string}) =>
		buildRemedy(view, source, {...parts, cost, needs});
	const folder = way(
		{kind: 'folder', ...(named.recipe === undefined ? {} : {path: named.recipe})},
		{
			id: 'linux-rust-folder',
			label: `Build from ${named.recipe ?? 'a folder with a PKGBUILD'}`,
			consequence: 'Works offline where the sources are there.'
		}
	);
	return [
		...(named.recipe === undefined ? [] : [folder]),
		{
			...byYou({
				id: 'stock-linux',
				label: 'Use the stock linux kernel, which has Rust since 6.13',
				consequence: 'Minutes; nothing is compiled. It needs the rust package of the very version that built it.',
				answer: '--kernel stock-linux',
				commands: [
					shown(
						['pacman', '-Syu', 'linux', 'linux-headers', 'rust'],
						'installs the kernel, its headers with the Rust metadata, and its compiler',
						'root'
					)
				],
				undo: 'linux-rust and other kernels stay installed beside it; the boot menu has them all.'
			}),
			findOut: async () => (await facts()).stock()
		},
		{
			...way(
				{kind: 'own'},
				{
					id: 'linux-rust-recipe',
					label: 'Build linux-rust from kernel.org with the recipe that comes with this program',
					consequence: 'It begins with the running kernel’s configuration; the headers carry all that modules need.'
				}
			),
			findOut: async () => (await facts()).own()
		},
		...helpers.map(name => ({...viaHelper(name, reader), findOut: async () => (await facts()).aur()})),
		{
			...way(
				{kind: 'aur'},
				{id: 'linux-rust-makepkg', label: 'Build linux-rust from the AUR with git and makepkg', consequence: ''}
			),
			findOut: async () => (await facts()).aur()
		},
		...(named.recipe === undefined ? [folder] : [])
	];
}

/** Bytes that a build takes: of the kernel as the running one is configured. */
async function roomNeeded(view: View): Promise<number> {
	const {running} = await view.kernels();
	const hasDebugInfo = running?.config.status !== 'found' || isOn(running.config.value.value, 'CONFIG_DEBUG_INFO');
	return hasDebugInfo ? room.withDebugInfo : room.without;
}

/** The helpers for the AUR that this machine has. */
export async function installedHelpers(reader: Reader): Promise<readonly ('paru' | 'yay')[]> {
	const found = await Promise.all(
		(['paru', 'yay'] as const).map(async name => ({name, is: (await reader.which(name)).status === 'found'}))
	);
	return found.filter(one => one.is).map(one => one.name);
}

/** Builds linux-rust and its headers once more, as this machine does without a helper: the recipe that was built here, else the AUR's. */
export async function buildAgain(
	view: View,
	parts: {readonly id: string; readonly label: string; readonly consequence: string}
): Promise<Remedy> {
	const isOwn = view.memory.packageBuilds?.some(one => one.recipe === 'own') === true;
	const {answer: _, ...rest} = buildRemedy(
		view,
		{kind: isOwn ? 'own' : 'aur'},
		{...parts, cost, needs: await roomNeeded(view)}
	);
	return rest;
}

/** A helper gets the terminal: it shows the recipe, asks, and calls sudo itself. */
function viaHelper(name: 'paru' | 'yay', reader: Reader): Remedy {
	const way = remedy({
		id: `linux-rust-${name}`,
		label: `Build linux-rust from the AUR with ${name}`,
		consequence: `${cost} ${name} has the terminal meanwhile: it shows the PKGBUILD and asks. ${jobs}`,
		answer: `--kernel linux-rust-${name}`,
		actions: [
			{
				kind: 'run',
				title: `building with ${name}`,
				stage: 'other',
				command: shown(
					[name, '-S', 'linux-rust', 'linux-rust-headers'],
					'builds and installs the kernel and its headers'
				)
			}
		]
	});
	return reader.user.uid === 0
		? {...way, plan: () => ({ok: false, why: `${name} does not build as root: start this as the user who is to build`})}
		: way;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | undefined;
	return () => {
		made ??= make();
		return made;
	};
}
