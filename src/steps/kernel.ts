import type {Evidence, Remedy, Step} from '../model/step.ts';
import {whyRustIsOff} from '../survey/kconfig.ts';
import type {Kernel, Kernels} from '../survey/kernels.ts';
import type {View} from '../survey/view.ts';
import {archKernels} from './arch-kernels.ts';
import {type Family, familyOf} from './distribution.ts';
import {headersRemedy} from './headers.ts';
import {pendingInstall} from './install-packages.ts';
import {practise} from './practise.ts';
import {byYou, done, open, shown} from './verdict.ts';

/** Is a kernel with Rust support installed? */
export const kernelStep: Step<View> = {
	id: 'kernel',
	question: 'Is a Rust kernel installed?',
	needs: [],
	async inspect(view) {
		const [kernels, machine] = await Promise.all([view.kernels(), view.machine()]);
		const {subject} = kernels;
		const evidence = evidenceOf(kernels);
		const [pending, ways] = await Promise.all([pendingInstall(view), remediesFor(familyOf(machine), view)]);
		const remedies = [...pending, ...ways];
		if (kernels.kdirProblem !== undefined) {
			return open('todo', 'kernel.kdir-unusable', {
				summary: 'the folder named by --kdir is no kernel build folder',
				question: `${kernels.kdirProblem}. Name the build folder of a kernel, for instance /lib/modules/$(uname -r)/build.`,
				evidence
			});
		}
		if (subject === undefined) {
			const why =
				kernels.release.status === 'unknown'
					? kernels.release.why
					: '/proc/sys/kernel/osrelease and /usr/lib/modules say nothing';
			return open('unknown', 'kernel.not-found', {
				summary: 'no kernel could be found out',
				question: `Which kernel runs or is installed could not be read: ${why}.`,
				evidence,
				remedies
			});
		}
		if (subject.rust === 'on') return done(`${nameOf(subject)} has Rust support`, evidence);
		// an installed kernel that cannot be judged may be the very one that is looked for
		const unread = [subject, ...(view.named.kdir === undefined ? kernels.all : [])].find(one => one.rust === 'unknown');
		if (unread !== undefined) {
			const why =
				unread.config.status === 'unknown'
					? unread.config.why
					: unread.config.status === 'absent'
						? 'it is in none of the usual places'
						: `${unread.config.value.source} is too short to tell`;
			return open('unknown', 'kernel.config-unreadable', {
				summary: `the configuration of ${unread.release} could not be read`,
				question: `The configuration of ${nameOf(unread)} could not be read: ${why}. So whether it has Rust support is unknown.`,
				evidence,
				remedies: [
					...(unread.running ? [loadConfigs] : [await headersRemedy(view, unread, familyOf(machine))]),
					...remedies
				]
			});
		}
		const support = await whyRustIsOff(view.builder, subject);
		const conflicts = support?.conflicts ?? [];
		const names = conflicts.map(one => `${one.option}=${one.value}`);
		const because =
			names.length === 0 ? '' : `: ${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} in the way`;
		return open('todo', 'kernel.rust-off', {
			summary:
				view.named.kdir === undefined
					? `no installed kernel has Rust; ${subject.release} is built without it`
					: `${subject.release} in ${subject.kdir} is built without Rust`,
			question: `${nameOf(subject)} was built without Rust support${because}. A Rust kernel is needed.`,
			evidence: [
				...evidence,
				...conflicts.map(one => ({
					label: one.option,
					value: `${one.value}, needs ${one.needs}: ${one.why}${one.change === undefined ? '' : ` To have Rust: ${one.change}.`}`,
					...sourceOf(subject)
				})),
				...(support?.notes ?? []).map(value => ({label: 'note', value})),
				...(support?.rules === undefined ? [] : [{label: 'conditions', value: support.rules}])
			],
			remedies: familyOf(machine) === 'arch' ? [...remedies, practise] : [practise, ...remedies]
		});
	}
};

const loadConfigs: Remedy = byYou({
	id: 'load-configs',
	label: 'Make the configuration readable',
	consequence: 'The configs module, where the kernel has it, makes /proc/config.gz appear.',
	commands: [
		shown(['modprobe', 'configs'], 'makes the running kernel show its configuration in /proc/config.gz', 'root')
	]
});

/** For a kernel that is not installed as distributions do it. */
export const nameKdir = (): Remedy =>
	byYou({
		id: 'name-kdir',
		label: 'Name the build folder of the kernel',
		consequence: 'Then start this program with --kdir FOLDER.',
		answer: '--kdir FOLDER',
		commands: [],
		text: 'It is the folder the kernel was built in, or its headers: it holds a Makefile and include/config/kernel.release.'
	});

const sourceOf = (kernel: Kernel): {source?: string} =>
	kernel.config.status === 'found' ? {source: kernel.config.value.source} : {};

/** `linux-rust 6.12.117-arch1-1-rust`, or the release alone where no package is known. */
export const nameOf = (kernel: Pick<Kernel, 'release' | 'package'>): string =>
	kernel.package === undefined ? kernel.release : `${kernel.package} ${kernel.release}`;

function evidenceOf(kernels: Kernels): readonly Evidence[] {
	return kernels.all.map(kernel => ({
		label: kernel.running ? 'running' : 'installed',
		value: `${nameOf(kernel)}, Rust ${kernel.rust}`,
		...sourceOf(kernel)
	}));
}

/** Ways to a Rust kernel, each in the words of the distribution. */
async function remediesFor(family: Family, view: View): Promise<readonly Remedy[]> {
	switch (family) {
		case 'arch':
			return archKernels(view);
		case 'debian':
			return [
				byYou({
					id: 'distribution-kernel',
					label: 'Move to a release whose kernel has Rust',
					consequence:
						'Debian turned Rust on after trixie (forky and sid: 7.x); Ubuntu has it since 24.04, with its metadata in linux-lib-rust.',
					commands: [shown(['apt-cache', 'policy', 'linux-image-amd64'], 'shows which kernels your sources offer')]
				})
			];
		case 'fedora':
			return [
				byYou({
					id: 'distribution-kernel',
					label: 'Use the Fedora kernel, which has Rust',
					consequence: 'kernel-devel carries the Rust metadata.',
					commands: [
						shown(
							['dnf', 'install', 'kernel', 'kernel-devel', 'rust'],
							'installs the kernel, its headers and its compiler',
							'root'
						)
					]
				})
			];
		default:
			return [
				byYou({
					id: 'own-tree',
					label: 'Build a kernel with CONFIG_RUST=y and name its folder',
					consequence: 'The kernel’s own guide: Documentation/rust/quick-start.rst.',
					commands: [
						shown(['make', 'LLVM=1', 'rustavailable'], 'says, in a kernel source tree, what is missing to turn Rust on')
					],
					text: 'Afterwards start this program with --kdir FOLDER.'
				})
			];
	}
}
