import type {Evidence, Remedy, Step} from '../model/step.ts';
import type {View} from '../survey/view.ts';
import {nameOf} from './kernel.ts';
import {byYou, done, open, shown} from './verdict.ts';

/** Is that kernel the one running? */
export const bootStep: Step<View> = {
	id: 'boot',
	question: 'Is it the one running?',
	needs: ['kernel'],
	async inspect(view) {
		const {release, running, subject} = await view.kernels();
		if (release.status !== 'found' || running === undefined) {
			const why = release.status === 'unknown' ? release.why : 'there is no /proc/sys/kernel/osrelease';
			return open('unknown', 'boot.release-unreadable', {
				summary: 'the running release could not be read',
				question: `Which kernel runs could not be found out: ${why}.`,
				evidence: []
			});
		}
		const evidence: Evidence[] = [{label: 'running', value: nameOf(running), source: '/proc/sys/kernel/osrelease'}];
		if (!running.installed && subject?.running === true && subject.rust === 'on') {
			return open('todo', 'boot.updated', {
				summary: `${running.release} runs, but was upgraded away`,
				question: `The running kernel's modules folder is gone: it was upgraded, and the machine not rebooted yet. Reboot?`,
				evidence,
				remedies: [reboot('the new kernel starts, and modules can be built and loaded for it')]
			});
		}
		if (subject === undefined || subject.rust !== 'on') {
			return open('blocked', 'boot.no-kernel', {
				summary: 'no Rust kernel to boot',
				question: 'There is no Rust kernel to boot yet.',
				evidence
			});
		}
		if (subject.running) return done(`running ${running.release}`, evidence);
		evidence.push({label: 'installed', value: nameOf(subject)});
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
								['make', '-C', subject.kdir, 'modules_install', 'install'],
								'puts its modules and its image in place',
								'root'
							)
						],
						text: 'Then choose it in the boot menu and reboot.'
					})
				]
			});
		}
		return open('todo', 'boot.other-running', {
			summary: `another kernel is running (${running.release})`,
			question: 'The Rust kernel is installed, but not the one running. Boot it?',
			evidence,
			remedies: [
				reboot(
					`choose ${subject.package ?? subject.release} in the boot menu (GRUB: "Advanced options"; systemd-boot: hold a key while the machine starts)`
				)
			]
		});
	}
};

const reboot = (text: string): Remedy =>
	byYou({
		id: 'reboot',
		label: 'Reboot',
		consequence: 'Close your work first. Start this program again afterwards: it goes on where it stopped.',
		commands: [shown(['reboot'], 'starts the machine anew', 'root')],
		text: `When the machine starts, ${text}.`
	});
