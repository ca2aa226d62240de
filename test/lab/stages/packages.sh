#!/bin/bash
# packages.sh FOLDER ROOT RECIPE: FOLDER/*.pkg.tar.zst, made by makepkg as an ordinary user in the root folder.
source "$(dirname "$0")/../common.sh"
folder=$1 tree=$2/tree recipe=$3

mkdir "$folder/build"
cp "$recipe"/* "$folder/build/"
ln -s /usr/src/linux-source-6.12.tar.xz "$folder/build/"
tree_mounts "$tree"
mount --bind "$folder/build" "$tree/build"
in_tree "$tree" root 'chown -R dev: /build'
# 6.12.117-1 is Debian's first package of 6.12.117
version=$(sed -n 's/^linux-source-6.12 \([0-9.]*\)-.*/\1/p' "$2/versions")
in_tree "$tree" dev "cd /build && LINUX_VERSION=$version PKGEXT=.pkg.tar.zst makepkg --nodeps"
umount "$tree/build"

mv "$folder"/build/*.pkg.tar.zst "$folder/"
rm -rf "$folder/build"
