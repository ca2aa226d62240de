import {join} from 'node:path';
import {firmwareVariables, loaderVariables, parseBootNumbers, parseBootOption, parseEfiText} from '../boot/efi.ts';
import {grubEntryFor, parseGrubEnvironment, parseGrubMenu} from '../boot/grub.ts';
import {
	inLoaderOrder,
	type LoaderEntry,
	matchesPattern,
	parseLoaderConf,
	parseLoaderEntry,
	withoutCounter
} from '../boot/loader-entry.ts';
import {parsePreset} from '../boot/preset.ts';
import {dataFolder, stateFolder} from '../machine/state-folder.ts';
import type {Found, Reader} from '../model/machine.ts';
import {mountOf, readMounts} from './mounts.ts';

/** Something that the boot loader can start. */
export type BootEntry = {
	/** As the loader's own commands take it. */
	readonly id: string;
	readonly title: string;
	/** The package or the release of its kernel, as its image is called; undefined where that does not tell. */
	readonly kernel: string | undefined;
	/** Another way to start the same kernel: recovery mode, the large initramfs. */
	readonly isSpare: boolean;
};

/** What a loader that is set to an entry does: `by` says who chose it, in words. */
export type NextBoot = {readonly entry: BootEntry; readonly by: string; readonly isOnce: boolean};

type Common = {
	/** What it is called, for the user. */
	readonly name: string;
	/** The file that says so. */
	readonly source: string;
	readonly entries: Found<readonly BootEntry[]>;
	readonly next: Found<NextBoot>;
	/** What it says it started this time. */
	readonly started?: BootEntry;
};

export type GrubLoader = Common & {
	readonly kind: 'grub';
	/** `/boot/grub` or `/boot/grub2`. */
	readonly folder: string;
	/** `grub-mkconfig` or `grub2-mkconfig`. */
	readonly tools: 'grub' | 'grub2';
	/**
	 * Whether GRUB itself can write its environment block, and so forget a choice for one boot. Not on btrfs, ZFS, LVM and RAID
	 * (GRUB manual 2.12, "The GRUB environment block"): there, once would be for ever.
	 */
	readonly forgets: 'yes' | 'no' | 'unknown';
	/** What it lies on: `ext4 on /dev/sda2`. */
	readonly place: string;
	/** The menu starts what grub-set-default chose. */
	readonly usesSaved: boolean;
	readonly asksOnce: boolean;
	/**
	 * Where a copy of its menu is looked for: since 2021 grub-mkconfig makes grub.cfg readable for root alone (CVE-2021-3981). One of
	 * the same size and time is the same.
	 */
	readonly copy: string;
	/** Entries are written by grub-mkconfig, not as files of their own. */
	readonly isGenerated: boolean;
};

export type SystemdBoot = Common & {
	readonly kind: 'systemd-boot';
	/** Where its entries are: `/boot/loader/entries`. */
	readonly folder: string;
	/** The firmware keeps its choices. */
	readonly hasVariables: boolean;
	/** The entry files, for a new one to be like. */
	readonly files: readonly {readonly id: string; readonly text: string}[];
};

/** The firmware starts the kernel itself: an EFI stub, or a unified kernel image. */
export type FirmwareBoot = Common & {readonly kind: 'firmware'};

export type BootLoader = GrubLoader | SystemdBoot | FirmwareBoot | {readonly kind: 'unknown'; readonly why: string};

const systemPartitions = ['/boot', '/efi', '/boot/efi'] as const;
const variables = '/sys/firmware/efi/efivars';

