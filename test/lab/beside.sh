#!/bin/bash
# beside.sh MACHINE JOB: runs JOB/script in the files of the lab's machine as its user, without booting its kernel: for work that
# takes a compiler minutes, which User-Mode Linux makes many times as long. JOB is /job there; JOB/prepare is run before, by root.
# What is written elsewhere is gone afterwards. SIGKILL to this script's process ends all of it.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
machine=$1 job=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
if [ "${3:-}" != inside ]; then
	exec setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child "${BASH_SOURCE[0]}" "$machine" "$job" inside
fi
tree=/mnt/root
mount -t tmpfs -o size=3G,mode=755 tmpfs /mnt
mkdir /mnt/{upper,work,root}
mount -t overlay -o "lowerdir=$machine/tree,upperdir=/mnt/upper,workdir=/mnt/work" overlay "$tree"
tree_mounts "$tree"
chmod 1777 "$tree/tmp" "$tree/dev/shm"
mount -t sysfs sysfs "$tree/sys"
mount --bind "$job" "$tree/job"
for name in assets bin dist package.json; do
	mount --bind -o ro "$repository/$name" "$tree/opt/linux-rust-setup/$name"
done
mount --bind -o ro "$(realpath "$repository/node_modules/node/bin/node")" "$tree/usr/local/bin/node"
in_tree "$tree" root 'source /job/prepare'
env -i HOME=/home/dev USER=dev LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin /usr/sbin/chroot --userspec=dev:dev "$tree" \
	/bin/bash -euo pipefail -c 'cd; source /job/script'
