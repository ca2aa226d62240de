import type {Remedy} from '../model/step.ts';
import type {Kernel} from '../survey/kernels.ts';
import {type Family, installCommand, reinstallCommand} from './distribution.ts';
import {byYou, shown} from './verdict.ts';

/** Installing the headers of a kernel, in the words of its distribution. */
export function headersRemedy(kernel: Kernel, family: Family): Remedy {
	const packages = headersPackages(kernel, family);
	const install = packages && (isFromAur(kernel, family) ? aurInstall(packages) : installCommand(family, packages));
	return byYou({
		id: 'install-headers',
		label: packages ? `Install ${packages.join(' ')}` : `Install the headers of ${kernel.release}`,
		commands: install ? [shown(install, `brings ${kernel.kdir}`, isFromAur(kernel, family) ? 'user' : 'root')] : [],
		...(install
			? {}
			: {
					text: 'Their package is called linux-headers, kernel-devel or kernel-default-devel, depending on the distribution.'
				})
	});
}

/** Installing them once more, where files of theirs were lost or damaged. */
export function reinstallRemedy(kernel: Kernel, family: Family): Remedy {
	const packages = headersPackages(kernel, family);
	const install = packages && (isFromAur(kernel, family) ? aurInstall(packages) : reinstallCommand(family, packages));
	return byYou({
		id: 'reinstall-headers',
		label: 'Install the headers again, complete',
		consequence: isFromAur(kernel, family)
			? 'Builds the AUR package again, and with it the kernel: half an hour to several hours.'
			: 'Helps where files were removed or damaged; not where the distribution leaves them out.',
		commands: install
			? [shown(install, 'puts back every file of the headers package', isFromAur(kernel, family) ? 'user' : 'root')]
			: []
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
const isFromAur = (kernel: Kernel, family: Family): boolean => family === 'arch' && kernel.package === 'linux-rust';

const aurInstall = (packages: readonly string[]): readonly [string, ...string[]] => ['paru', '-S', ...packages];
