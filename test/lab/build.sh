#!/bin/bash
# Makes the lab, a machine with a Rust kernel that boots as an ordinary process (User-Mode Linux), and prints its folder.
#
# Stages, each a folder named after a hash of what went into it; what is there is not made again:
#   root       Debian with the kernel's toolchain, pacman and a user      stages/root.sh
#   packages   linux-rust and linux-rust-headers, made by makepkg         stages/packages.sh, recipe/
#   machine    the root with the packages installed by pacman             stages/machine.sh
# With the word "story" it makes, and prints, another machine, one that has no Rust yet:
#   sources    what the project's own recipe fetches, as the lab has it   stages/sources.sh
#   own        that recipe's kernel, compiled once                        stages/own.sh, assets/linux-rust
#   stock      a kernel without Rust, and an update of linux-rust         stages/stock.sh, recipe-stock/, recipe-update/
#   story      the root with that kernel and GRUB, and all for a build    stages/story.sh, story/
# With the word "x86" it proves that recipe for x86_64, and prints where that was done:
#   x86        the kernel, built by makepkg, booted in QEMU               stages/x86.sh, x86/
# A stage is made under another name and gets its own when it is whole, so an interrupted build leaves nothing that counts.
# The log is build.log in the cache, which is LINUX_RUST_SETUP_LAB or linux-rust-setup/lab in the user's cache folder.
# Exit: 0 made; 69 this machine cannot have the lab (what is missing is said); otherwise the exit of what failed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
modules=$(cd "$here/../fixtures/modules" && pwd)
recipe=$(cd "$here/../../assets/linux-rust" && pwd)
lab=${LINUX_RUST_SETUP_LAB:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/linux-rust-setup/lab}
export PATH=$PATH:/usr/sbin:/sbin

unavailable() {
	printf 'The lab cannot be built here: %s\n' "$@" >&2
	exit 69
}

# debootstrap and the booted kernel's namespaces need root; the guest itself has ordinary users.
[ "$(id -u)" = 0 ] || unavailable 'it takes root (debootstrap, chroot, mounts). Run it as root, or in a container that may mount.'
[ "$(uname -sm)" = 'Linux x86_64' ] || unavailable "its kernel is built for Linux on x86_64, and this is $(uname -sm)."
declare -A package_of=([debootstrap]=debootstrap [apt-get]=apt [unshare]=util-linux [setpriv]=util-linux [flock]=util-linux [mount]=mount)
missing=()
for program in "${!package_of[@]}"; do
	[ -n "$(type -p "$program")" ] || missing+=("${package_of[$program]}")
done
[ ${#missing[@]} = 0 ] || unavailable "programs are missing. Install them: apt-get install ${missing[*]}"
unshare --mount --pid --fork true 2> /dev/null || unavailable 'unshare --mount --pid fails: this container may not make namespaces.'

mkdir -p "$lab/jobs"
exec {lock}> "$lab/lock"
flock "$lock"

hash_of() { sha256sum "$@" | cut -d' ' -f1 | sha256sum | cut -c1-12; }

# stage NAME KEY [INPUT...]: makes the folder NAME-KEY by stages/NAME.sh FOLDER INPUT... and sets $made to it.
stage() {
	local name=$1 partial=$lab/$1.partial script="$here/stages/$1.sh" started=$SECONDS
	made=$lab/$name-$2
	shift 2
	if [ -d "$made" ]; then
		touch "$made"
		return
	fi
	local free
	free=$(df --output=avail --block-size=1G "$lab" | tail -1)
	[ "$free" -ge 8 ] || unavailable "$lab has $free GB of free space, and 8 are needed while building."
	echo "lab: $name ..." >&2
	rm -rf --one-file-system "$partial"
	mkdir "$partial"
	# A namespace per stage: its mounts and its processes end with it, and it ends with this script, however that ends.
	if ! setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc "$script" "$partial" "$@" > "$lab/build.log" 2>&1 < /dev/null; then
		tail -n 40 "$lab/build.log" >&2
		echo "lab: $name failed. The whole log: $lab/build.log" >&2
		exit 1
	fi
	mv -T "$partial" "$made"
	echo "lab: $name made in $((SECONDS - started)) s" >&2
}

stage root "$(hash_of "$here/stages/root.sh" "$here/common.sh")"
root=$made
stage packages "$(hash_of "$here/stages/packages.sh" "$here/common.sh" "$here"/recipe/* "$root/versions")" "$root" "$here/recipe"
packages=$made
if [ "${1:-}" = x86 ]; then
	for program in qemu-system-x86_64 busybox cpio; do
		[ -n "$(type -p "$program")" ] || unavailable "$program is missing. Install it: apt-get install qemu-system-x86 busybox-static cpio"
	done
fi
if [ "${1:-}" = x86 ] || [ "${1:-}" = story ]; then
	stage sources "$(hash_of "$here/stages/sources.sh" "$here/common.sh" "$root/versions")" "$root"
	sources=$made
fi
if [ "${1:-}" = x86 ]; then
	stage x86 "$(hash_of "$here/stages/x86.sh" "$here/common.sh" "$here/own-recipe.sh" "$recipe"/* "$here"/x86/* \
		"$modules"/numbers-6.12/* <(echo "$root" "$sources"))" \
		"$root" "$sources" "$recipe" "$here/x86/x86.fragment" "$modules/numbers-6.12"
	echo "$made"
	exit
fi
stage machine "$(hash_of "$here/stages/machine.sh" "$here/common.sh" "$modules"/numbers-6.12/* <(echo "$root" "$packages"))" \
	"$root" "$packages" "$modules/numbers-6.12"
machine=$made
if [ "${1:-}" = story ]; then
	# where the wizard builds what is in /home/dev/recipe: the folder's name is of its path (src/steps/package-build.ts)
	place=/home/dev/.cache/linux-rust-setup/recipes/folder-$(printf %s /home/dev/recipe | sha256sum | cut -c1-12)
	stage own "$(hash_of "$here/stages/own.sh" "$here/common.sh" "$here/own-recipe.sh" "$recipe"/* "$here/recipe/uml.fragment" \
		<(echo "$root" "$sources" "$place"))" "$root" "$sources" "$recipe" "$here/recipe/uml.fragment" "$place"
	own=$made
	stage stock "$(hash_of "$here/stages/stock.sh" "$here/common.sh" "$here"/recipe-*/* "$here/recipe/uml.fragment" <(echo "$root" "$own"))" \
		"$root" "$own" "$here/recipe-stock" "$here/recipe/uml.fragment" "$here/recipe-update"
	stock=$made
	mapfile -t files < <(find "$here/story" -type f | LC_ALL=C sort)
	stage story "$(hash_of "$here/stages/story.sh" "$here/common.sh" "$here/own-recipe.sh" "${files[@]}" "$recipe"/* \
		"$here/recipe/uml.fragment" <(echo "$root" "$own" "$stock" "$sources" "$place"))" \
		"$root" "$own" "$stock" "$here/story" "$recipe" "$sources" "$here/recipe/uml.fragment" "$place"
	machine=$made
fi

# What other versions of these scripts made goes after two weeks without use; what jobs left, after a day.
find "$lab" -mindepth 1 -maxdepth 1 -name '*-*' -mtime +14 -exec rm -rf --one-file-system {} +
find "$lab/jobs" -mindepth 1 -maxdepth 1 -mtime +1 -exec rm -rf {} +
echo "$machine"