/** Finds out, from files alone, what starts this machine and what it will start next. What only root may read is unknown, not absent. */
export async function surveyBootLoader(reader: Reader): Promise<BootLoader> {
	const [info, current, grub, systemd] = await Promise.all([
		efiText(reader, loaderVariables, 'LoaderInfo'),
		currentOption(reader),
		findGrub(reader),
		findSystemdBoot(reader)
	]);
	const unified = await unifiedImages(reader);
	const file = current?.file?.toLowerCase() ?? '';
	if (info !== undefined && /^systemd-boot/i.test(info) && systemd.status === 'found')
		return readSystemdBoot(reader, systemd.value, unified);
	if (info !== undefined && /^grub/i.test(info) && grub.status === 'found') return readGrub(reader, grub.value);
	if (/vmlinuz|\\efi\\linux\\/.test(file)) return readFirmware(reader, unified);
	if (/grub/.test(file) && grub.status === 'found') return readGrub(reader, grub.value);
	if (/systemd-boot/.test(file) && systemd.status === 'found') return readSystemdBoot(reader, systemd.value, unified);
	// the firmware does not tell: what is there decides, where it is one of them
	if (grub.status === 'found' && systemd.status !== 'found') return readGrub(reader, grub.value);
	if (systemd.status === 'found' && grub.status !== 'found') return readSystemdBoot(reader, systemd.value, unified);
	if (grub.status === 'found')
		return {kind: 'unknown', why: 'GRUB and systemd-boot are both there, and which of them starts is not known'};
	const unseen = [grub, systemd].find(one => one.status === 'unknown');
	return {
		kind: 'unknown',
		why: unseen?.status === 'unknown' ? unseen.why : 'neither GRUB nor systemd-boot was found in /boot or /efi'
	};
}

/** Where GRUB keeps its menu. */
async function findGrub(reader: Reader): Promise<Found<string>> {
	return firstOf(
		['/boot/grub', '/boot/grub2'].map(async folder => ({
			value: folder,
			facts: await reader.stat(join(folder, 'grub.cfg'))
		}))
	);
}

/** The system partition that systemd-boot's files are on. */
async function findSystemdBoot(reader: Reader): Promise<Found<string>> {
	return firstOf(
		systemPartitions.flatMap(partition =>
			['loader/loader.conf', 'EFI/systemd/systemd-bootx64.efi'].map(async path => ({
				value: partition,
				facts: await reader.stat(join(partition, path))
			}))
		)
	);
}

async function firstOf(
	looks: readonly Promise<{readonly value: string; readonly facts: Found<unknown>}>[]
): Promise<Found<string>> {
	const looked = await Promise.all(looks);
	const found = looked.find(one => one.facts.status === 'found');
	if (found !== undefined) return {status: 'found', value: found.value};
	const unseen = looked.find(one => one.facts.status === 'unknown')?.facts;
	return unseen?.status === 'unknown' ? unseen : {status: 'absent'};
}

/** The name in an image's path: `linux-rust` of /vmlinuz-linux-rust, a release of /machine/RELEASE/linux. */
function kernelOf(image: string, unified: ReadonlyMap<string, string>): string | undefined {
	const path = image.replaceAll('\\', '/');
	const file = path.slice(path.lastIndexOf('/') + 1);
	const plain = /^(?:vmlinuz|bzImage)-(.+)$/.exec(file)?.[1];
	if (plain !== undefined) return plain;
	const installed = /\/([^/]+)\/linux$/.exec(path)?.[1];
	if (installed !== undefined) return installed;
	return unified.get(file.toLowerCase()) ?? /^.+?-(\d+\.\d+.*)\.efi$/.exec(file)?.[1];
}

const isSpare = (title: string): boolean => /recovery mode|fallback|rescue/i.test(title);

/** Unified kernel images by their file names, in small letters, with the package that mkinitcpio makes each of. */
async function unifiedImages(reader: Reader): Promise<ReadonlyMap<string, string>> {
	const folder = '/etc/mkinitcpio.d';
	const listed = await reader.list(folder);
	const named = await Promise.all(
		(listed.status === 'found' ? listed.value : [])
			.filter(file => file.endsWith('.preset'))
			.map(async file => {
				const text = await reader.readText(join(folder, file), 64 * 1024);
				const uki = text.status === 'found' ? parsePreset(text.value).uki : undefined;
				return uki === undefined
					? []
					: [[uki.slice(uki.lastIndexOf('/') + 1).toLowerCase(), file.replace(/\.preset$/, '')] as const];
			})
	);
	return new Map(named.flat());
}

