#!/bin/bash
# What a careful person types, one after another, to learn what `linux-rust-setup check` tells. Arguments: the kernel's build
# folder, the compiler for it, the module's folder. That some of it does not exist on some machine is part of the answer.
kdir=$1 rustc=$2 module=$3
cat /etc/os-release
uname -m
id
df -h "$HOME"
cat /proc/modules
cat /proc/sys/kernel/modules_disabled
cat /proc/sys/kernel/tainted
cat /proc/sys/kernel/dmesg_restrict
cat /sys/kernel/security/lockdown
cat /sys/module/module/parameters/sig_enforce
od -An -t u1 /sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
uname -r
ls /usr/lib/modules /boot
for folder in /usr/lib/modules/*/; do cat "$folder/pkgbase"; done
zcat /proc/config.gz | grep -E '^(# )?CONFIG_(RUST|RUSTC_VERSION_TEXT|CC_IS_CLANG|MODVERSIONS|DEBUG_INFO_BTF|GCC_PLUGINS|RANDSTRUCT)[ =]'
for config in /boot/config-*; do grep -E '^CONFIG_RUST(C_VERSION_TEXT)?=' "$config"; done
cat "$kdir/include/config/kernel.release"
grep -E '^CONFIG_(RUST|RUSTC_VERSION_TEXT|CC_IS_CLANG)=' "$kdir/.config"
strings -n 20 "$kdir/rust/libcore.rmeta" | head -n 1
ls -l "$kdir"/rust/*.rmeta "$kdir"/rust/*.so "$kdir/scripts/target.json"
printf '#![no_std]\nuse kernel::prelude::*;\npub fn five() -> Result<usize> {\n\tOk(5)\n}\n' | RUSTC_BOOTSTRAP=1 "$rustc" --edition=2021 --crate-name=five_lines --crate-type=rlib -Zunstable-options -Zunpretty=mir --target="$kdir/scripts/target.json" -L "$kdir/rust" --extern kernel -
rustup toolchain list
"$rustc" --version
for one in "${RUSTUP_HOME:-$HOME/.rustup}"/toolchains/*/bin/rustc /usr/bin/rustc /usr/local/bin/rustc; do "$one" --version; done
type -p sudo rustup make gcc ld nm
grep obj-m "$module/Kbuild"
ls -l --sort=time "$module"
modinfo -F vermagic "$module/numbers.ko"
sha256sum "$module/numbers.ko"
exit 0
