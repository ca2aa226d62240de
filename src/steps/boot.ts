import type {Evidence, Remedy, Step} from '../model/step.ts';
import type {View} from '../survey/view.ts';
import {nameKdir, nameOf} from './kernel.ts';
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
			return done(`running ${running.release}`, evidence);
		}
		if (subject.running) {
			return open('todo', 'boot.nothing-installed', {
				summary: `${running.release} runs, and nothing of it is installed here`,
				question: `${running.release} runs, but there is no /usr/lib/modules/${running.release} and no other Rust kernel. It came from outside, as in a container, or was put in place by hand. Where is its build folder?`,
				evidence,
				remedies: [nameKdir()]
			});
		}
		evidence.push({label: subject.installed ? 'installed' : 'built', value: nameOf(subject), source: subject.kdir});
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
		if (!running.installed) {
			return open('todo', 'boot.updated', {
				summary: `${running.release} runs, but was upgraded away`,
				question: `/usr/lib/modules/${running.release} is gone: the kernel was upgraded, and the machine not rebooted yet. Reboot into ${nameOf(subject)}?`,
				evidence,
				remedies: [
					reboot(
						`${subject.package ?? subject.release} should start; choose it in the boot menu if another one is the default`
					)
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
