import type {Remedy} from '../model/step.ts';
import {remedy, shown} from './verdict.ts';

/** Arch has a Rust kernel to install within minutes; elsewhere this is the shortest way to a module that speaks. */
export const practise: Remedy = practiseRemedy({
	id: 'practise',
	label: 'Practise in a disposable VM, on a real Rust kernel',
	consequence: 'Minutes the first time, seconds afterwards. This system and its kernel stay as they are.',
	why: 'makes a small Debian with a Rust kernel in your cache folder, and runs it'
});

/** A module is built and loaded in the VM, as a copy, before the machine's own kernel meets it. */
export const tryInPractice = (name: string, folder: string): Remedy =>
	practiseRemedy({
		id: 'try-in-practice',
		label: `Try ${name} in the practice VM first`,
		consequence: 'A copy is built for the practice kernel and loaded there. What is built here stays as it is.',
		why: 'loads a copy of the module into a virtual machine that is thrown away',
		folder
	});

/** A remedy that leads into the practice machine; `folder`: with a copy of the module there. */
export function practiseRemedy(parts: {
	readonly id: string;
	readonly label: string;
	readonly consequence: string;
	readonly why: string;
	readonly folder?: string | undefined;
}): Remedy {
	const {why, folder, ...said} = parts;
	return remedy({
		...said,
		actions: [
			{
				kind: 'practise',
				command: shown(
					folder === undefined
						? ['linux-rust-setup', 'practice']
						: ['linux-rust-setup', 'load', '--on', 'practice', folder],
					why
				),
				...(folder === undefined ? {} : {folder})
			}
		],
		undo: 'linux-rust-setup practice clean'
	});
}
