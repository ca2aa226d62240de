#!/bin/bash
# boot.sh MACHINE JOB USER terminal|batch: boots the machine's kernel as a process and runs a job in it.
#
# JOB is a folder, /job in the guest. It may hold: prepare (bash, run as root first), script (bash, run as USER), keeps-disk (the
# guest's files are kept in disk.tar, and found there), kernel (the image to boot), and whatever the script wants to read.
# Afterwards it holds: booted (the guest came up), code (the script's exit code, or "prepare" where that failed; absent if the guest went down before), results/ (what was left in /results), output.log (of prepare and, in
# batch, of the script), kernel.log, and console.log (what the kernel printed: a guest that died leaves nothing else).
# With "terminal", standard input and output are the script's console.
#
# SIGKILL to this script's process ends the guest whole, and so does the end of whoever started it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)

if [ "$1" != inside ]; then
	machine=$1
	# A guest is one CPU's worth of processes that wake each other all the time: free to wander over two CPUs it takes
	# two to three times as long. Each takes one that no other guest holds; when all are held, it shares.
	allowed=()
	cpu=
	for ((candidate = 0; candidate < $(nproc --all); candidate++)); do
		taskset --cpu-list "$candidate" true 2> /dev/null || continue
		allowed+=("$candidate")
		exec {lock}> "$(dirname "$machine")/cpu-$candidate.lock"
		if flock --nonblock "$lock"; then
			cpu=$candidate
			break
		fi
		exec {lock}>&-
	done
	: "${cpu:=${allowed[RANDOM % ${#allowed[@]}]}}"
	exec setpriv --pdeathsig KILL taskset --cpu-list "$cpu" \
		unshare --mount --pid --fork --kill-child "${BASH_SOURCE[0]}" inside "$@"
fi

tree=$2/tree job=$3 user=$4 console=$5
exec 2> "$job/console.log"
kernel=$(cd "$tree" && echo usr/lib/modules/*/vmlinuz)
# what the boot loader of this machine's disk chose, where it has a disk
[ ! -e "$job/kernel" ] || kernel=job/kernel

# The guest's root is this folder as the mounts of this namespace show it: hostfs follows them.
mount -t proc proc "$tree/proc"
mount -t tmpfs tmpfs "$tree/dev/shm"
mount --bind "$job" "$tree/job"
mount --bind -o ro "$here/guest" "$tree/lab"
for name in assets bin dist package.json; do
	[ ! -e "$repository/$name" ] || mount --bind -o ro "$repository/$name" "$tree/opt/linux-rust-setup/$name"
done
mount --bind -o ro "$(realpath "$repository/node_modules/node/bin/node")" "$tree/usr/local/bin/node"

case $console in
	terminal)
		channel=fd:0,fd:1
		# To hear of the terminal's size, User-Mode Linux makes it the controlling terminal of a session of its own, which
		# fails while it is that of another (arch/um/drivers/chan_user.c, winch_thread). A session that takes it by force
		# (--ctty, root only) and ends leaves it free.
		setsid --ctty --wait true
		;;
	batch) channel=null ;;
esac
# /dev/tty0 is the job's console; the kernel speaks on another one, which goes to a file. Names the kernel does not know
# (LAB_*) become the environment of its first program; LAB_JOB is for whoever looks at this machine's processes.
# The name it is started by is no program's: User-Mode Linux starts itself again by that name when the guest reboots, which is
# the guest's end this way. It is not this namespace's first process, because it ends itself by a signal when its kernel panics,
# which the first process would not feel.
ulimit -c 0
/usr/sbin/chroot "$tree" /usr/bin/env --ignore-environment --argv0=rebooted HOME=/dev/shm TMPDIR=/dev/shm PATH=/nonexistent \
	"/$kernel" "mem=${LAB_MEMORY:-2048}M" rootfstype=hostfs rootflags=/ root=none ro init=/lab/init \
	con=null con0=$channel con1=null,fd:2 console=tty1 quiet \
	"LAB_USER=$user" "LAB_CONSOLE=$console" "LAB_JOB=$job"
