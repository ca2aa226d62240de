import type {Evidence, Step} from '../model/step.ts';
import type {MachineFacts} from '../survey/machine.ts';
import type {View} from '../survey/view.ts';
import {gigabytes} from '../text/gigabytes.ts';
import {familyOf, installCommand} from './distribution.ts';
import {practise} from './practise.ts';
import {byYou, done, open, shown} from './verdict.ts';

/** A module's build and a toolchain need room; a minimal rustup toolchain is some 600 MB. */
const neededBytes = 1_000_000_000;

/** Can this machine do it at all? */
export const machineStep: Step<View> = {
	id: 'machine',
	question: 'Can this machine do it?',
	needs: [],
	async inspect(view) {
		const facts = await view.machine();
		const evidence = evidenceOf(facts);
		if (!facts.isLinux) {
			return open('blocked', 'machine.not-linux', {
				summary: 'this is not Linux',
				question: 'Kernel modules need a Linux kernel, and this system runs none.',
				evidence
			});
		}
		if (facts.architecture !== 'x86_64') {
			return open('blocked', 'machine.architecture', {
				summary: `${facts.architecture} is not supported yet`,
				question: `The linux-rust package and this wizard know x86_64; this machine is ${facts.architecture}.`,
				evidence
			});
		}
		if (facts.modules === 'not-built') {
			return open('blocked', 'machine.no-modules', {
				summary: 'the running kernel loads no modules',
				question:
					'The running kernel was built without CONFIG_MODULES, so nothing can be loaded into it. Another kernel has to be booted, or a virtual machine does it.',
				evidence,
				remedies: [practise]
			});
		}
		if (facts.modules === 'disabled') {
			return open('blocked', 'machine.modules-disabled', {
				summary: 'module loading is closed until the next boot',
				question: 'kernel.modules_disabled is 1: no module can be loaded until the machine is rebooted.',
				evidence,
				remedies: [
					byYou({
						id: 'reboot',
						label: 'Reboot',
						consequence: 'Module loading is open again afterwards.',
						commands: [shown(['reboot'], 'kernel.modules_disabled cannot be set back while the kernel runs', 'root')]
					})
				]
			});
		}
		if (facts.privilege === 'none') {
			const install = installCommand(familyOf(facts), ['sudo']);
			return open('todo', 'machine.no-root', {
				summary: 'no way to become root: sudo is not installed',
				question: 'insmod and rmmod need root, and sudo is not installed. Everything up to the build works without it.',
				evidence,
				remedies: [
					byYou({
						id: 'install-sudo',
						label: 'Install sudo, and allow yourself to use it',
						commands: install
							? [shown(['su', '-c', install.join(' ')], "asks for root's password once, because sudo is not there yet")]
							: [],
						text: 'Who may use sudo is written with visudo; many distributions allow the group wheel or sudo.'
					})
				]
			});
		}
		if (facts.freeSpace.status === 'found' && facts.freeSpace.value < neededBytes) {
			return open('todo', 'machine.disk-full', {
				summary: `${gigabytes(facts.freeSpace.value)} free, ${gigabytes(neededBytes)} needed`,
				question: 'There is less than 1 GB free in your home folder: a toolchain does not fit.',
				evidence,
				remedies: [
					byYou({
						id: 'free-space',
						label: 'Free some space',
						commands: [shown(['df', '-h', '.'], 'shows what is full')]
					})
				]
			});
		}
		const free = facts.freeSpace.status === 'found' ? `${gigabytes(facts.freeSpace.value)} free` : 'free space unknown';
		const boot = facts.secureBoot === 'unknown' ? 'Secure Boot unknown' : `Secure Boot ${facts.secureBoot}`;
		return done(
			[facts.architecture, free, boot, ...(facts.privilege === 'root' ? ['running as root'] : [])].join(' · '),
			evidence
		);
	}
};

function evidenceOf(facts: MachineFacts): readonly Evidence[] {
	return [
		{label: 'system', value: facts.distribution?.name ?? 'unknown', source: '/etc/os-release'},
		{label: 'architecture', value: facts.architecture},
		{label: 'root', value: {root: 'this is root', sudo: 'through sudo', none: 'no way found'}[facts.privilege]},
		{label: 'free space', value: facts.freeSpace.status === 'found' ? gigabytes(facts.freeSpace.value) : 'unknown'},
		{label: 'modules', value: facts.modules.replace('-', ' '), source: '/proc/modules'},
		{label: 'Secure Boot', value: facts.secureBoot, source: '/sys/firmware/efi'},
		{label: 'lockdown', value: facts.lockdown, source: '/sys/kernel/security/lockdown'},
		{
			label: 'module signatures',
			value: facts.signatures.replace('-', ' '),
			source: '/sys/module/module/parameters/sig_enforce'
		}
	];
}
