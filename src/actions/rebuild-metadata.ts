import type {Command} from '../model/command.ts';
import type {Action} from '../model/step.ts';

/** What the Rust metadata of a kernel is made from, and where it goes. All paths are the builder's own, absolute. */
export type MetadataRebuild = {
	/** What `uname -r` says of the kernel. */
	readonly release: string;
	/** The packaged headers: their `.config`, generated headers and tools are used as they are, and nothing is written there. */
	readonly headers: string;
	/** The source of this very kernel: an unpacked folder, or the tarball a distribution packs (linux-source). */
	readonly source: {readonly kind: 'folder' | 'tarball'; readonly path: string};
	/** A folder that may be deleted: some 350 MB while it works, nothing afterwards. */
	readonly scratch: string;
	/** The folder modules are built against afterwards: links to the headers, and the metadata beside them. */
	readonly kdir: string;
	/** `CONFIG_RUSTC_VERSION_TEXT`: the compiler has to say the same, character by character. */
	readonly rustcText: string;
	/** The compiler, an absolute path. */
	readonly rustc: string;
	/** `CONFIG_CC_VERSION_TEXT`, such as `x86_64-linux-gnu-gcc-16 (Debian 16.2.0-4) 16.2.0`. */
	readonly ccText: string;
	/** Built with clang (`CONFIG_CC_IS_CLANG`). */
	readonly clang: boolean;
	readonly jobs: number;
};

/**
 * Members of the tarball that rust/ is built from. Two drivers, because rust/bindings/bindings_helper.h of 7.2 includes their
 * headers by path; scripts/ for generate_rust_target and kbuild, tools/ for the headers that objtool's are checked against.
 */
const members = [
	...['Makefile', 'Kbuild', 'Kconfig', 'rust', 'scripts', 'include', 'arch/x86', 'arch/*/Makefile'],
	...['drivers/android', 'drivers/base', 'tools/include', 'kernel/bounds.c']
].map(path => `*/${path}`);

/**
 * Rebuilds the Rust metadata of a prebuilt kernel without building the kernel: rust/ and scripts/target.json are compiled from
 * the kernel's own source against the packaged configuration and generated headers, which are taken as they are, because a
 * configuration made anew follows what is installed here (openssl, python) and would differ. The proof stands in the plan:
 * the Rust symbols of the result and those the kernel exports (Module.symvers) must be the same ones, without exception.
 */
export function planMetadataRebuild(rebuild: MetadataRebuild): readonly Action[] {
	const {release, headers, scratch, kdir, source, jobs} = rebuild;
	const tree = source.kind === 'folder' ? source.path : `${scratch}/source`;
	const objects = `${scratch}/objects`;
	return [
		step('checking the compiler', {
			script: checkCompiler,
			args: [rebuild.rustc, rebuild.rustcText],
			why: 'metadata made by any other compiler is refused by rustc (E0514)'
		}),
		step(`unpacking the source of ${release}`, {
			script: unpack,
			args: [scratch, source.kind, source.path, ...members],
			// xz has several blocks to unpack at once; tar starts it without being able to say so
			env: {XZ_DEFAULTS: `--threads=${jobs}`},
			why: 'only what rust/ is compiled from'
		}),
		step('taking over the configuration', {
			script: seed,
			args: [objects, headers, tree],
			why: 'the packaged .config and generated headers decide what the metadata holds'
		}),
		step('compiling rust/', {
			argv: [
				...(['make', '--no-print-directory', '-C', objects, '-f', 'metadata.mk', `-j${jobs}`] as const),
				...makeVariables(rebuild),
				'rust-metadata'
			],
			why: 'compiles rust/ and scripts/target.json, and nothing else of the kernel'
		}),
		step('comparing the symbols', {
			script: compare,
			args: [objects, headers],
			why: 'proves that this metadata describes the very kernel it is for'
		}),
		step('putting the headers together', {
			script: assemble,
			args: [kdir, headers, objects],
			why: 'a build folder of its own: links to the packaged headers, and the metadata'
		}),
		step('cleaning up', {argv: ['rm', '-rf', '--one-file-system', scratch], why: 'the objects are not needed any more'})
	];
}