async function readGrub(reader: Reader, folder: string): Promise<GrubLoader> {
	const source = join(folder, 'grub.cfg');
	const copy = join(stateFolder(reader), 'grub.cfg');
	const [text, environment, place] = await Promise.all([
		readMenu(reader, source, copy),
		reader.readText(join(folder, 'grubenv'), 64 * 1024),
		placeOf(reader, folder)
	]);
	const menu = text.status === 'found' ? parseGrubMenu(text.value) : undefined;
	const kept = environment.status === 'found' ? parseGrubEnvironment(environment.value) : undefined;
	const files = menu?.readsEntryFiles === true ? await readEntryFiles(reader, '/boot/loader/entries') : undefined;
	const fromFiles = files?.status === 'found' ? inLoaderOrder(files.value.flatMap(one => one.entry ?? [])) : [];
	const parsed = [
		...(menu?.entries ?? []),
		...fromFiles.map(({id, image}, position) => {
			const name = id.replace(/\.conf$/, '');
			return {name, id: name, position: `${position}`, image};
		})
	];
	const entries = parsed.map(
		({name, image}): BootEntry => ({
			id: name,
			title: name.slice(name.lastIndexOf('>') + 1),
			kernel: kernelOf(image, new Map()),
			isSpare: isSpare(name)
		})
	);
	const at = (value: string): BootEntry | undefined => {
		const entry = grubEntryFor(parsed, value);
		return entry && entries[parsed.indexOf(entry)];
	};
	const usesSaved = menu?.usesSaved === true || menu?.readsEntryFiles === true;
	const common = {
		kind: 'grub',
		name: 'GRUB',
		source,
		folder,
		tools: folder.endsWith('2') ? 'grub2' : 'grub',
		...place,
		copy,
		usesSaved,
		asksOnce: menu?.asksOnce ?? false,
		isGenerated: menu?.readsEntryFiles !== true
	} as const;
	if (text.status !== 'found' || menu === undefined) {
		const unseen = {status: 'unknown', why: text.status === 'unknown' ? text.why : `${source} is not there`} as const;
		return {...common, entries: unseen, next: unseen};
	}
	if (files !== undefined && files.status !== 'found') return {...common, entries: files, next: files};
	const once = menu.asksOnce ? kept?.get('next_entry') : undefined;
	const chosen = once || (usesSaved ? (kept?.get('saved_entry') ?? '') : menu.fallback);
	const entry = at(chosen);
	const by = once
		? 'chosen for the next start alone'
		: usesSaved && chosen !== ''
			? 'saved default'
			: 'first of the menu';
	// without its environment, a menu that asks for it is not known
	const isKnown = environment.status !== 'unknown' || !(menu.asksOnce || usesSaved);
	return {
		...common,
		entries: {status: 'found', value: entries},
		next: !isKnown
			? {status: 'unknown', why: environment.status === 'unknown' ? environment.why : ''}
			: entry === undefined
				? {status: 'absent'}
				: {
						status: 'found',
						value: {
							entry,
							by: usesSaved || once || menu.fallback === '0' ? by : 'set as default',
							isOnce: Boolean(once)
						}
					}
	};
}

async function readMenu(reader: Reader, file: string, copy: string): Promise<Found<string>> {
	const text = await reader.readText(file);
	if (text.status !== 'unknown') return text;
	const [original, copied] = await Promise.all([reader.stat(file), reader.stat(copy)]);
	const isSame =
		original.status === 'found' &&
		copied.status === 'found' &&
		original.value.size === copied.value.size &&
		Math.abs(original.value.modified - copied.value.modified) < 1;
	return isSame ? reader.readText(copy) : {status: 'unknown', why: `only root may read ${file}`};
}

const writable: readonly string[] = ['ext2', 'ext3', 'ext4', 'vfat', 'xfs'];
const notWritable: readonly string[] = ['btrfs', 'zfs'];

