import type {CommandName} from './options.ts';

const general = `linux-rust-setup: from "I would like to write a Linux kernel module in Rust" to your module loaded in a running kernel

Usage: linux-rust-setup [COMMAND] [FLAGS]

Commands
  wizard            the walk, step by step, with a terminal (the default)
  check [STEP…]     what is true of this machine, without questions
  new NAME          a new module that fits your kernel, in a new folder
  build [FOLDER]    build a module with the exact compiler of your kernel
  load [FOLDER]     load it and show what the kernel says
  unload [FOLDER]   take it out again
  log [MODULE]      the kernel log from now on, well-known lines explained
  explain [FILE]    what went wrong in a log, or why a kernel config has no Rust

Steps: machine, kernel, boot, toolchain, metadata, module, build, load

Flags
  --kdir FOLDER     build against this kernel build folder
  --rustc FILE      use this compiler
  --module FOLDER   the module to speak of
  --sysroot FOLDER  look at the system mounted there (check)
  --template NAME   hello, numbers or parameters
  --name NAME       name of the new module (wizard --yes)
  --folder FOLDER   where the new module is written (new)
  --author NAME     the new module's author
  --yes             answer every question with its default or its flag; root only through sudo -n
  --dry-run         show what would be done, change nothing
  --json            one JSON document on standard output
  --quiet           only what is not done
  --plain           lines instead of a screen
  --ascii           no characters beyond ASCII
  --help, --version

Exit codes
  0  all done                      3  a program that was run failed
  1  something is not done         4  a reboot is pending
  2  the command line is wrong     130  stopped with Ctrl-C
`;

const each: Readonly<Record<CommandName, string>> = {
	wizard: `linux-rust-setup [wizard] [--kdir FOLDER] [--rustc FILE] [--module FOLDER] [--template NAME --name NAME] [--yes] [--dry-run] [--plain]

Goes through the eight steps, shows what holds already, and puts one decision at a time. Every command is shown with its
reason before it runs. Without a terminal it prints the checklist and the flags that answer its questions.
With --yes it takes the default of every step, needs --name where a module is to be written, and never asks for a password.
`,
	check: `linux-rust-setup check [STEP…] [--json] [--quiet] [--kdir FOLDER] [--rustc FILE] [--module FOLDER] [--sysroot FOLDER]

Inspects the machine and changes nothing. Exit code 0: all asked for is done; 4: a reboot is pending; 1: something is not done.
--json prints one document (schema: assets/schema/check.json in the package).
`,
	new: `linux-rust-setup new NAME [--template hello|numbers|parameters] [--folder FOLDER] [--author NAME] [--dry-run]

Writes Kbuild, Makefile, source, .gitignore and README for your kernel's Rust API into the new folder ./NAME.
A name is a lower-case letter, then lower-case letters, digits and _, 55 at most, and no Rust keyword.
Nothing that exists is overwritten. --dry-run prints the files instead.
`,
	build: `linux-rust-setup build [FOLDER] [--kdir FOLDER] [--rustc FILE] [--dry-run]

Runs make in the kernel's build folder for the module in FOLDER (default: here), with the absolute path of the compiler that
built the kernel, and LLVM=1 exactly where the kernel was built with clang. A failure is explained; exit code 3.
`,
	load: `linux-rust-setup load [FOLDER] [--dry-run]

Loads the built module with insmod (through sudo where you are not root) and prints what the kernel says. It stays loaded.
`,
	unload: `linux-rust-setup unload [FOLDER] [--dry-run]

Takes the module out with rmmod (through sudo where you are not root) and prints its last words.
`,
	log: `linux-rust-setup log [MODULE] [--json]

Follows the kernel log from now on. Lines of MODULE carry a bar; well-known lines are followed by their meaning. Ctrl-C stops.
With --json: one line of JSON for each record.
`,
	explain: `linux-rust-setup explain [FILE] [--json]

Reads a log (make, rustc, insmod, dmesg, pacman, makepkg, rustup) or a kernel configuration, plain or gzipped, from FILE or
standard input. A log: the failure to act on first, its cause and its cure. A configuration: whether Rust is on, and which
options keep it off. Exit code 0: clean or explained; 1: an error that it does not know.
`
};

/** The help of one command, or of the program. */
export const helpText = (command?: CommandName): string => (command === undefined ? general : each[command]);
