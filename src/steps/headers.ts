import {join} from 'node:path';
import type {PackageInstall} from '../model/boot.ts';
import type {Remedy} from '../model/step.ts';
import {releaseOfLinuxRust} from '../packages/recipe-info.ts';
import type {Kernel} from '../survey/kernels.ts';
import {findPackages} from '../survey/packages.ts';
import type {View} from '../survey/view.ts';
import {buildAgain, installedHelpers} from './arch-kernels.ts';
import {type Family, installCommand, reinstallCommand} from './distribution.ts';
import {recipesFolder} from './package-build.ts';
import {byYou, remedy, shown} from './verdict.ts';

/** Installing the headers of a kernel, in the words of its distribution. */
export async function headersRemedy(view: View, kernel: Kernel, family: Family): Promise<Remedy> {
	const packages = headersPackages(kernel, family);
	if (isLinuxRust(kernel, family))
		return linuxRustHeaders(view, kernel, {
			id: 'install-headers',
			label: 'Install linux-rust-headers',
			why: `brings ${kernel.kdir}`
		});
	const install = packages && installCommand(family, packages);
	return byYou({
		id: 'install-headers',
		label: packages ? `Install ${packages.join(' ')}` : `Install the headers of ${kernel.release}`,
		commands: install ? [shown(install, `brings ${kernel.kdir}`, 'root')] : [],
		...(install
			? {}
			: {
					text: 'Their package is called linux-headers, kernel-devel or kernel-default-devel, depending on the distribution.'
				})
	});
}

/** Installing them once more, where files of theirs were lost or damaged. */
export async function reinstallRemedy(view: View, kernel: Kernel, family: Family): Promise<Remedy> {
	const parts = {
		id: 'reinstall-headers',
		label: 'Install the headers again, complete',
		why: 'puts back every file of the headers package'
	};
	if (isLinuxRust(kernel, family)) return linuxRustHeaders(view, kernel, parts);
	const packages = headersPackages(kernel, family);
	const install = packages && reinstallCommand(family, packages);
	return byYou({
		id: parts.id,
		label: parts.label,
		consequence: 'Helps where files were removed or damaged; not where the distribution leaves them out.',
		commands: install ? [shown(install, parts.why, 'root')] : []
	});
}

function headersPackages(kernel: Kernel, family: Family): readonly string[] | undefined {
	switch (family) {
		case 'arch':
			return [`${kernel.package ?? 'linux'}-headers`];
		case 'debian':
			return [`linux-headers-${kernel.release}`];
		case 'fedora':
			return [`kernel-devel-${kernel.release}`];
		default:
			return undefined;
	}
}

/** linux-rust and its headers are in no repository of pacman's. */
const isLinuxRust = (kernel: Kernel, family: Family): boolean => family === 'arch' && kernel.package === 'linux-rust';

/** The way that this machine has: the package that was built here, a helper for the AUR, or a build without one. */
async function linuxRustHeaders(
	view: View,
	kernel: Kernel,
	{id, label, why}: {readonly id: string; readonly label: string; readonly why: string}
): Promise<Remedy> {
	const built = await builtHeaders(view, kernel);
	if (built !== undefined)
		return remedy({
			id,
			label: `${label}, from the package that was built here`,
			consequence: 'pacman needs root, and a minute; nothing is built again.',
			actions: [{kind: 'install-packages', ...built}]
		});
	const consequence = 'Builds the package again, and with it the kernel: half an hour to several hours.';
	const [helper] = await installedHelpers(view.builder);
	return helper === undefined
		? buildAgain(view, {id, label, consequence: ''})
		: byYou({
				id,
				label,
				consequence,
				commands: [shown([helper, '-S', 'linux-rust-headers'], why)]
			});
}

/** The headers of this very release among the packages that were built here. */
async function builtHeaders(
	{builder: reader, named}: View,
	{release}: Kernel
): Promise<{readonly install: PackageInstall; readonly files: readonly string[]} | undefined> {
	const above = recipesFolder(reader, named);
	const recipes = await reader.list(above);
	for (const name of recipes.status === 'found' ? recipes.value : []) {
		const install = {names: ['linux-rust-headers'], folder: join(above, name, 'packages'), release};
		const found = await findPackages(reader, install);
		if (found.status === 'found' && releaseOfLinuxRust(found.value.version) === release)
			return {install, files: found.value.files};
	}
	return undefined;
}
