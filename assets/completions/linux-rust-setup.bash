# bash completion for linux-rust-setup, written by scripts/system-files.js
_linux_rust_setup() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command= word
	COMPREPLY=()
	case $previous in
	--kdir) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")); return ;;
	--rustc) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")); return ;;
	--sysroot) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")); return ;;
	--module) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")); return ;;
	--template) COMPREPLY=($(compgen -W 'hello numbers parameters misc-device' -- "$current")); return ;;
	--name) return ;;
	--folder) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")); return ;;
	--author) return ;;
	--mirror) return ;;
	--on) COMPREPLY=($(compgen -W 'practice' -- "$current")); return ;;
	--script) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")); return ;;
	--report) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")); return ;;
	esac
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $word in
		wizard | check | new | build | load | unload | log | explain | review | hook | practice | help) command=$word; break ;;
		esac
	done
	if [[ $current == -* ]]; then
		COMPREPLY=($(compgen -W '--kdir --rustc --sysroot --module --template --name --folder --author --mirror --on --script --report --dkms --mend --yes --dry-run --json --quiet --plain --ascii --help --version' -- "$current"))
		return
	fi
	case $command in
	'') COMPREPLY=($(compgen -W 'wizard check new build load unload log explain review hook practice help' -- "$current")) ;;
	check) COMPREPLY=($(compgen -W 'machine kernel boot toolchain metadata module build load' -- "$current")) ;;
	hook) COMPREPLY=($(compgen -W 'install remove show' -- "$current")) ;;
	help) COMPREPLY=($(compgen -W 'wizard check new build load unload log explain review hook practice' -- "$current")) ;;
	build | load | unload | review) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")) ;;
	explain) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")) ;;
	esac
}
complete -F _linux_rust_setup linux-rust-setup
