# What the lab's scripts share. Sourced, never run.
set -euo pipefail

# tree_mounts TREE: what programs in a root folder need to run. To be called in a mount namespace of its own, which takes
# the mounts away with it. The tmpfs on /tmp keeps what the programs leave there out of the folder.
tree_mounts() {
	mount -t proc proc "$1/proc"
	mount -t tmpfs tmpfs "$1/dev/shm"
	mount -t tmpfs tmpfs "$1/tmp"
}

# in_tree TREE USER SCRIPT: runs a bash script in a root folder, with nothing of this machine's environment but its proxies.
in_tree() {
	local proxies=() name
	for name in http_proxy https_proxy no_proxy; do
		[ -z "${!name:-}" ] || proxies+=("$name=${!name}")
	done
	env -i "${proxies[@]}" HOME=/tmp USER="$2" LANG=C.UTF-8 TERM=dumb DEBIAN_FRONTEND=noninteractive \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin \
		/usr/sbin/chroot --userspec="$2" "$1" /bin/bash -euo pipefail -c "$3"
}
