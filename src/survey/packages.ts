import {join} from 'node:path';
import type {PackageInstall} from '../model/boot.ts';
import type {Found, Reader} from '../model/machine.ts';

/** NAME-PKGVER-PKGREL-ARCH.pkg.tar.zst, as makepkg names what it makes (PKGBUILD(5)); neither version may hold a hyphen. */
const packageFile = /^(?<name>.+)-(?<version>[^-]+-[^-]+)-[^-]+\.pkg\.tar(?:\.[a-z0-9]+)?$/;

/**
 * The files of packages that makepkg put into a folder: of the first name the newest, of the others the same version. `unknown`
 * says which is not there.
 */
export async function findPackages(
	reader: Reader,
	{names, folder}: PackageInstall
): Promise<Found<{readonly files: readonly string[]; readonly version: string}>> {
	const listed = await reader.list(folder);
	if (listed.status === 'absent') return {status: 'unknown', why: `the folder ${folder} is not there`};
	if (listed.status === 'unknown') return {status: 'unknown', why: `${folder} cannot be looked at: ${listed.why}`};
	const files = listed.value.flatMap(file => {
		const {name, version} = packageFile.exec(file)?.groups ?? {};
		return name !== undefined && version !== undefined && names.includes(name) ? [{file, name, version}] : [];
	});
	const dated = await Promise.all(
		files
			.filter(one => one.name === names[0])
			.map(async one => {
				const facts = await reader.stat(join(folder, one.file));
				return {...one, modified: facts.status === 'found' ? facts.value.modified : 0};
			})
	);
	const newest = dated.sort((a, b) => b.modified - a.modified)[0];
	if (newest === undefined) return {status: 'unknown', why: `there is no package ${names[0]} in ${folder}`};
	const {version} = newest;
	const found = names.map(name => files.find(one => one.name === name && one.version === version));
	const missing = names[found.indexOf(undefined)];
	if (missing !== undefined) return {status: 'unknown', why: `there is no package ${missing} ${version} in ${folder}`};
	return {
		status: 'found',
		value: {version, files: found.flatMap(one => (one === undefined ? [] : [join(folder, one.file)]))}
	};
}

/** What pacman has installed, a folder for each package (pacman.conf(5), DBPath), unless it was told to keep that elsewhere. */
const pacmanRecords = '/var/lib/pacman/local';

/** The version (`1:1.97.1-1`) of the package `name` where it is installed by pacman and `file` is its own, as pacman's records say. */
export async function installedVersion(reader: Reader, name: string, file: string): Promise<string | undefined> {
	const records = await reader.list(pacmanRecords);
	if (records.status !== 'found') return undefined;
	const version = records.value
		.filter(one => one.startsWith(`${name}-`))
		.map(one => one.slice(name.length + 1))
		.find(rest => /^[^-]+-[^-]+$/.test(rest));
	if (version === undefined) return undefined;
	const files = await reader.readText(`${pacmanRecords}/${name}-${version}/files`);
	return files.status === 'found' && files.value.split('\n').includes(file.slice(1)) ? version : undefined;
}

const lockHolders: readonly string[] = ['pacman', 'pamac', 'pamac-daemon', 'packagekitd'];

/** The lock of pacman's database, where there is one, and the process that may hold it: none is left of a pacman that was killed. */
export async function pacmanLock(
	reader: Reader
): Promise<
	{readonly file: string; readonly holder: {readonly pid: string; readonly name: string} | undefined} | undefined
> {
	const said = await reader.probe(['pacman-conf', 'DBPath']);
	const path = said.status === 'found' && said.value.code === 0 ? said.value.stdout.trim() : '';
	const file = join(path.startsWith('/') ? path : '/var/lib/pacman', 'db.lck');
	if ((await reader.stat(file)).status !== 'found') return undefined;
	const processes = await reader.list('/proc');
	const named = await Promise.all(
		(processes.status === 'found' ? processes.value : [])
			.filter(name => /^\d+$/.test(name))
			.map(async pid => {
				const command = await reader.readText(`/proc/${pid}/comm`, 64);
				return {pid, name: command.status === 'found' ? command.value.trim() : ''};
			})
	);
	return {file, holder: named.find(one => lockHolders.includes(one.name))};
}
