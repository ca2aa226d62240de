#!/bin/bash
# x86.sh FOLDER ROOT SOURCES RECIPE FRAGMENT MODULE: proves the project's own recipe for x86_64. makepkg builds it as an ordinary user
# in the root folder, pacman installs its packages, a module in Rust is built from the installed headers with the sources gone, and
# QEMU boots the kernel and loads the module. Fails where one of this does. FOLDER/boot.log is what the machine said, FOLDER/release
# what uname -r said on it, and FOLDER/rustc the compiler that built it.
source "$(dirname "$0")/../common.sh"
source "$(dirname "$0")/../own-recipe.sh"
folder=$1 tree=$2/tree sources=$3 recipe=$4 fragment=$5 module=$6
version=$(< "$sources/version")

# the root under an overlay that is gone afterwards, with what objtool is built of
machine=$folder/overlay/root
mkdir -p "$folder"/overlay/{upper,work,root}
mount -t overlay -o "lowerdir=$tree,upperdir=$folder/overlay/upper,workdir=$folder/overlay/work" overlay "$machine"
tree_mounts "$machine"
eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
export http_proxy
in_tree "$machine" root '
	apt-get -qq update
	apt-get -qq -y --no-install-recommends install libelf-dev'

mkdir -p "$folder/build/sources"
own_recipe "$recipe" "$sources" "$folder/build"
cp "$sources"/linux-"$version".* "$folder/build/sources/"
cp "$fragment" "$folder/build/x86.fragment"
mount --bind "$folder/build" "$machine/build"
in_tree "$machine" root 'chown -R dev: /build'
in_tree "$machine" dev "
	export HOME=/tmp/home LINUX_VERSION=$version LINUX_CONFIG=tinyconfig LINUX_FRAGMENT=/build/x86.fragment
	export SRCDEST=/build/sources PKGEXT=.pkg.tar.zst
	mkdir -m 700 -p ~/.gnupg
	gpg --batch --quiet --import /build/keys/pgp/*.asc
	cd /build
	makepkg --nodeps --nocolor
	gpgconf --kill all"
umount --lazy "$machine/build"

# a machine with the packages and nothing of the sources
mkdir "$folder/packages"
mv "$folder"/build/*.pkg.tar.zst "$folder/packages/"
rm -rf "$folder/build"
cp "$folder"/packages/* "$machine/build/"
cp -r "$module" "$machine/tmp/numbers"
in_tree "$machine" root '
	pacman -U --noconfirm /build/*.pkg.tar.zst
	depmod "$(ls /usr/lib/modules)"
	make -C "/usr/lib/modules/$(ls /usr/lib/modules)/build" M=/tmp/numbers LLVM=1 modules'

release=$(ls "$machine/usr/lib/modules")
sed -n 's/^CONFIG_RUSTC_VERSION_TEXT="\(.*\)"$/\1/p' "$machine/usr/lib/modules/$release/build/.config" > "$folder/rustc"
mkdir -p "$folder/initramfs"/{bin,proc,sys,dev}
cp "$(type -p busybox)" "$folder/initramfs/bin/busybox"
cp "$machine/tmp/numbers/numbers.ko" "$folder/initramfs/"
cat > "$folder/initramfs/init" << 'INIT'
#!/bin/busybox sh
B=/bin/busybox
$B mount -t proc proc /proc
echo "release: $($B uname -r)"
$B insmod /numbers.ko && echo loaded
$B rmmod numbers && echo unloaded
$B dmesg | $B grep numbers:
$B sync
$B reboot -f
INIT
chmod +x "$folder/initramfs/init"
(cd "$folder/initramfs" && find . | cpio --quiet -o -H newc | gzip -1) > "$folder/initramfs.gz"
timeout 300 qemu-system-x86_64 -M microvm,rtc=on,pic=on,pit=on,acpi=off -accel tcg -cpu max -m 512 -nographic -no-reboot -nodefaults \
	-serial stdio -kernel "$machine/usr/lib/modules/$release/vmlinuz" -initrd "$folder/initramfs.gz" \
	-append 'console=ttyS0 panic=-1 reboot=t quiet' < /dev/null | tr -d '\r' | tee "$folder/boot.log"
umount --lazy "$machine"/{tmp,dev/shm,proc,}
rm -rf --one-file-system "$folder"/{initramfs,initramfs.gz,overlay}
for line in "release: $release" loaded unloaded; do grep -qx "$line" "$folder/boot.log"; done
echo "$release" > "$folder/release"
