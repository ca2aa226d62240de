#!/bin/bash
# story.sh FOLDER ROOT PACKAGES STOCK HOOKS: FOLDER/tree = the root with a kernel without Rust, as a machine is before its user
# has heard of linux-rust: linux installed by pacman, started by GRUB. The packages that make it a Rust machine lie in
# /srv/linux-rust, those of their update in /srv/linux-rust-update.
#
# What is real: pacman and its hooks, depmod, GRUB's grub-mkconfig, grub-set-default, grub-reboot and grub-editenv. What stands
# in (HOOKS): mkinitcpio, whose image nothing reads; grub-probe, because the root is no disk; reboot, because there is no init.
source "$(dirname "$0")/../common.sh"
tree=$1/tree packages=$3 stock=$4 hooks=$5

cp -al "$2/tree" "$tree"
# logs are appended to in place: not to those of the root
rm -rf "$tree/var" "$tree"/usr/src/linux-source-*
cp -a "$2/tree/var" "$tree/var"
tree_mounts "$tree"
eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
export http_proxy
in_tree "$tree" root '
	apt-get -qq update
	apt-get -qq -y --no-install-recommends install grub2-common
	apt-get clean
	rm -rf /var/lib/apt/lists/* /etc/grub.d/[23]0_* /etc/kernel
	rm -f /usr/sbin/grub-probe /usr/sbin/reboot'
cp -r "$hooks/." "$tree/"

mkdir -p "$tree/srv/linux-rust" "$tree/srv/linux-rust-update"
cp "$packages"/*.pkg.tar.zst "$tree/srv/linux-rust/"
cp "$stock"/update/*.pkg.tar.zst "$tree/srv/linux-rust-update/"
mount --bind -o ro "$stock" "$tree/build"
in_tree "$tree" root '
	pacman -U --noconfirm /build/linux-*.pkg.tar.zst
	mkdir -p /boot/grub
	grub-editenv /boot/grub/grubenv create
	grub-mkconfig -o /boot/grub/grub.cfg
	grep -F /boot/vmlinuz-linux /boot/grub/grub.cfg'
umount "$tree/build" "$tree/tmp" "$tree/dev/shm" "$tree/proc"
