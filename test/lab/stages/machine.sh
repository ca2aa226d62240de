#!/bin/bash
# machine.sh FOLDER ROOT PACKAGES MODULE: FOLDER/tree = the root (hard links to its files) with the packages installed by
# pacman. MODULE is the source of a module named numbers; it is built once for a kernel that is not this one.
source "$(dirname "$0")/../common.sh"
tree=$1/tree

cp -al "$2/tree" "$tree"
# The packages are all that a user of linux-rust has of the kernel.
rm -f "$tree"/usr/src/linux-source-*
tree_mounts "$tree"
mount --bind -o ro "$3" "$tree/build"
in_tree "$tree" root '
	pacman -U --noconfirm /build/*.pkg.tar.zst
	# on Arch, a hook of the kmod package does this
	depmod "$(ls /usr/lib/modules)"'
umount "$tree/build"

# A module for another release: the same headers under another name in vermagic.
mount --bind -o ro "$4" "$tree/build"
in_tree "$tree" root '
	release=$(ls /usr/lib/modules)
	other_release=${release/6.12.*-arch/6.12.9-arch}
	cp -r "/usr/lib/modules/$release/build" /tmp/headers
	sed -i "s/$release/$other_release/" /tmp/headers/include/generated/utsrelease.h /tmp/headers/include/config/kernel.release
	cp -r /build /tmp/numbers
	make -C /tmp/headers M=/tmp/numbers LLVM=1
	modinfo --field vermagic /tmp/numbers/numbers.ko | grep -F "$other_release "
	install -D --mode=644 --target-directory=/opt/module-for-another-release /tmp/numbers/numbers.ko'
umount "$tree/build" "$tree/tmp" "$tree/dev/shm" "$tree/proc"
