#!/bin/bash
# story.sh FOLDER ROOT OWN STOCK HOOKS RECIPE SOURCES FRAGMENT PLACE: FOLDER/tree = the root with a kernel without Rust, as a machine is
# before its user has heard of linux-rust: linux installed by pacman, started by GRUB. The project's own recipe lies in
# /home/dev/recipe, and what it would fetch where makepkg looks first, below PLACE.
#
# What is real: makepkg, gpg, pacman and its hooks, depmod, GRUB's grub-mkconfig, grub-set-default, grub-reboot and grub-editenv. What
# stands in (HOOKS): mkinitcpio, whose image nothing reads; grub-probe, because the root is no disk; reboot, because there is no init;
# lab-toolchain, one empty package in a repository of its own for all that the build depends on; and make, which puts what was
# compiled before from the same sources (OWN) in place before it looks what there is to do, because a compiler under User-Mode Linux
# takes hours.
source "$(dirname "$0")/../common.sh"
source "$(dirname "$0")/../own-recipe.sh"
tree=$1/tree own=$3 stock=$4 hooks=$5 recipe=$6 sources=$7 fragment=$8 place=$9

cp -al "$2/tree" "$tree"
# what is written to in place: not that of the root
for changed in var home etc; do
	rm -rf "${tree:?}/$changed"
	cp -a "$2/tree/$changed" "$tree/$changed"
done
rm -f "$tree"/usr/src/linux-source-*
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

mkdir -p "$tree/srv/linux-rust" "$tree/srv/linux-rust-update" "$tree/srv/repository"
cp "$own"/*.pkg.tar.zst "$tree/srv/linux-rust/"
cp "$stock"/update/*.pkg.tar.zst "$tree/srv/linux-rust-update/"
mount --bind -o ro "$stock" "$tree/build"
in_tree "$tree" root '
	pacman -U --noconfirm /build/linux-*.pkg.tar.zst
	mkdir -p /boot/grub
	grub-editenv /boot/grub/grubenv create
	grub-mkconfig -o /boot/grub/grub.cfg
	grep -F /boot/vmlinuz-linux /boot/grub/grub.cfg'
umount "$tree/build"

# the recipe, and all that is fetched for it
cp -r "$own" "$tree/srv/linux-rust-compiled"
rm "$tree"/srv/linux-rust-compiled/*.pkg.tar.zst
cp "$sources/version" "$tree/srv/linux-version"
mkdir -p "$tree/home/dev/recipe" "$tree$place/sources"
own_recipe "$recipe" "$sources" "$tree/home/dev/recipe"
cp "$sources"/linux-* "$tree$place/sources/"
cp "$fragment" "$tree/home/dev/uml.fragment"
needed=$(cd "$tree/home/dev/recipe" && source ./PKGBUILD && echo "${makedepends[*]}")
cat > "$tree/srv/repository/PKGBUILD" << END
pkgname=lab-toolchain
pkgdesc='Nothing: the tools are packages of Debian here'
pkgver=1
pkgrel=1
arch=(any)
provides=($needed coreutils initramfs kmod)
END
cat >> "$tree/etc/pacman.conf" << 'END'
[lab]
SigLevel = Never
Server = file:///srv/repository
END
echo "PKGEXT='.pkg.tar.zst'" >> "$tree/etc/makepkg.conf"
in_tree "$tree" root '
	chown -R dev: /home/dev /srv/repository
	cd /srv/repository
	runuser -u dev -- env PKGEXT=.pkg.tar.zst makepkg --nodeps
	runuser -u dev -- repo-add --quiet lab.db.tar.gz ./*.pkg.tar.zst
	pacman -Sy'
umount --lazy "$tree/tmp" "$tree/dev/shm" "$tree/proc"
