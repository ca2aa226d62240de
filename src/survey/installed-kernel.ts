import {basename, join} from 'node:path';
import {parsePreset} from '../boot/preset.ts';
import {readRmetaHeader} from '../kernel/rmeta.ts';
import {externsFromMakefileBuild, requiredRustFiles} from '../kernel/rust-metadata.ts';
import {parseVersion} from '../kernel/version.ts';
import type {PackageInstall} from '../model/boot.ts';
import type {Reader} from '../model/machine.ts';

/** A file that a kernel needs and what is wrong with it, as the rest of a sentence: `is missing`. */
export type Lack = {readonly path: string; readonly what: string};

/** What a look at a kernel that was just installed says. */
export type InstalledKernel = {
	/** Undefined: none of the packages is a kernel, or its modules folder is not there. */
	readonly release: string | undefined;
	readonly lacks: readonly Lack[];
	/** What this user may not look at. */
	readonly unseen: readonly string[];
};

/** FAT keeps times in steps of two seconds, and a file's time comes from a clock that runs a little behind. */
const inexact = 2500;

/**
 * Looks whether everything that a kernel of these packages starts from, and modules are built from, is there: pacman ends with 0
 * where a hook failed or was killed half-way. `since`: when the installation began, in milliseconds since the epoch; what the
 * hooks make must be newer.
 */
export async function lookAtInstalled(
	reader: Reader,
	install: PackageInstall,
	since: number
): Promise<InstalledKernel> {
	const kernel = install.names.find(name => !/-(?:headers|docs)$/.test(name));
	const headers = install.names.some(name => name.endsWith('-headers'));
	const release = install.release ?? (await releaseOf(reader, kernel ?? install.names[0]?.replace(/-headers$/, '')));
	if (release === undefined) {
		const lacks = kernel === undefined ? [] : [{path: '/usr/lib/modules', what: `holds no kernel of ${kernel}`}];
		return {release, lacks, unseen: []};
	}
	const modules = join('/usr/lib/modules', release);
	const order = await reader.stat(join(modules, 'modules.order'));
	const hasModules = order.status === 'found' && order.value.size > 0;
	const wanted: Wanted[] =
		kernel === undefined
			? []
			: [
					{path: join(modules, 'vmlinuz')},
					{path: join(modules, 'pkgbase')},
					{path: join(modules, 'modules.dep'), since, mayBeEmpty: !hasModules},
					...(await bootFiles(reader, kernel, release)).map(path => ({path, since}))
				];
	const image = kernel === undefined ? undefined : await reader.stat(join(modules, 'vmlinuz'));
	const size = image?.status === 'found' ? image.value.size : undefined;
	const looked = await Promise.all(
		// the hooks copy the image as it is
		wanted.map(one => look(reader, basename(one.path).startsWith('vmlinuz') ? {...one, size} : one))
	);
	return {
		release,
		lacks: [...looked.flatMap(one => one.lacks), ...(headers ? await lacksOfHeaders(reader, modules, release) : [])],
		unseen: looked.flatMap(one => one.unseen)
	};
}

/** `since`: not older; `size`: in bytes, where the file has to have it. */
type Wanted = {
	readonly path: string;
	readonly since?: number;
	readonly size?: number | undefined;
	readonly mayBeEmpty?: boolean;
};

async function look(
	reader: Reader,
	{path, since, size, mayBeEmpty}: Wanted
): Promise<{readonly lacks: readonly Lack[]; readonly unseen: readonly string[]}> {
	const facts = await reader.stat(path);
	const lack = (what: string) => ({lacks: [{path, what}], unseen: []});
	if (facts.status === 'absent') return lack('is missing');
	if (facts.status === 'unknown') return {lacks: [], unseen: [path]};
	if (facts.value.size === 0 && mayBeEmpty !== true) return lack('is empty');
	if (size !== undefined && facts.value.size !== size)
		return lack(`is cut off: it has ${facts.value.size} of ${size} bytes`);
	if (since !== undefined && facts.value.modified < since - inexact) return lack('is older than this installation');
	return {lacks: [], unseen: []};
}

