import type {Remedy, Trial} from '../model/step.ts';
import {type GuestKernel, surveyGuestKernel} from '../survey/guest-kernel.ts';
import type {Kernel} from '../survey/kernels.ts';
import type {View} from '../survey/view.ts';
import {remedy, shown} from './verdict.ts';

/** Arch has a Rust kernel to install within minutes; elsewhere this is the shortest way to a module that speaks. */
export const practise: Remedy = practiseRemedy({
	id: 'practise',
	label: 'Practise in a disposable VM, on a real Rust kernel',
	consequence: 'Minutes the first time, seconds afterwards. This system and its kernel stay as they are.',
	why: 'makes a small Debian with a Rust kernel in your cache folder, and runs it'
});

/** An installed kernel that a guest can run, with the programs that are missing for it. */
export type Runnable = {readonly release: string; readonly missing: readonly string[]};

/**
 * A module is loaded in the VM, as a copy, before the machine's own kernel meets it: with the running kernel where a guest can run
 * that, because what is built for it is then the very file that is tried; else with the practice root's.
 */
export const tryInPractice = (name: string, folder: string, running?: Runnable): Remedy =>
	practiseRemedy({
		id: 'try-in-practice',
		label: `Try ${name} in the practice VM first`,
		consequence:
			running === undefined
				? 'The VM runs the practice kernel: a copy is built for it and loaded there. What is built here stays as it is.'
				: `The VM runs ${running.release}, as this machine does: what is built for it here is copied, and the copy is loaded there.${toInstall(running)}`,
		why: 'loads a copy of the module into a virtual machine that is thrown away',
		folder,
		installed: running?.release
	});

/** An installed kernel is seen to run, and to load modules, before the machine is booted with it. */
export const tryKernel = (kernel: Runnable): Remedy =>
	practiseRemedy({
		id: 'try-in-practice',
		label: 'Try it in a disposable VM first',
		consequence: `Seconds. The VM runs ${kernel.release} in memory, without disk and network; nothing is chosen for the next boot. Modules for it are built here.${toInstall(kernel)}`,
		why: 'runs this kernel in a virtual machine that is thrown away',
		installed: kernel.release
	});

const toInstall = ({missing}: Runnable): string =>
	missing.length === 0
		? ''
		: ` ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} installed for it, if you agree.`;

/** The running kernel, where it has Rust and a guest can run it. */
export async function runnableHere(view: View): Promise<Runnable | undefined> {
	const {running} = await view.kernels();
	if (running === undefined || running.rust !== 'on') return undefined;
	const guest = await guestKernel(view, running);
	return guest.ok ? {...guest, release: running.release} : undefined;
}

export const guestKernel = (view: View, {release}: Kernel): Promise<GuestKernel> =>
	surveyGuestKernel(view.target, release);

/** A remedy that leads into the practice machine. */
export function practiseRemedy(
	parts: Trial & {
		readonly id: string;
		readonly label: string;
		readonly consequence: string;
		readonly why: string;
	}
): Remedy {
	const {why, folder, installed, ...said} = parts;
	return remedy({
		...said,
		actions: [
			{
				kind: 'practise',
				command: shown(
					[
						'linux-rust-setup',
						...(folder === undefined ? ['practice'] : ['load', '--on', 'practice']),
						...(installed === undefined ? [] : ['--installed', installed]),
						...(folder === undefined ? [] : [folder])
					],
					why
				),
				...(folder === undefined ? {} : {folder}),
				...(installed === undefined ? {} : {installed})
			}
		],
		// with an installed kernel nothing large is made, and clean would take the practice root with it
		...(installed === undefined ? {undo: 'linux-rust-setup practice clean'} : {})
	});
}
