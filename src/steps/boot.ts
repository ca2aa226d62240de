import type {ExpectedBoot} from '../model/boot.ts';
import type {Evidence, Step} from '../model/step.ts';
import type {BootLoader} from '../survey/boot-loader.ts';
import type {Kernel} from '../survey/kernels.ts';
import type {View} from '../survey/view.ts';
import {bootRemedies, entryOf, nameIn, startsKernel} from './boot-remedies.ts';
import {nameKdir, nameOf} from './kernel.ts';
import {guestKernel, tryKernel} from './practise.ts';
import {expectedKernel, resumeOf} from './resume.ts';
import {byYou, done, open, shown} from './verdict.ts';

/** Is that kernel the one running? */
export const bootStep: Step<View> = {
	id: 'boot',
	question: 'Is it the one running?',
	needs: ['kernel'],
	async inspect(view) {
		const {release, running, subject} = await view.kernels();
		if (release.status !== 'found' || running === undefined) {
			if (release.status === 'absent' && view.target.root !== '/') {
				return open('unknown', 'boot.release-unreadable', {
					summary: 'this system is mounted, not running',
					question: `The system below ${view.target.root} is mounted and does not run, so which of its kernels will is not known. Start it, and check again there.`,
					evidence: []
				});
			}
			const why = release.status === 'unknown' ? release.why : 'there is no /proc/sys/kernel/osrelease';
			return open('unknown', 'boot.release-unreadable', {
				summary: 'the running release could not be read',
				question: `Which kernel runs could not be found out: ${why}.`,
				evidence: []
			});
		}
		const evidence: Evidence[] = [{label: 'running', value: nameOf(running), source: '/proc/sys/kernel/osrelease'}];
		if (subject === undefined || subject.rust !== 'on') {
			return open('blocked', 'boot.no-kernel', {
				summary: 'no Rust kernel to boot',
				question: 'There is no Rust kernel to boot yet.',
				evidence
			});
		}
		if (subject.running && (running.installed || view.named.kdir !== undefined)) {
			const resume = await resumeOf(view);
			return done(`running ${running.release}`, [
				...evidence,
				...(resume.kind === 'arrived'
					? [{label: 'rebooted', value: `from ${resume.expected.running}, as you set out for`}]
					: [])
			]);
		}
		if (subject.running) {
			return open('todo', 'boot.nothing-installed', {
				summary: `${running.release} runs, and nothing of it is installed here`,
				question: `${running.release} runs, but there is no /usr/lib/modules/${running.release} and no other Rust kernel. It came from outside, as in a container, or was put in place by hand. Where is its build folder?`,
				evidence,
				remedies: [nameKdir()]
			});
		}
		evidence.push({label: subject.installed ? 'installed' : 'built', value: nameOf(subject), source: subject.headers});
		if (!subject.installed) {
			return open('todo', 'boot.not-installed', {
				summary: `${subject.release} is built, not installed`,
				question: `${subject.release} has Rust, but it is a build folder: the kernel itself is not installed, and ${running.release} is running.`,
				evidence,
				remedies: [
					byYou({
						id: 'install-tree',
						label: 'Install the built kernel',
						commands: [
							shown(
								['make', '-C', subject.headers, 'modules_install', 'install'],
								'puts its modules and its image in place',
								'root'
							)
						],
						text: 'Then choose it in the boot menu and reboot.'
					})
				]
			});
		}
		const [loader, resume, bootId, guest] = await Promise.all([
			view.bootLoader(),
			resumeOf(view),
			view.bootId(),
			guestKernel(view, subject)
		]);
		evidence.push(...loaderEvidence(loader, running));
		const expected: Omit<ExpectedBoot, 'by'> | undefined =
			bootId === undefined
				? undefined
				: {
						bootId,
						release: subject.release,
						...(subject.package === undefined ? {} : {package: subject.package}),
						running: running.release
					};
		if (!guest.ok) evidence.push({label: 'practice VM', value: `cannot run it: ${guest.why}`});
		const remedies = [
			...bootRemedies({reader: view.builder, loader, to: subject, from: running, expected}),
			...(guest.ok ? [tryKernel({...guest, release: subject.release})] : [])
		];
		const next = nextLine(loader, subject);
		if (!running.installed) {
			return open('todo', 'boot.updated', {
				summary: `${running.release} runs, but was upgraded away`,
				question: `/usr/lib/modules/${running.release} is gone: the kernel was upgraded, and the machine not rebooted yet. Reboot into ${nameOf(subject)}?`,
				evidence,
				// an update takes the place of what the menu starts already
				remedies: [...remedies.filter(one => one.id === 'reboot'), ...remedies.filter(one => one.id !== 'reboot')]
			});
		}
		if (resume.kind === 'not-rebooted' && resume.expected.release === subject.release) {
			return open('todo', 'boot.not-rebooted', {
				summary: `not rebooted yet: ${running.release} runs`,
				question: `You set out to reboot into ${nameOf(subject)}, and the machine has not been rebooted since. ${next ?? `${nextIsOther(loader)}Reboot now?`}`,
				evidence,
				remedies
			});
		}
		if (resume.kind === 'elsewhere') {
			const wanted = nameOf(expectedKernel(resume.expected));
			return open('todo', 'boot.wrong-kernel', {
				summary: `rebooted, and ${nameOf(running)} runs`,
				question: `The machine was rebooted to run ${wanted}, and ${nameOf(running)} runs. ${whyElsewhere(loader, {subject, running, by: resume.expected.by})}`,
				evidence: [...evidence, {label: 'set out for', value: wanted}],
				remedies
			});
		}
		return open('todo', 'boot.other-running', {
			summary: `another kernel is running (${running.release})`,
			question: `The Rust kernel is installed, but not the one running. ${next ?? 'Boot it?'}`,
			evidence,
			remedies
		});
	}
};

