#!/bin/bash
# Takes the fixtures that are pieces of the lab's kernel (fixtures/kernels/lab-6.12, fixtures/modules/built) from the lab again.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fixtures=$(cd "$here/../fixtures" && pwd)
machine=$("$here/build.sh")
build=$(echo "$machine"/tree/usr/lib/modules/*/build)

to=$fixtures/kernels/lab-6.12
mkdir -p "$to"
cp "$build/.config" "$to/config"
cp "$build/include/config/auto.conf" "$to/auto.conf"
cp "$build/include/config/kernel.release" "$to/version.txt"
(cd "$build" && stat --format='%s %n' rust/* scripts/target.json) > "$to/rust-files.txt"
for crate in core kernel; do
	head --bytes=256 "$build/rust/lib$crate.rmeta" > "$to/lib$crate.rmeta.head"
done

job=$(mktemp --directory "$(dirname "$machine")/jobs/job-XXXXXX")
chmod 755 "$job"
cp -r "$fixtures/modules/numbers-6.12" "$job/numbers"
cat > "$job/script" << 'END'
cp -r /job/numbers . && cd numbers && make -C "/lib/modules/$(uname -r)/build" M="$PWD" LLVM=1 && cp numbers.ko /results/
END
"$here/boot.sh" "$machine" "$job" dev batch
mkdir -p "$fixtures/modules/built"
cp "$job/results/numbers.ko" "$fixtures/modules/built/numbers-6.12.ko"
