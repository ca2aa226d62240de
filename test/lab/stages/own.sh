#!/bin/bash
# own.sh FOLDER ROOT SOURCES RECIPE FRAGMENT PLACE: compiles the kernel of the project's own recipe for User-Mode Linux, once, by
# makepkg as an ordinary user in the root folder, at the very path PLACE at which a machine of the lab will build it: what is
# generated holds that path. FOLDER/*.pkg.tar.zst are its packages; FOLDER/objects.tar is all that was made beside the sources, and
# FOLDER/config and FOLDER/version are what it was made for. PLACE is the base of the build, below /home/dev.
source "$(dirname "$0")/../common.sh"
source "$(dirname "$0")/../own-recipe.sh"
folder=$1 tree=$2/tree sources=$3 recipe=$4 fragment=$5 place=$6
version=$(< "$sources/version")

mkdir -p "$folder/home/recipe"
own_recipe "$recipe" "$sources" "$folder/home/recipe"
mkdir -p "$folder/home${place#/home/dev}/sources"
cp "$sources"/linux-* "$folder/home${place#/home/dev}/sources/"
cp "$fragment" "$folder/home/uml.fragment"
touch "$folder/before"
tree_mounts "$tree"
mount --bind "$folder/home" "$tree/home/dev"
in_tree "$tree" root 'chown -R dev: /home/dev'
in_tree "$tree" dev "
	export HOME=/home/dev LINUX_VERSION=$version.arch1 LINUX_ARCH=um LINUX_CONFIG=tinyconfig LINUX_FRAGMENT=/home/dev/uml.fragment
	export SRCDEST=$place/sources BUILDDIR=$place/build PKGDEST=$place/packages PKGEXT=.pkg.tar.zst
	mkdir -p \$BUILDDIR \$PKGDEST
	gpg --batch --quiet --import ~/recipe/keys/pgp/*.asc
	cd ~/recipe
	makepkg --nodeps --nocolor
	gpgconf --kill all"
umount --lazy "$tree/home/dev" "$tree/tmp" "$tree/dev/shm" "$tree/proc"

made=$folder/home${place#/home/dev}
mv "$made"/packages/*.pkg.tar.zst "$folder/"
cd "$made/build/linux-rust/src/linux-$version"
cp .config "$folder/config"
cp version "$folder/version"
find . \( -type f -o -type l \) -newer "$folder/before" -print0 | tar --null --files-from=- --owner=dev --group=dev -cf "$folder/objects.tar"
cd /
rm -rf "$folder/home" "$folder/before"