/** kbuild's variables: those the packaged kernel was built with, as far as rust/ sees them. */
function makeVariables({release, rustc, ccText, clang}: MetadataRebuild): readonly string[] {
	const common = ['ARCH=x86', `KERNELRELEASE=${release}`, `RUSTC=${rustc}`];
	if (clang) return [...common, 'LLVM=1'];
	const cc = ccText.split(' ')[0] ?? 'gcc';
	const cross = /^(.+-)gcc(?:-[\d.]+)?$/.exec(cc)?.[1];
	return [...common, `CC=${cc}`, 'HOSTCC=gcc', ...(cross === undefined ? [] : [`CROSS_COMPILE=${cross}`])];
}

function step(
	title: string,
	parts: {readonly why: string; readonly env?: Readonly<Record<string, string>>} & (
		| {readonly argv: Command['argv']}
		| {readonly script: string; readonly args: readonly string[]}
	)
): Action {
	const argv: Command['argv'] = 'argv' in parts ? parts.argv : ['sh', '-euc', parts.script.trim(), 'sh', ...parts.args];
	return {
		kind: 'run',
		title,
		stage: 'build',
		command: {
			argv,
			cwd: '/',
			...(parts.env === undefined ? {} : {env: parts.env}),
			as: 'user',
			terminal: 'captured',
			interrupt: 'group',
			why: parts.why
		}
	};
}

const checkCompiler = `
have=$("$1" --version)
[ "$have" = "$2" ] || { echo "the kernel was built with $2, and $1 is $have"; exit 1; }
`;

const unpack = `
scratch=$1 kind=$2 path=$3; shift 3
rm -rf --one-file-system "$scratch"
mkdir -p "$scratch/source"
[ "$kind" = folder ] || tar -x -C "$scratch/source" --strip-components=1 --wildcards --no-wildcards-match-slash -f "$path" "$@"
`;

/** kbuild makes a new configuration where .config is newer than what was made of it, so that is dated last. */
const seed = `
mkdir -p "$1/rust"; cd "$1"
for one in .config include arch scripts tools; do cp -RL "$2/$one" .; done
touch include/config/auto.conf include/config/auto.conf.cmd include/generated/autoconf.h include/generated/rustc_cfg
cat > metadata.mk <<END
include $3/Makefile
.PHONY: rust-metadata
rust-metadata:
	\\$(Q)\\$(MAKE) \\$(build)=scripts scripts/target.json
	\\$(Q)\\$(MAKE) \\$(build)=rust
END
`;

/**
 * What rust/exports.c exports is written in rust/exports_*_generated.h; the kernel's own list is the second column of
 * Module.symvers. Rust's own names there are mangled (v0: `_R`), the C helpers begin with `rust_helper_`.
 */
const compare = `
sed -n 's/.*EXPORT_SYMBOL_RUST_GPL(\\(.*\\));.*/\\1/p' "$1"/rust/exports_*_generated.h | sort -u > "$1/rebuilt"
cut -f2 "$2/Module.symvers" | sort -u > "$1/exported"
grep -E '^(_R|rust_helper_)' "$1/exported" > "$1/expected"
comm -23 "$1/rebuilt" "$1/exported" > "$1/strangers"
comm -13 "$1/rebuilt" "$1/expected" > "$1/missing"
echo "Rust symbols: $(wc -l < "$1/rebuilt") rebuilt, $(wc -l < "$1/strangers") of them unknown to the kernel, $(wc -l < "$1/missing") of the kernel's not among them"
head -n 20 "$1/strangers" "$1/missing"
[ -s "$1/rebuilt" ] && ! [ -s "$1/strangers" ] && ! [ -s "$1/missing" ]
`;

/** Debian's Makefile names its own folder as KBUILD_OUTPUT; target.json is in scripts/ since 6.3. */
const assemble = `
part=$1.part; rm -rf --one-file-system "$part"; mkdir -p "$part/rust" "$part/scripts"
headers=$(readlink -f "$2")
for one in "$headers"/* "$headers"/.[!.]*; do
	case \${one##*/} in rust | scripts | Makefile) ;; *) ln -s "$one" "$part/" ;; esac
done
for one in "$headers"/scripts/*; do ln -s "$(readlink -f "$one")" "$part/scripts/\${one##*/}"; done
sed "s|$headers|$1|g" "$headers/Makefile" > "$part/Makefile"
cp "$3"/rust/*.rmeta "$3"/rust/*.so "$part/rust/"
cp --remove-destination "$3/scripts/target.json" "$part/scripts/"
rm -rf --one-file-system "$1"; mv "$part" "$1"
`;
