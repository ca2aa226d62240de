/**
 * What is said to the shell of another machine: functions that only look, for any POSIX shell, with the common tools of any Linux
 * (busybox has all of them). Each answers with what it found, and then a line that ends the answer: the mark of this connection,
 * and `found`, `absent` or `unknown`. Nothing they run reads the shell's own input, which is where the questions come from.
 *
 * `absent` is a definite no: a folder that may not be searched gives `unknown`.
 */
const functions = String.raw`
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin
export PATH
unset CDPATH ENV BASH_ENV
IFS='
'
has() { command -v "$1" >/dev/null 2>&1; }
end() { printf '\n%s %s\n' "$MARK" "$*"; }
unknown() { printf '%s' "$1"; end unknown; }
# nothing can be there: the nearest part of its path that exists is no folder, or one that may be searched
missing() {
	[ ! -e "$1" ] || return 1
	part=$1
	while [ ! -e "$part" ] && [ "$part" != / ]; do part=${'$'}{part%/*} part=${'$'}{part:-/}; done
	[ ! -d "$part" ] || [ -x "$part" ]
}
# whether the answer was given: there is nothing, or it cannot be known
denied() {
	if missing "$1"; then end absent
	elif [ ! -e "$1" ]; then unknown "$1: permission denied"
	else return 1; fi
}
read_file() {
	denied "$1" && return
	if [ -d "$1" ]; then unknown "$1: is a folder"
	elif [ -p "$1" ] || [ -c "$1" ] || [ -b "$1" ] || [ -S "$1" ]; then unknown "$1: is no file"
	elif [ ! -r "$1" ]; then unknown "$1: permission denied"
	elif has head; then
		# some files of /proc and /sys can be opened, and not be read
		if head -c "$2" <"$1" 2>/dev/null; then end found; else unknown "$1: could not be read"; fi
	else unknown "this machine has no program head"; fi </dev/null
}
list_folder() {
	denied "$1" && return
	if [ ! -d "$1" ]; then end absent
	elif [ ! -r "$1" ] || [ ! -x "$1" ]; then unknown "$1: permission denied"
	else
		(
			cd "$1" || exit
			for name in * .[!.]* ..?*; do
				if [ -e "$name" ] || [ -L "$name" ]; then printf '%s\000' "$name"; fi
			done
		) 2>/dev/null
		end found
	fi
}
stat_file() {
	denied "$1" && return
	if has stat; then
		if stat -L -c '%f %s %i %u %Y %y' "$1" 2>/dev/null; then end found; else unknown "$1: could not be looked at"; fi
	else unknown "this machine has no program stat"; fi </dev/null
}
real_path() {
	denied "$1" && return
	if has readlink; then
		if readlink -f "$1" 2>/dev/null; then end found; else unknown "$1: could not be looked at"; fi
	else unknown "this machine has no program readlink"; fi </dev/null
}
free_space() {
	denied "$1" && return
	if has df; then
		if df -P -k "$1" 2>/dev/null; then end found; else unknown "$1: could not be looked at"; fi
	else unknown "this machine has no program df"; fi </dev/null
}
which_program() {
	for file; do
		if [ -f "$file" ] && [ -x "$file" ]; then
			printf '%s' "$file"
			end found
			return
		fi
	done
	end absent
}
# SECONDS PROGRAM WORD...: its output, its errors, its exit code
ask_program() {
	seconds=$1
	shift
	if [ ! -f "$1" ] || [ ! -x "$1" ]; then
		end absent
		return
	fi
	{
		errors=$(
			{
				cd / && export LC_ALL=C.UTF-8 RUSTUP_AUTO_INSTALL=0 && unset RUST_BACKTRACE
				if has timeout; then exec timeout -s KILL "$seconds" "$@"; fi
				exec "$@"
			} 2>&1 1>&3 3>&- </dev/null
		)
		code=$?
	} 3>&1
	end part
	printf '%s' "$errors"
	end part
	printf '%s' "$code"
	end found
}
`;

/** Who and where the shell is: what its start files printed is one part, the other has `NAME=value` entries that end with NUL. */
const introduction = String.raw`
introduce() {
	end part
	for entry in "machine=$(uname -m </dev/null 2>/dev/null)" "uid=$(id -u </dev/null 2>/dev/null)" \
		"name=$(id -un </dev/null 2>/dev/null)" "groups=$(id -G </dev/null 2>/dev/null)" "cwd=$PWD" \
		"HOME=$HOME" "PATH=$OWN_PATH" "XDG_STATE_HOME=$XDG_STATE_HOME" "XDG_CACHE_HOME=$XDG_CACHE_HOME" \
		"RUSTUP_HOME=$RUSTUP_HOME" "CARGO_HOME=$CARGO_HOME" "RUSTUP_TOOLCHAIN=$RUSTUP_TOOLCHAIN" "SUDO_USER=$SUDO_USER"; do
		printf '%s\000' "$entry"
	done
	end found
}
`;

/** The whole text that makes a shell answer, with the mark that ends its answers. */
export const remoteFunctions = (mark: string): string =>
	`MARK=${mark}\nOWN_PATH=$PATH\n${functions}${introduction}introduce\n`;

/** One question, a line of shell: the function and its words, quoted as every shell reads them back. */
export const question = (name: RemoteFunction, words: readonly string[]): string =>
	`${name} ${words.map(word => `'${word.replaceAll("'", "'\\''")}'`).join(' ')}\n`;

export type RemoteFunction =
	| 'read_file'
	| 'list_folder'
	| 'stat_file'
	| 'real_path'
	| 'free_space'
	| 'which_program'
	| 'ask_program';
