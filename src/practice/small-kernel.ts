import type {Command} from '../model/command.ts';

/** What a small kernel is built from, and where it goes. Paths are those of the root it is built in. */
export type SmallKernel = {
	/** The tarball of the source (linux-source). */
	readonly tarball: string;
	readonly rustc: string;
	/** A folder that may be deleted: 2 GB while it works, nothing afterwards. */
	readonly scratch: string;
	readonly jobs: number;
};

/** Behind its version in its release, so that it is no kernel of the distribution by name. */
const localVersion = '-practice';

/**
 * What is added to a tiny configuration (arch/x86/configs/tiny.config and kernel/configs/tiny.config of the source): the processor,
 * what QEMU's machine and the guest's first program need, modules, and Rust. What each depends on, kconfig finds.
 */
const options: readonly string[] = [
	...['64BIT', 'PCI', 'ACPI', 'TTY', 'PRINTK', 'SERIAL_8250', 'SERIAL_8250_CONSOLE'],
	...['VIRTIO_MENU', 'VIRTIO_PCI', 'VIRTIO_CONSOLE'],
	...['BLK_DEV_INITRD', 'RD_GZIP', 'BINFMT_ELF', 'BINFMT_SCRIPT', 'PROC_FS', 'SYSFS', 'DEVTMPFS', 'SHMEM', 'TMPFS'],
	...[
		'FUTEX',
		'MULTIUSER',
		'POSIX_TIMERS',
		'EPOLL',
		'KALLSYMS',
		'BUG',
		'MAGIC_SYSRQ',
		'MODULES',
		'MODULE_UNLOAD',
		'RUST'
	]
];

/** A step of the work: what it is called, what is run, and whether what it prints is the answer. */
export type SmallKernelStep = {readonly title: string; readonly command: Command; readonly answers: boolean};

/**
 * Builds a kernel with Rust from a suite's own source with the suite's own compiler, for the days on which no suite's stock kernel
 * was built by the compiler it has: the last resort, because it takes ten minutes and more. The last step answers with its release, as `built RELEASE`; its
 * image and build folder are where those of an installed kernel are.
 */
export function planSmallKernel({tarball, rustc, scratch, jobs}: SmallKernel): readonly SmallKernelStep[] {
	const tree = `${scratch}/source`;
	const make = [
		'make',
		'--no-print-directory',
		'-C',
		tree,
		'ARCH=x86',
		`RUSTC=${rustc}`,
		`HOSTRUSTC=${rustc}`
	] as const;
	return [
		step('unpacking the source', ['sh', '-euc', unpack, 'sh', scratch, tarball], 'what the kernel is compiled from', {
			XZ_DEFAULTS: `--threads=${jobs}`
		}),
		step('choosing a tiny configuration', [...make, 'tinyconfig'], 'a kernel for one virtual machine needs little'),
		step(
			'adding what the guest needs, and Rust',
			['sh', '-euc', configure, 'sh', tree, options.map(name => `CONFIG_${name}=y`).join('\n'), localVersion, ...make],
			'kconfig says what it makes of that'
		),
		step('building a small kernel', [...make, `-j${jobs}`, 'bzImage', 'modules'], 'ten minutes and more', {
			GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1'
		}),
		{
			...step(
				'installing it',
				['sh', '-euc', install, 'sh', scratch, ...make],
				'puts its image and its build folder where those of installed kernels are, in this root'
			),
			answers: true
		}
	];
}

function step(
	title: string,
	argv: Command['argv'],
	why: string,
	env?: Readonly<Record<string, string>>
): SmallKernelStep {
	return {
		title,
		answers: false,
		command: {
			argv,
			cwd: '/',
			...(env === undefined ? {} : {env}),
			as: 'user',
			terminal: 'captured',
			interrupt: 'group',
			why
		}
	};
}

const unpack = `
rm -rf --one-file-system "$1"; mkdir -p "$1/source"
tar -x -C "$1/source" --strip-components=1 --wildcards --no-wildcards-match-slash \\
	--exclude='*/Documentation/*/*' --exclude='*/tools/testing' -f "$2"
`.trim();

/** kconfig drops in silence what it cannot have. */
const configure = `
tree=$1 options=$2 name=$3; shift 3
{ echo "$options"; echo "CONFIG_LOCALVERSION=\\"$name\\""; } >> "$tree/.config"
"$@" olddefconfig
for one in $options; do grep -qx "$one" "$tree/.config" || { echo "this source cannot have $one with this compiler"; "$@" rustavailable; exit 1; }; done
`.trim();

/** Of a tree that was built in, what a module is built with; the rest is gigabytes. */
const install = `
scratch=$1; shift
release=$("$@" -s kernelrelease)
[ -n "$release" ]
modules=/usr/lib/modules/$release build=/usr/lib/linux-rust-setup/$release
rm -rf --one-file-system "$modules" "$build" "$build.part"; mkdir -p "$modules" "$build.part"
cd "$scratch/source"
find . -name '*.o' -delete
tar -c --exclude=rust/kernel --exclude=rust/bindings --exclude=rust/uapi Makefile Kbuild Kconfig .config Module.symvers include scripts \\
	arch/x86/Makefile* arch/x86/include tools/objtool/objtool rust/*.rmeta rust/*.so | tar -x -C "$build.part"
cp arch/x86/boot/bzImage "$modules/vmlinuz"; cp modules.order "$modules/"
ln -s "$build" "$modules/build"
mv -T "$build.part" "$build"
cd /; rm -rf --one-file-system "$scratch"
echo "built $release"
`.trim();
