import {join} from 'node:path';
import {entryLike} from '../boot/loader-entry.ts';
import type {ExpectedBoot} from '../model/boot.ts';
import type {Command} from '../model/command.ts';
import type {Reader} from '../model/machine.ts';
import type {Action, Plan, Remedy} from '../model/step.ts';
import {
	type BootEntry,
	type BootLoader,
	draftFolder,
	type FirmwareBoot,
	type GrubLoader,
	type SystemdBoot
} from '../survey/boot-loader.ts';
import type {Kernel} from '../survey/kernels.ts';
import {quoteWord} from '../text/quote.ts';
import {byYou, remedy, shown} from './verdict.ts';

/** What is needed to choose what starts next. */
export type Crossing = {
	readonly reader: Reader;
	readonly loader: BootLoader;
	/** The kernel that is to run. */
	readonly to: Kernel;
	/** The one that runs. */
	readonly from: Kernel;
	/** What is remembered of a reboot; undefined where this boot has no id. */
	readonly expected: Omit<ExpectedBoot, 'by'> | undefined;
};

type Found = Exclude<BootLoader, {kind: 'unknown'}>;

export const startsKernel = (entry: BootEntry, kernel: Kernel): boolean =>
	entry.kernel !== undefined && (entry.kernel === kernel.package || entry.kernel === kernel.release);

/** The entry that starts a kernel in the ordinary way; of several the one that names it most exactly. */
export function entryOf(loader: BootLoader, kernel: Kernel): BootEntry | undefined {
	if (loader.kind === 'unknown' || loader.entries.status !== 'found') return undefined;
	const own = loader.entries.value.filter(entry => startsKernel(entry, kernel));
	const plain = own.filter(entry => !entry.isSpare);
	// GRUB's first entry is whichever kernel is newest: those below "Advanced options" stay what they are
	return plain.find(entry => entry.id.includes('>')) ?? plain[0] ?? own[0];
}

/** What a kernel is called where people choose it. */
export const nameIn = (kernel: Pick<Kernel, 'package' | 'release'>): string => kernel.package ?? kernel.release;

/** Ways to the kernel that is to run, the safest first. None of them takes an entry of another kernel away. */
export function bootRemedies(crossing: Crossing): readonly Remedy[] {
	const {loader, to} = crossing;
	if (loader.kind === 'unknown') return [reboot(crossing, inTheMenu(to))];
	if (loader.next.status === 'found' && startsKernel(loader.next.value.entry, to))
		return [reboot(crossing, undefined), ...stay(loader, crossing)];
	const entry = entryOf(loader, to);
	if (entry !== undefined) return [...choosing(loader, entry, crossing), reboot(crossing, inTheMenu(to))];
	if (loader.entries.status === 'found') return [...adding(loader, crossing)];
	return [...(loader.kind === 'grub' ? [lookAtMenu(loader, crossing)] : []), reboot(crossing, inTheMenu(to))];
}

const inTheMenu = (kernel: Kernel): string =>
	`When the machine starts, choose ${nameIn(kernel)} in the boot menu (GRUB: "Advanced options"; systemd-boot: hold a key while the machine starts).`;

function reboot({loader, to, expected}: Crossing, text: string | undefined): Remedy {
	const isOnce = loader.kind !== 'unknown' && loader.next.status === 'found' && loader.next.value.isOnce;
	const by = text !== undefined ? 'menu' : isOnce ? 'once' : 'default';
	const command: Command = {
		argv: ['reboot'],
		as: 'root',
		terminal: 'captured',
		interrupt: 'group',
		why: 'starts the machine anew'
	};
	return remedy({
		id: 'reboot',
		label: text === undefined ? `Reboot into ${nameIn(to)}` : `Reboot, and choose ${nameIn(to)} in the boot menu`,
		consequence: 'Close your work first. Start this program again afterwards: it goes on where it stopped.',
		actions: [
			...(text === undefined ? [] : [{kind: 'by-you', commands: [], text} as const]),
			{kind: 'reboot', command, expected: expected && {...expected, by}}
		]
	});
}

const asRoot = (argv: Command['argv'], why: string): Command => ({
	argv,
	as: 'root',
	terminal: 'captured',
	interrupt: 'group',
	why
});

function run(argv: Command['argv'], why: string): Action {
	return {kind: 'run', title: argv.slice(0, 2).join(' '), stage: 'other', command: asRoot(argv, why)};
}

const remembering = ({expected}: Crossing, by: ExpectedBoot['by']): readonly Action[] =>
	expected === undefined ? [] : [{kind: 'remember', memo: {kind: 'expected-boot', boot: {...expected, by}}}];

type Choice = {readonly argv: Command['argv']; readonly undo: Command['argv']; readonly why: string};

