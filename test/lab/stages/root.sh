#!/bin/bash
# root.sh FOLDER: FOLDER/tree = Debian stable (trixie) as a root file system for the guest: the kernel's toolchain and source,
# pacman and makepkg, a user who may sudo. FOLDER/versions = the versions that decide what a kernel built in it is like.
source "$(dirname "$0")/../common.sh"
tree=$1/tree
suite=trixie

# The mirror this machine's apt uses, and its proxy.
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m1 '/debian/\?$')
eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
export http_proxy

debootstrap --variant=minbase --include=ca-certificates "$suite" "$tree" "$mirror"
tree_mounts "$tree"

# Nobody reads manuals in the guest, and a root that lost its power while being made is thrown away anyway.
cat > "$tree/etc/dpkg/dpkg.cfg.d/lab" <<- 'END'
	force-unsafe-io
	path-exclude=/usr/share/doc/*
	path-exclude=/usr/share/man/*
	path-exclude=/usr/share/locale/*
END

packages=(
	# the kernel and its modules, LLVM=1; openssl makes the key modules are signed with
	linux-source-6.12 rustc rust-src rustfmt bindgen clang lld llvm gcc make bc flex bison libssl-dev openssl python3 xz-utils kmod
	# packages, as on Arch
	pacman-package-manager makepkg fakeroot libarchive-tools zstd file
	# the user's machine
	sudo git procps iproute2
	# for the compiler with another vendor, below
	patchelf
)
in_tree "$tree" root "
	apt-get -qq update
	apt-get -qq -y --no-install-recommends install ${packages[*]}
	apt-get clean
	rm -rf /var/lib/apt/lists/*"

# A second compiler, for the journey through E0514: the same program under another vendor's version string. Arch's rust
# package names itself in that place, and the metadata of a kernel is bound to the whole string. Old and new are equally long,
# so they can be exchanged byte for byte, also in the libraries it brings: it compiles ordinary programs.
vendor='(built from a source tarball)'
other_vendor='(Arch Linux rust 1:1.85.1-12)'
[ ${#vendor} = ${#other_vendor} ]
in_tree "$tree" root "
	to=/opt/rustc-arch
	mkdir -p \$to/bin \$to/lib/rustlib
	cp /usr/bin/rustc \$to/bin/
	cp /usr/lib/x86_64-linux-gnu/librustc_driver-*.so \$to/lib/
	cp -r /usr/lib/rustlib/x86_64-unknown-linux-gnu \$to/lib/rustlib/
	grep -rlaF '$vendor' \$to | LC_ALL=C xargs sed -i 's/$vendor/$other_vendor/g'
	patchelf --set-rpath '\$ORIGIN/../lib' \$to/bin/rustc
	\$to/bin/rustc --version | grep -F '$other_vendor'
	echo 'fn main() {}' > /tmp/empty.rs
	\$to/bin/rustc -o /tmp/empty /tmp/empty.rs"

# pacman as Arch sets it up, except that it does not look for free space: it cannot see any through the guest's overlay.
cat > "$tree/etc/pacman.conf" <<- 'END'
	[options]
	HoldPkg = pacman glibc
	Architecture = x86_64
	SigLevel = Required DatabaseOptional
	LocalFileSigLevel = Optional
END
ln -sf /proc/self/mounts "$tree/etc/mtab"
in_tree "$tree" root '
	mkdir -p /var/lib/pacman
	# a first query makes the database; it finds nothing, which is exit 1
	pacman -Q || true
	# Arch has one folder for programs, where Debian keeps these in sbin
	for tool in depmod insmod lsmod modinfo modprobe rmmod; do ln -sf kmod /usr/bin/$tool; done
	useradd --create-home --shell /bin/bash --groups sudo dev
	echo dev:dev | chpasswd'

# For whoever asks, an Arch machine. Last, because Debian reads it too.
rm "$tree/etc/os-release"
cat > "$tree/etc/os-release" <<- 'END'
	NAME="Arch Linux"
	PRETTY_NAME="Arch Linux"
	ID=arch
	BUILD_ID=rolling
	HOME_URL="https://archlinux.org/"
END
touch "$tree/etc/arch-release"
echo archlinux > "$tree/etc/hostname"
echo '127.0.0.1 localhost archlinux' > "$tree/etc/hosts"

# Where a stage, the jobs and the program under test are mounted.
mkdir -p "$tree"/{build,job,lab,results,opt/linux-rust-setup/{assets,bin,dist}}
touch "$tree/opt/linux-rust-setup/package.json" "$tree/usr/local/bin/node"
ln -s /opt/linux-rust-setup/bin/linux-rust-setup.js "$tree/usr/local/bin/linux-rust-setup"

in_tree "$tree" root "dpkg-query --show --showformat '\${Package} \${Version}\n' linux-source-6.12 rustc bindgen clang" > "$1/versions"
umount "$tree/tmp" "$tree/dev/shm" "$tree/proc"