/** What GRUB's folder lies on, and whether GRUB can write there. */
async function placeOf(reader: Reader, folder: string): Promise<Pick<GrubLoader, 'forgets' | 'place'>> {
	const mounts = await readMounts(reader);
	const mount = mounts.status === 'found' ? mountOf(mounts.value, folder) : undefined;
	if (mount === undefined) return {forgets: 'unknown', place: 'an unknown file system'};
	const place = `${mount.type} on ${mount.source}`;
	if (notWritable.includes(mount.type)) return {forgets: 'no', place};
	if (/^\/dev\/md/.test(mount.source)) return {forgets: 'no', place: `${place}, a RAID`};
	if (/^\/dev\/(?:mapper\/|dm-)/.test(mount.source)) {
		const device = await reader.realPath(mount.source);
		const name = device.status === 'found' ? device.value.slice('/dev/'.length) : '';
		const kind = await reader.readText(`/sys/class/block/${name}/dm/uuid`, 256);
		return kind.status === 'found' && kind.value.startsWith('LVM-')
			? {forgets: 'no', place: `${place}, which is LVM`}
			: {forgets: 'unknown', place};
	}
	return {forgets: writable.includes(mount.type) ? 'yes' : 'unknown', place};
}

type EntryFile = {readonly id: string; readonly text: string; readonly entry: LoaderEntry | undefined};

async function readEntryFiles(reader: Reader, folder: string): Promise<Found<readonly EntryFile[]>> {
	const listed = await reader.list(folder);
	if (listed.status === 'unknown') return listed;
	const files = listed.status === 'found' ? listed.value.filter(file => file.endsWith('.conf')) : [];
	const read = await Promise.all(
		files.map(async id => ({id, text: await reader.readText(join(folder, id), 64 * 1024)}))
	);
	const unread = read.find(one => one.text.status === 'unknown')?.text;
	if (unread?.status === 'unknown') return unread;
	return {
		status: 'found',
		value: read.flatMap(({id, text}) =>
			text.status === 'found' ? [{id, text: text.value, entry: parseLoaderEntry(id, text.value)}] : []
		)
	};
}

async function readSystemdBoot(
	reader: Reader,
	partition: string,
	unified: ReadonlyMap<string, string>
): Promise<SystemdBoot> {
	// entries may lie on a second partition, which is /boot then (XBOOTLDR)
	const places = [...new Set([partition, '/boot'])];
	const [conf, files, images, once, preset, started, firmware] = await Promise.all([
		reader.readText(join(partition, 'loader/loader.conf'), 64 * 1024),
		Promise.all(places.map(place => readEntryFiles(reader, join(place, 'loader/entries')))),
		Promise.all(places.map(place => reader.list(join(place, 'EFI/Linux')))),
		efiText(reader, loaderVariables, 'LoaderEntryOneShot'),
		efiText(reader, loaderVariables, 'LoaderEntryDefault'),
		efiText(reader, loaderVariables, 'LoaderEntrySelected'),
		reader.stat(variables)
	]);
	const read = files.flatMap(one => (one.status === 'found' ? one.value : []));
	const loaderEntries = inLoaderOrder([
		...read.flatMap(one => one.entry ?? []),
		...images
			.flatMap(one => (one.status === 'found' ? one.value : []))
			.filter(file => file.toLowerCase().endsWith('.efi'))
			.map(file => {
				const id = withoutCounter(file);
				return {id, title: id, sortKey: undefined, version: undefined, image: `/EFI/Linux/${id}`, options: ''};
			})
	]);
	const entries = loaderEntries.map(
		({id, title, image}): BootEntry => ({
			id,
			title,
			kernel: kernelOf(image, unified),
			isSpare: isSpare(`${title} ${id}`)
		})
	);
	const unseen = [...files, ...images].find(one => one.status === 'unknown');
	const named = (id: string | undefined): BootEntry | undefined =>
		id === undefined ? undefined : entries.find(one => one.id.toLowerCase() === id.toLowerCase());
	const pattern = conf.status === 'found' ? parseLoaderConf(conf.value) : undefined;
	const configured = pattern === undefined ? undefined : entries.find(one => matchesPattern(pattern, one.id));
	const chosen: readonly (readonly [BootEntry | undefined, string, boolean])[] = [
		[named(once), 'chosen for the next start alone', true],
		[named(preset), 'chosen with bootctl', false],
		[configured, 'loader.conf', false],
		[entries[0], 'first of the menu', false]
	];
	const [entry, by = '', isOnce = false] = chosen.find(([one]) => one !== undefined) ?? [];
	const own = named(started);
	return {
		kind: 'systemd-boot',
		name: 'systemd-boot',
		source: join(partition, 'loader/loader.conf'),
		folder: join(partition, 'loader/entries'),
		hasVariables: firmware.status === 'found',
		files: read.map(({id, text}) => ({id, text})),
		entries: unseen?.status === 'unknown' ? unseen : {status: 'found', value: entries},
		next:
			unseen?.status === 'unknown'
				? unseen
				: pattern === '@saved' && once === undefined && preset === undefined
					? {status: 'unknown', why: 'loader.conf says @saved: what was started last'}
					: entry === undefined
						? {status: 'absent'}
						: {status: 'found', value: {entry, by, isOnce}},
		...(own === undefined ? {} : {started: own})
	};
}