/** What was found of the boot loader: what it starts next, and the way back to what runs now. */
function loaderEvidence(loader: BootLoader, running: Kernel): readonly Evidence[] {
	if (loader.kind === 'unknown') return [{label: 'boot loader', value: `unknown: ${loader.why}`}];
	const {next, name, source} = loader;
	const old = entryOf(loader, running);
	return [
		{
			label: 'next boot',
			value:
				next.status === 'found'
					? `${next.value.entry.kernel ?? next.value.entry.title}: ${name}, ${next.value.by}`
					: next.status === 'unknown'
						? `unknown, ${name}: ${next.why}`
						: `unknown, ${name} names none`,
			source
		},
		...(old === undefined ? [] : [{label: 'way back', value: `${old.title}, in the menu of ${name}`, source}])
	];
}

/** A reboot alone would bring another one. */
const nextIsOther = (loader: BootLoader): string =>
	loader.kind !== 'unknown' && loader.next.status === 'found'
		? `${loader.name} would start ${loader.next.value.entry.kernel ?? loader.next.value.entry.title}: choose first. `
		: '';

/** What stands between here and there, as a question; undefined where the loader does not say. */
function nextLine(loader: BootLoader, subject: Kernel): string | undefined {
	if (loader.kind === 'unknown') return undefined;
	if (loader.entries.status === 'unknown')
		return `What ${loader.name} starts next is not known: ${loader.entries.why}.${loader.kind === 'grub' ? ' Look?' : ''}`;
	if (loader.next.status === 'found' && startsKernel(loader.next.value.entry, subject))
		return `${loader.name} starts ${nameIn(subject)} next${loader.next.value.isOnce ? ', and only next time' : ''}. Reboot?`;
	if (loader.entries.status === 'found' && entryOf(loader, subject) === undefined)
		return `It is not in the menu of ${loader.name} yet. Add it?`;
	return undefined;
}

function whyElsewhere(
	loader: BootLoader,
	{subject, running, by}: {readonly subject: Kernel; readonly running: Kernel; readonly by: ExpectedBoot['by']}
): string {
	const menu = 'Choose it in the boot menu while the machine starts.';
	if (loader.kind === 'unknown') return `Why is not known: ${loader.why}. ${menu}`;
	const {name, next, entries} = loader;
	if (entries.status !== 'found' || next.status === 'unknown') {
		const why = entries.status === 'unknown' ? entries.why : next.status === 'unknown' ? next.why : '';
		return `Why is not known, because what ${name} starts could not be read: ${why}. ${menu}`;
	}
	if (entryOf(loader, subject) === undefined) return `The menu of ${name} has no entry for ${nameIn(subject)}.`;
	if (next.status === 'found' && startsKernel(next.value.entry, running))
		return by === 'once'
			? `It was chosen for one start, which is over: it did not come up and the machine was started again, or another entry was chosen. Now ${name} starts ${nameIn(running)} (${next.value.by}).`
			: `Its entry was not chosen: ${name} starts ${nameIn(running)} (${next.value.by}).`;
	if (next.status === 'found' && startsKernel(next.value.entry, subject))
		return `${name} is set to ${nameIn(subject)}, so another entry${loader.started === undefined ? '' : ` (${loader.started.title})`} was chosen while the machine started. Reboot once more, and leave the menu alone?`;
	return `${name} starts something else: ${next.status === 'found' ? next.value.entry.title : 'its default names no entry'}.`;
}
