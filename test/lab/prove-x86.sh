#!/bin/bash
# prove-x86.sh: proves the project's own recipe for x86_64 as it is now (build.sh x86: half an hour where that was not done yet), and
# writes down that it is proven, in test/recipe/proven-on-x86.json, which a test compares with the recipe. Once per change of it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
made=$("$here/build.sh" x86)
recipe=$(cd "$here/../../assets/linux-rust" && sha256sum -- * | sha256sum | cut -d' ' -f1)
printf '{\n\t"recipe": "%s",\n\t"release": "%s",\n\t"rustc": "%s",\n\t"at": "%s"\n}\n' \
	"$recipe" "$(< "$made/release")" "$(< "$made/rustc")" "$(date -u -r "$made/release" +%F)" > "$here/../recipe/proven-on-x86.json"
cat "$made/boot.log" "$here/../recipe/proven-on-x86.json"