async function readFirmware(reader: Reader, unified: ReadonlyMap<string, string>): Promise<FirmwareBoot> {
	const [order, next, current] = await Promise.all([
		efiNumbers(reader, 'BootOrder'),
		efiNumbers(reader, 'BootNext'),
		efiNumbers(reader, 'BootCurrent')
	]);
	const listed = await reader.list(variables);
	const numbers = (listed.status === 'found' ? listed.value : []).flatMap(
		name => new RegExp(`^Boot([0-9A-F]{4})-${firmwareVariables}$`).exec(name)?.[1] ?? []
	);
	const entries = (
		await Promise.all(
			numbers.map(async (id): Promise<readonly BootEntry[]> => {
				const option = await bootOption(reader, id);
				const file = option?.file;
				return option === undefined || file === undefined
					? []
					: [{id, title: option.title, kernel: kernelOf(file, unified), isSpare: isSpare(option.title)}];
			})
		)
	).flat();
	const chosen = next[0] ?? order[0];
	const entry = entries.find(one => one.id === chosen);
	const started = entries.find(one => one.id === current[0]);
	return {
		kind: 'firmware',
		name: 'the firmware itself',
		source: join(variables, `BootCurrent-${firmwareVariables}`),
		entries: {status: 'found', value: entries},
		next:
			entry === undefined
				? {status: 'absent'}
				: {
						status: 'found',
						value: {
							entry,
							by: next.length > 0 ? 'chosen for the next start alone' : 'first of the boot order',
							isOnce: next.length > 0
						}
					},
		...(started === undefined ? {} : {started})
	};
}

async function efiText(reader: Reader, vendor: string, name: string): Promise<string | undefined> {
	const bytes = await reader.readBytes(join(variables, `${name}-${vendor}`), 4096);
	return bytes.status === 'found' ? parseEfiText(bytes.value) || undefined : undefined;
}

async function efiNumbers(reader: Reader, name: string): Promise<readonly string[]> {
	const bytes = await reader.readBytes(join(variables, `${name}-${firmwareVariables}`), 4096);
	return bytes.status === 'found' ? parseBootNumbers(bytes.value) : [];
}

async function bootOption(reader: Reader, number: string): Promise<ReturnType<typeof parseBootOption>> {
	const bytes = await reader.readBytes(join(variables, `Boot${number}-${firmwareVariables}`), 64 * 1024);
	return bytes.status === 'found' ? parseBootOption(bytes.value) : undefined;
}

/** What the firmware started this time. */
async function currentOption(reader: Reader): Promise<ReturnType<typeof parseBootOption>> {
	const [number] = await efiNumbers(reader, 'BootCurrent');
	return number === undefined ? undefined : bootOption(reader, number);
}

/** Where a new entry is written before it is copied to the loader's folder, which only root may write to. */
export const draftFolder = (reader: Reader): string => join(dataFolder(reader), 'boot-entries');