/** The commands that make a loader start an entry once, or from now on; undefined where it cannot. */
function choice(loader: Found, entry: BootEntry, times: 'once' | 'default'): Choice | undefined {
	switch (loader.kind) {
		case 'grub':
			return grubChoice(loader, entry, times);
		case 'systemd-boot': {
			if (!loader.hasVariables) return undefined;
			const verb = times === 'once' ? 'set-oneshot' : 'set-default';
			return {
				argv: ['bootctl', verb, entry.id],
				undo: ['bootctl', verb, ''],
				why: times === 'once' ? 'chooses what starts next time, and only next time' : 'chooses what starts from now on'
			};
		}
		case 'firmware':
			return times === 'once'
				? {
						argv: ['efibootmgr', '--bootnext', entry.id],
						undo: ['efibootmgr', '--delete-bootnext'],
						why: 'chooses what the firmware starts next time, and only next time'
					}
				: undefined;
	}
}

function grubChoice(loader: GrubLoader, entry: BootEntry, times: 'once' | 'default'): Choice | undefined {
	const environment = join(loader.folder, 'grubenv');
	if (times === 'once') {
		// what GRUB cannot forget, it would start each time
		if (!loader.asksOnce || loader.forgets !== 'yes') return undefined;
		return {
			argv: [`${loader.tools}-reboot`, entry.id],
			undo: [`${loader.tools}-editenv`, environment, 'unset', 'next_entry'],
			why: 'chooses what GRUB starts next time, and only next time'
		};
	}
	if (!loader.usesSaved) return undefined;
	const before = loader.next.status === 'found' && !loader.next.value.isOnce ? loader.next.value.entry.id : undefined;
	return {
		argv: [`${loader.tools}-set-default`, entry.id],
		undo:
			before === undefined
				? [`${loader.tools}-editenv`, environment, 'unset', 'saved_entry']
				: [`${loader.tools}-set-default`, before],
		why: 'chooses what GRUB starts from now on'
	};
}

function choosing(loader: Found, entry: BootEntry, crossing: Crossing): readonly Remedy[] {
	const {to, from} = crossing;
	const once = choice(loader, entry, 'once');
	const always = choice(loader, entry, 'default');
	const back = (undo: Command['argv']): string => `sudo ${undo.map(quoteWord).join(' ')}`;
	return [
		...(once === undefined
			? []
			: [
					remedy({
						id: 'boot-once',
						label: `Boot ${nameIn(to)} once, keep ${nameIn(from)} as the default`,
						consequence: 'If it does not start, turn the machine off and on again: what started before starts again.',
						answer: '--boot once',
						actions: [run(once.argv, once.why), ...remembering(crossing, 'once')],
						undo: back(once.undo)
					})
				]),
		...(always === undefined
			? []
			: [
					remedy({
						id: 'boot-default',
						label: `Make ${nameIn(to)} the default`,
						consequence: `${nameIn(from)} stays in the menu. If ${nameIn(to)} does not start, choose it there.${onceWhy(loader)}`,
						answer: '--boot default',
						actions: [run(always.argv, always.why), ...remembering(crossing, 'default')],
						undo: back(always.undo)
					})
				]),
		...(loader.kind === 'grub' && !loader.usesSaved ? [savedDefault(loader, to)] : [])
	];
}

/** Why GRUB is not asked to do it once. */
function onceWhy(loader: Found): string {
	if (loader.kind !== 'grub' || !loader.asksOnce || loader.forgets === 'yes') return '';
	return loader.forgets === 'no'
		? ` Once is not offered: GRUB cannot write to ${loader.place}, so it would not forget it, and once would be for ever.`
		: ` Once is not offered: whether GRUB can write to ${loader.place} is not known, and where it cannot, once would be for ever.`;
}

/** GRUB starts a fixed entry until its menu is made to ask for a saved one. */
const savedDefault = ({tools, folder}: GrubLoader, to: Kernel): Remedy =>
	byYou({
		id: 'use-saved',
		label: `Let GRUB remember a default, to make it ${nameIn(to)}`,
		consequence: 'Its menu starts a fixed entry now, which grub-set-default does not change.',
		commands: [
			shown(['sudoedit', '/etc/default/grub'], 'write GRUB_DEFAULT=saved in place of the line GRUB_DEFAULT=…'),
			shown([`${tools}-mkconfig`, '-o', join(folder, 'grub.cfg')], 'writes the menu anew, with that setting', 'root')
		],
		undo: 'The line as it was, and grub-mkconfig once more.'
	});

/** Back to what starts now, where the next start was already chosen. */
function stay(loader: Found, {from}: Crossing): readonly Remedy[] {
	const entry = entryOf(loader, from);
	const isOnce = loader.next.status === 'found' && loader.next.value.isOnce;
	const chosen = entry && choice(loader, entry, isOnce ? 'once' : 'default');
	if (chosen === undefined) return [];
	return [
		remedy({
			id: 'keep-old',
			label: `Start ${nameIn(from)} next, as before`,
			actions: [
				run(isOnce ? chosen.undo : chosen.argv, isOnce ? 'takes the choice for the next start back' : chosen.why),
				{kind: 'remember', memo: {kind: 'expected-boot', boot: undefined}}
			]
		})
	];
}

