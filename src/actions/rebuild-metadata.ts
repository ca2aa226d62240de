import type {Command} from '../model/command.ts';
import type {Action} from '../model/step.ts';
import {madeFor} from '../survey/kernels.ts';

/** What the Rust metadata of a kernel is made from, and where it goes. All paths are the builder's own, absolute. */
export type MetadataRebuild = {
	/** What `uname -r` says of the kernel. */
	readonly release: string;
	/** The version of its source, as the configuration's header says it: `7.2.13`, `7.3.0-rc7`. */
	readonly version: string;
	/** kbuild's name for it. User-Mode Linux has the configuration of x86, and a folder of its own beside it. */
	readonly arch: 'x86' | 'um';
	/** The packaged headers: their `.config`, generated headers and tools are used as they are, and nothing is written there. */
	readonly headers: string;
	/** The source of this very kernel: an unpacked folder that nothing was built in, or a tarball as distributions pack it (linux-source). */
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

/** Bytes that the work takes while it is done, and what is left of it (measured with 7.2.13). */
export const rebuildNeeds = {while: 450_000_000, left: 190_000_000} as const;

/**
 * Members of the tarball that rust/ is built from. Two drivers, because rust/bindings/bindings_helper.h of 7.2 includes their
 * headers by path; scripts/ for generate_rust_target and kbuild, tools/ for the headers that objtool's are checked against.
 */
const members = (arch: MetadataRebuild['arch']): readonly string[] =>
	[
		...['Makefile', 'Kbuild', 'Kconfig', 'rust', 'scripts', 'include', 'arch/x86', 'arch/*/Makefile'],
		...['drivers/android', 'drivers/base', 'tools/include', 'kernel/bounds.c'],
		...(arch === 'um' ? ['arch/um'] : [])
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
			args: [scratch, source.kind, source.path, ...members(rebuild.arch)],
			// xz has several blocks to unpack at once; tar starts it without being able to say so
			env: {XZ_DEFAULTS: `--threads=${jobs}`},
			why: 'only what rust/ is compiled from'
		}),
		step('comparing the source with the kernel', {
			script: compareSource,
			args: [tree, rebuild.version],
			why: 'metadata made from another version describes another kernel'
		}),
		step('taking over the configuration', {
			script: seed,
			args: [objects, headers, tree, rebuild.rustc, String(jobs > 2 ? 2 : 1)],
			why: 'the packaged .config and generated headers decide what the metadata holds'
		}),
		step('compiling rust/', {
			argv: [
				...(['make', '--no-print-directory', '-C', objects, '-f', 'metadata.mk', `-j${jobs}`] as const),
				...makeVariables(rebuild, `${objects}/rustc`),
				'rust-metadata'
			],
			// large pages for what the compilers allocate: a fifth less time (rustc 1.97.1 with glibc 2.42)
			env: {GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1'},
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
		{
			...step('cleaning up', {
				argv: ['rm', '-rf', '--one-file-system', scratch],
				why: 'the objects are not needed any more, however it went'
			}),
			always: true
		}
	];
}

/** Copies the metadata of a build folder of ours into the headers themselves, which have none, and takes the folder away. */
export function planMetadataCopy(kdir: string, headers: string): readonly Action[] {
	const copy = step('copying the metadata into the headers', {
		script: copyIntoHeaders,
		args: [kdir, headers],
		why: 'every build finds it there, by whatever program'
	});
	return [
		{...copy, command: {...copy.command, as: 'root', interrupt: 'never'}},
		step('cleaning up', {argv: ['rm', '-rf', '--one-file-system', kdir], why: 'the headers have all of it now'})
	];
}

/** kbuild's variables: those the packaged kernel was built with, as far as rust/ sees them. */
function makeVariables({release, arch, ccText, clang}: MetadataRebuild, rustc: string): readonly string[] {
	const common = [`ARCH=${arch}`, `KERNELRELEASE=${release}`, `RUSTC=${rustc}`, `HOSTRUSTC=${rustc}`];
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
): Extract<Action, {kind: 'run'}> {
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

/** As kbuild puts KERNELVERSION together. A folder that was built in would mix its own configuration into this one. */
const compareSource = `
value() { sed -n "s/^$1 *= *//p" Makefile | head -n 1; }
cd "$1"
found=$(value VERSION).$(value PATCHLEVEL).$(value SUBLEVEL)$(value EXTRAVERSION)
[ "$found" = "$2" ] || { echo "the kernel was built from $2, and this is the source of $found"; exit 1; }
for one in .config include/config include/generated; do
	! [ -e "$one" ] || { echo "$1 was built in ($one is there): clean it with make mrproper, or name another"; exit 1; }
done
`;

/**
 * kbuild makes a new configuration where .config is newer than what was made of it, so that is dated last. The compiler is called
 * through a script, for speed: the libraries that procedural macros are made of (syn above all) run here for some seconds and are
 * not optimised, which saves a third of all the work; crates of the kernel are read by several threads where there are
 * processors for them, to the very same bytes. Neither touches how the kernel's symbols are named: the comparison proves it.
 */
const seed = `
mkdir -p "$1/rust"; cd "$1"
for one in .config include arch scripts tools; do ! [ -e "$2/$one" ] || cp -RH "$2/$one" .; done
: > include/config/auto.conf.cmd
touch include/config/auto.conf include/generated/autoconf.h include/generated/rustc_cfg
cat > metadata.mk <<END
include $3/Makefile
.PHONY: rust-metadata
rust-metadata:
	\\$(Q)\\$(MAKE) \\$(build)=scripts scripts/target.json
	\\$(Q)\\$(MAKE) \\$(build)=rust
END
cat > rustc <<END
#!/bin/sh
case " \\$* " in
*" --crate-type rlib -O "*) exec '$4' "\\$@" -Copt-level=0 -Cdebug-assertions=n ;;
*" --crate-type rlib "*) exec '$4' -Zthreads=$5 "\\$@" ;;
*) exec '$4' "\\$@" ;;
esac
END
chmod +x rustc
`;

/**
 * What rust/exports.c exports is written in rust/exports_*_generated.h; the kernel's own list is the second column of
 * Module.symvers. Rust's own names there are mangled (v0: `_R`), the C helpers begin with `rust_helper_`.
 */
const compare = `
sed -n 's/.*EXPORT_SYMBOL_RUST_GPL(\\(.*\\));.*/\\1/p' "$1"/rust/exports_*_generated.h | sort -u > "$1/rebuilt"
cut -f2 "$2/Module.symvers" | sort -u > "$1/exported"
grep -E '^(_R|rust_helper_)' "$1/exported" > "$1/expected" || true
comm -23 "$1/rebuilt" "$1/exported" > "$1/strangers"
comm -13 "$1/rebuilt" "$1/expected" > "$1/missing"
echo "Rust symbols: $(wc -l < "$1/rebuilt") rebuilt, $(wc -l < "$1/strangers") of them unknown to the kernel, $(wc -l < "$1/missing") of the kernel's not among them"
head -n 20 "$1/strangers" "$1/missing"
[ -s "$1/rebuilt" ] && ! [ -s "$1/strangers" ] && ! [ -s "$1/missing" ]
`;

/**
 * Debian's Makefile names its own folder as KBUILD_OUTPUT; target.json is in scripts/ since 6.3. Folders beside it whose headers
 * are gone go too: their links lead nowhere.
 */
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
stat -L -c '%n %s %Y' "$headers/.config" "$headers/Module.symvers" > "$part/${madeFor}"
rm -rf --one-file-system "$1"; mv "$part" "$1"
for one in "\${1%/*}"/*; do
	! [ -e "$one/${madeFor}" ] || [ -e "$one/.config" ] || rm -rf --one-file-system "$one"
done
`;

/** scripts/ may be a link to a folder that several headers share. */
const copyIntoHeaders = `
mkdir -p "$2/rust"
cp "$1"/rust/*.rmeta "$1"/rust/*.so "$2/rust/"
cp "$1/scripts/target.json" "$(readlink -f "$2/scripts")/"
`;
