# bash completion for linux-rust-setup, written by scripts/system-files.js
_linux_rust_setup() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command= word
	COMPREPLY=()
	case $previous in
	--kdir) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")); return ;;
	--rustc) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")); return ;;
	--source) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")); return ;;
	--sysroot) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")); return ;;
	--module) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")); return ;;
	--template) COMPREPLY=($(compgen -W 'hello numbers parameters misc-device' -- "$current")); return ;;
	--name) return ;;
	--folder) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")); return ;;
	--author) return ;;
	--kernel) return ;;
	--boot) COMPREPLY=($(compgen -W 'once default later' -- "$current")); return ;;
	--recipe) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")); return ;;
	--aur) return ;;
	--mirror) return ;;
	--installed) return ;;
	--on) COMPREPLY=($(compgen -W 'this practice ssh://' -- "$current")); return ;;
	--script) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")); return ;;
	--report) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")); return ;;
	esac
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $word in
		wizard | check | new | build | load | unload | log | explain | review | hook | practice | help) command=$word; break ;;
		esac
	done
	if [[ $current == -* ]]; then
		COMPREPLY=($(compgen -W '--kdir --rustc --source --sysroot --module --template --name --folder --author --kernel --boot --recipe --aur --mirror --installed --on --script --report --dkms --mend --yes --dry-run --json --quiet --plain --ascii --help --version' -- "$current"))
		return
	fi
	case $command in
	'') COMPREPLY=($(compgen -W 'wizard check new build load unload log explain review hook practice help' -- "$current")) ;;
	check) COMPREPLY=($(compgen -W 'machine kernel boot toolchain metadata module build load' -- "$current")) ;;
	hook) COMPREPLY=($(compgen -W 'install remove show' -- "$current")) ;;
	practice) COMPREPLY=($(compgen -W 'start shell stop clean' -- "$current")) ;;
	help) COMPREPLY=($(compgen -W 'wizard check new build load unload log explain review hook practice' -- "$current")) ;;
	build | load | unload | review) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")) ;;
	explain) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")) ;;
	esac
}
complete -F _linux_rust_setup linux-rust-setup