/** The release that a package's kernel has: the one modules folder that names it and is whole, else the newest of them. */
async function releaseOf(reader: Reader, name: string | undefined): Promise<string | undefined> {
	const listed = await reader.list('/usr/lib/modules');
	const found = await Promise.all(
		(listed.status === 'found' ? listed.value : []).map(async release => {
			const base = join('/usr/lib/modules', release, 'pkgbase');
			const [text, facts] = await Promise.all([reader.readText(base, 256), reader.stat(base)]);
			return {
				release,
				isIt: text.status === 'found' && text.value.trim() === name,
				modified: facts.status === 'found' ? facts.value.modified : 0
			};
		})
	);
	return found.filter(one => one.isIt).sort((a, b) => b.modified - a.modified)[0]?.release;
}

const hookFolders = ['/usr/share/libalpm/hooks', '/etc/pacman.d/hooks'] as const;

/** What the hooks of pacman make of a kernel for the boot loader; nothing where no such hook is there. */
async function bootFiles(reader: Reader, name: string, release: string): Promise<readonly string[]> {
	const preset = await reader.readText(`/etc/mkinitcpio.d/${name}.preset`, 64 * 1024);
	if (preset.status === 'found') {
		const {kernel, image, uki} = parsePreset(preset.value);
		// ALL_kver names the image in /boot where there is one; it may be a release too (mkinitcpio 41, preset)
		const copied = kernel?.startsWith('/') ? [kernel] : [];
		return [...copied, uki ?? image ?? `/boot/initramfs-${name}.img`];
	}
	const hooks = (await Promise.all(hookFolders.map(folder => reader.list(folder)))).flatMap(found =>
		found.status === 'found' ? found.value : []
	);
	const has = (generator: string): boolean =>
		hooks.some(hook => hook.includes(generator) && !hook.includes('remove') && hook.endsWith('.hook'));
	if (has('mkinitcpio')) return [`/boot/vmlinuz-${name}`, `/boot/initramfs-${name}.img`];
	if (!has('dracut')) return [];
	// its hooks are each distribution's own: the first of the names in use that is there
	const places = [
		`/boot/initramfs-${name}.img`,
		`/boot/initramfs-${release}.img`,
		`/efi/EFI/Linux/linux-${release}.efi`
	];
	const there = await Promise.all(places.map(async path => (await reader.stat(path)).status === 'found'));
	return [places[there.indexOf(true)] ?? `/boot/initramfs-${name}.img`];
}

async function lacksOfHeaders(reader: Reader, modules: string, release: string): Promise<readonly Lack[]> {
	const build = join(modules, 'build');
	const said = await reader.readText(join(build, 'include/config/kernel.release'), 256);
	const other = said.status === 'found' && said.value.trim() !== release ? said.value.trim() : undefined;
	if (other !== undefined) return [{path: build, what: `holds the headers of ${other}`}];
	const makefile = await reader.readText(join(build, 'scripts/Makefile.build'), 1024 * 1024);
	const externs = makefile.status === 'found' ? externsFromMakefileBuild(makefile.value) : undefined;
	const files = ['Makefile', ...requiredRustFiles(parseVersion(release) ?? [0, 0, 0], externs)];
	const lacks = await Promise.all(
		files.map(async (path): Promise<readonly Lack[]> => {
			const file = join(build, path);
			const head = await reader.readBytes(file, 512);
			if (head.status === 'absent') return [{path: file, what: 'is missing'}];
			if (head.status === 'unknown') return [];
			if (head.value.length === 0) return [{path: file, what: 'is empty'}];
			if (!path.endsWith('.rmeta')) return [];
			const header = readRmetaHeader(head.value);
			return header.ok ? [] : [{path: file, what: `cannot be used: ${header.why}`}];
		})
	);
	return lacks.flat();
}
