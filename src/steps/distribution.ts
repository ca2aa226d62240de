import type {MachineFacts} from '../survey/machine.ts';

export type Family = 'arch' | 'debian' | 'fedora' | 'suse' | 'other';

/** Which package manager's words the user understands. */
export function familyOf(facts: MachineFacts): Family {
	const ids = facts.distribution === undefined ? [] : [facts.distribution.id, ...facts.distribution.like];
	const families = {
		arch: ['arch', 'archlinux'],
		debian: ['debian', 'ubuntu'],
		fedora: ['fedora', 'rhel'],
		suse: ['suse', 'opensuse', 'opensuse-tumbleweed']
	} as const;
	for (const [family, names] of Object.entries(families)) {
		if (ids.some(id => (names as readonly string[]).includes(id))) return family as Family;
	}
	return 'other';
}

/** How this distribution installs packages, as argv without `sudo`. */
export function installCommand(
	family: Family,
	packages: readonly string[]
): readonly [string, ...string[]] | undefined {
	switch (family) {
		case 'arch':
			return ['pacman', '-S', '--needed', ...packages];
		case 'debian':
			return ['apt-get', 'install', ...packages];
		case 'fedora':
			return ['dnf', 'install', ...packages];
		case 'suse':
			return ['zypper', 'install', ...packages];
		case 'other':
			return undefined;
	}
}

/** How this distribution puts back every file of packages that are installed already, as argv without `sudo`. */
export function reinstallCommand(
	family: Family,
	packages: readonly string[]
): readonly [string, ...string[]] | undefined {
	switch (family) {
		case 'arch':
			return ['pacman', '-S', ...packages];
		case 'debian':
			return ['apt-get', 'install', '--reinstall', ...packages];
		case 'fedora':
			return ['dnf', 'reinstall', ...packages];
		case 'suse':
			return ['zypper', 'install', '--force', ...packages];
		case 'other':
			return undefined;
	}
}

/** Programs and libraries to package names, where they differ. */
export function packagesOf(programs: readonly string[], family: Family): readonly string[] {
	return [...new Set(programs.map(name => packageOf(name, family)))];
}

function packageOf(program: string, family: Family): string {
	// Debian's headers ask for the very gcc that built the kernel: x86_64-linux-gnu-gcc-14 is of the package gcc-14
	const gcc = /gcc(?:-[\d.]+)?$/.exec(program)?.[0];
	if (gcc !== undefined) return family === 'debian' ? gcc : 'gcc';
	switch (program) {
		case 'ld.lld':
			return 'lld';
		case 'ld':
		case 'nm':
		case 'objcopy':
			return 'binutils';
		case 'bindgen':
			return family === 'debian' || family === 'other'
				? 'bindgen'
				: family === 'fedora'
					? 'bindgen-cli'
					: 'rust-bindgen';
		case 'cc':
			return 'gcc';
		case 'libelf.so.1':
			return family === 'arch' ? 'libelf' : family === 'fedora' ? 'elfutils-libelf' : 'libelf1';
		case 'xz':
			return family === 'debian' ? 'xz-utils' : 'xz';
		case 'pahole':
			return family === 'debian' || family === 'arch' ? 'pahole' : 'dwarves';
		default:
			return program.startsWith('llvm-') ? 'llvm' : program;
	}
}