/** The kernel is in no menu yet. */
function adding(loader: Found, crossing: Crossing): readonly Remedy[] {
	switch (loader.kind) {
		case 'grub':
			return [regenerate(loader, crossing)];
		case 'systemd-boot':
			return [addEntry(loader, crossing)];
		case 'firmware':
			return [addOption(loader, crossing)];
	}
}

/** A copy of the menu for this user, dated as the menu itself, so that it is known for the same. */
const copyMenu = ({folder, copy}: GrubLoader, reader: Reader): Action =>
	run(
		['install', '--preserve-timestamps', '--mode=600', `--owner=${reader.user.name}`, join(folder, 'grub.cfg'), copy],
		'a copy of the menu that you may read; the menu itself is for root alone'
	);

const lookAtMenu = (loader: GrubLoader, {reader}: Crossing): Remedy =>
	remedy({
		id: 'look-at-menu',
		label: 'Look into the menu of GRUB, as root',
		consequence: 'Changes nothing of it. Afterwards it is known what starts next, and what to choose.',
		actions: [copyMenu(loader, reader)]
	});

function regenerate(loader: GrubLoader, {reader, to}: Crossing): Remedy {
	const {tools, folder, isGenerated} = loader;
	const menu = join(folder, 'grub.cfg');
	if (!isGenerated)
		return byYou({
			id: 'add-entry',
			label: `Add ${nameIn(to)} to GRUB's menu`,
			commands: [
				shown(
					['kernel-install', 'add', to.release, `/usr/lib/modules/${to.release}/vmlinuz`],
					'puts the kernel into /boot and writes its entry',
					'root'
				)
			]
		});
	const before = `${menu}.before-${nameIn(to)}`;
	return remedy({
		id: 'add-entry',
		label: `Add ${nameIn(to)} to GRUB's menu`,
		consequence: `Writes ${menu} anew from /etc/default/grub and /etc/grub.d; the entries of other kernels stay. A copy of the menu is kept.`,
		actions: [
			run(['cp', '--backup=numbered', menu, before], 'keeps the menu as it is now'),
			run([`${tools}-mkconfig`, '-o', menu], `writes the menu with all kernels in /boot, ${nameIn(to)} among them`),
			copyMenu(loader, reader)
		],
		undo: `sudo cp ${before} ${menu}`
	});
}

/** Writes an entry file like that of the running kernel: first into a folder of the user's, then copied where nothing is overwritten. */
function addEntry(loader: SystemdBoot, {reader, to, from}: Crossing): Remedy {
	const name = `${nameIn(to)}.conf`;
	const target = join(loader.folder, name);
	return {
		id: 'add-entry',
		label: `Add ${nameIn(to)} to systemd-boot's menu`,
		consequence: `One more file, ${target}. The others, and the default, stay as they are.`,
		questions: [],
		async plan(): Promise<Plan> {
			const old = entryOf(loader, from);
			const pattern = loader.files.find(file => file.id === old?.id)?.text;
			if (pattern === undefined || from.package === undefined)
				return {ok: false, why: `there is no entry of ${nameIn(from)} in ${loader.folder} to write one like it`};
			const content = entryLike(pattern, {from: from.package, to: nameIn(to), title: `${old?.title} (${nameIn(to)})`});
			if (!content.includes(nameIn(to)))
				return {ok: false, why: `the entry of ${nameIn(from)} names its files in another way: write one by hand`};
			const folder = draftFolder(reader);
			const present = await reader.readText(join(folder, name));
			const isThere = present.status === 'found' && present.value === content;
			if (present.status !== 'absent' && !isThere)
				return {ok: false, why: `${join(folder, name)} is from another time: move it away first`};
			return {
				ok: true,
				actions: [
					...(isThere ? [] : [{kind: 'write', folder, files: [{path: name, content}]} as const]),
					run(
						['cp', '--no-clobber', join(folder, name), target],
						'puts the entry beside the others; a file of that name would be left as it is'
					)
				]
			};
		},
		undo: `sudo rm ${target}`
	};
}

const addOption = ({entries}: FirmwareBoot, {to}: Crossing): Remedy =>
	byYou({
		id: 'add-entry',
		label: `Add ${nameIn(to)} to the firmware's menu`,
		commands: [shown(['efibootmgr', '--unicode'], 'shows the entries there are, with their disks, files and options')],
		text: `The firmware starts the kernel itself here. Make one more entry with efibootmgr --create, like the one of the running kernel${entries.status === 'found' && entries.value[0] ? ` ("${entries.value[0].title}")` : ''}, for vmlinuz-${nameIn(to)} and its initramfs; leave the others as they are. With a unified kernel image (default_uki in /etc/mkinitcpio.d) it is one file.`
	});
