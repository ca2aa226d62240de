#!/bin/bash
# sources.sh FOLDER ROOT: what the project's own recipe fetches from kernel.org and from Arch, as the lab has it, in FOLDER: Debian's
# source of the kernel as the archive, a patch that does no more than give it Arch's name, both signed with a key of our own.
# FOLDER/version is the kernel's version; FOLDER/fingerprint and FOLDER/key.asc are the key's.
#
# Left out of the archive is what no kernel of the lab is made of: most drivers, other architectures, documentation.
source "$(dirname "$0")/../common.sh"
folder=$1 tree=$2/tree

# 6.12.117-1 is Debian's first package of 6.12.117
version=$(sed -n 's/^linux-source-6.12 \([0-9.]*\)-.*/\1/p' "$2/versions")
left_out=(
	'*/Documentation/*/*' '*/tools/perf/*' '*/tools/testing/*' '*/sound/*.[chS]'
	'*/drivers/'{gpu,media,staging,scsi,usb,infiniband,iio,net/ethernet,net/wireless}'/*.[chS]'
	'*/arch/'{alpha,arc,arm,arm64,csky,hexagon,loongarch,m68k,microblaze,mips,nios2,openrisc,parisc,powerpc,riscv,s390,sh,sparc,xtensa}/{'*.[chS]','boot/*'}
)
source=$folder/unpacked/linux-$version
mkdir "$folder/unpacked"
tar -xf "$tree/usr/src/linux-source-6.12.tar.xz" -C "$folder/unpacked" --wildcards "${left_out[@]/#/--exclude=}"
mv "$folder/unpacked/linux-source-6.12" "$source"
tar --owner=root --group=root -C "$folder/unpacked" -cf "$folder/linux-$version.tar" "linux-$version"
sed 's/^EXTRAVERSION =.*/EXTRAVERSION = -arch1/' "$source/Makefile" > "$folder/unpacked/Makefile"
diff -u --label a/Makefile --label b/Makefile "$source/Makefile" "$folder/unpacked/Makefile" \
	> "$folder/linux-v$version-arch1.patch" || [ $? = 1 ]
rm -rf "$folder/unpacked"

tree_mounts "$tree"
mount --bind "$folder" "$tree/build"
in_tree "$tree" root '
	export GNUPGHOME=/tmp/keys
	mkdir -m 700 /tmp/keys
	cd /build
	gpg --batch --quiet --passphrase "" --quick-generate-key "The lab <lab@localhost>" rsa2048 sign never
	gpg --with-colons --list-keys | sed -n "/^fpr/{s/^fpr:*\\([0-9A-F]*\\):/\\1/p;q}" > fingerprint
	gpg --armor --export > key.asc
	# the archive is signed as it is unpacked, as on kernel.org
	gpg --batch --detach-sign --output "$(echo linux-*.tar).sign" linux-*.tar
	xz -1 --threads=2 linux-*.tar
	zstd --quiet --rm linux-*.patch
	gpg --batch --detach-sign --output "$(echo linux-*.patch.zst).sig" linux-*.patch.zst
	gpgconf --kill all'
echo "$version" > "$folder/version"
umount --lazy "$tree/build" "$tree/tmp" "$tree/dev/shm" "$tree/proc"
