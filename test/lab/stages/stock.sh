#!/bin/bash
# stock.sh FOLDER ROOT PACKAGES RECIPE FRAGMENT UPDATE: FOLDER/*.pkg.tar.zst, made by makepkg as an ordinary user in the root
# folder: linux, a kernel without Rust, and in FOLDER/update the update of linux-rust and its headers in PACKAGES.
source "$(dirname "$0")/../common.sh"
folder=$1 tree=$2/tree packages=$3 recipe=$4 fragment=$5 update=$6

# 6.12.117-1 is Debian's first package of 6.12.117
version=$(sed -n 's/^linux-source-6.12 \([0-9.]*\)-.*/\1/p' "$2/versions")
tree_mounts "$tree"
# make_packages FOLDER: runs makepkg in it
make_packages() {
	mount --bind "$1" "$tree/build"
	in_tree "$tree" root 'chown -R dev: /build'
	in_tree "$tree" dev "cd /build && LINUX_VERSION=$version PKGEXT=.pkg.tar.zst makepkg --nodeps"
	umount "$tree/build"
}

mkdir -p "$folder/build" "$folder/update"
cp "$recipe"/* "$fragment" "$folder/build/"
ln -s /usr/src/linux-source-6.12.tar.xz "$folder/build/"
make_packages "$folder/build"
mv "$folder"/build/*.pkg.tar.zst "$folder/"
rm -rf "$folder/build"

cp "$update"/* "$packages"/*.pkg.tar.zst "$folder/update/"
make_packages "$folder/update"
rm -rf "$folder"/update/{src,pkg,PKGBUILD} "$folder"/update/*-1-x86_64.pkg.tar.zst
