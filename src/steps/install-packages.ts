import type {Remedy} from '../model/step.ts';
import {findPackages} from '../survey/packages.ts';
import type {View} from '../survey/view.ts';
import {remedy} from './verdict.ts';

/** Packages that were built and could not be installed then: nobody knew the password, the disk was full, the machine went down. */
export async function pendingInstall(view: View): Promise<readonly Remedy[]> {
	const install = view.memory.packages;
	if (install === undefined) return [];
	const found = await findPackages(view.builder, install);
	if (found.status !== 'found') return [];
	return [
		remedy({
			id: 'install-built',
			label: `Install ${install.names[0]} ${found.value.version}, which is built already`,
			consequence: `pacman needs root, and about a minute. The packages are in ${install.folder}.`,
			actions: [{kind: 'install-packages', install, files: found.value.files}],
			undo: `sudo pacman -R ${install.names.join(' ')}`
		})
	];
}
