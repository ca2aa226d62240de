import type {CommandName} from './options.ts';

const general = `linux-rust-setup: from "I would like to write a Linux kernel module in Rust" to your module loaded in a running kernel

Usage: linux-rust-setup [COMMAND] [FLAGS]

Commands
  wizard            the walk, step by step, with a terminal (the default)
  check [STEP…]     what is true of this machine, without questions
  new NAME          a new module that fits your kernel, in a new folder
  build [FOLDER]    build a module with the exact compiler of your kernel
  load [FOLDER] [PARAMETER=VALUE…]
                    load it and show what the kernel says
  unload [FOLDER]   take it out again
  log [MODULE]      the kernel log from now on, well-known lines explained
  explain [FILE]    what went wrong in a log, or why a kernel config has no Rust
  review [FOLDER]   what to look at in a PKGBUILD before it runs; nothing of it is run
  practice [WORD]   the whole walk in a virtual machine of its own, on a real Rust kernel
  hook WORD         install, remove or show what tells you after an update

Steps: machine, kernel, boot, toolchain, metadata, module, build, load

Flags
  --kdir FOLDER     build against this kernel build folder
  --rustc FILE      use this compiler
  --source PATH     the kernel's source, a folder or a tarball, for metadata that is rebuilt
  --module FOLDER   the module to speak of
  --kernel WAY      the way to a Rust kernel: stock-linux, linux-rust-recipe, linux-rust-makepkg, … (wizard)
  --boot WORD       what starts next: once, default or later (wizard --yes)
  --recipe FOLDER   build the kernel with the PKGBUILD there (wizard)
  --reviewed DIGEST the recipe you have read and agree to, red flags and all (wizard --yes)
  --build-folder FOLDER
                    build packages there (wizard)
  --aur URL         an AUR of your own (wizard)
  --mirror URL      fetch practice mode's packages from there (practice)
  --installed REL   run this installed kernel there, not the practice root's (practice, load --on practice)
  --on PLACE        speak of that machine: ssh://[USER@]HOST[:PORT], several too (check); practice (load)
  --sysroot FOLDER  look at the system mounted there (check)
  --template NAME   hello, numbers, parameters or misc-device
  --name NAME       name of the new module (wizard --yes)
  --folder FOLDER   where the new module is written (new)
  --author NAME     the new module's author
  --dkms            with a dkms.conf, for every kernel that is installed (new)
  --mend            bring back what was so before and needs no decision (check)
  --report FILE     write a report without names and addresses (check)
  --script FILE     write the plan as a shell script, run nothing (wizard)
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
	wizard: `linux-rust-setup [wizard] [--kdir FOLDER] [--rustc FILE] [--module FOLDER] [--template NAME --name NAME] [--yes] [--dry-run] [--script FILE] [--plain]
                          [--source PATH] [--kernel WAY | --recipe FOLDER] [--build-folder FOLDER] [--reviewed DIGEST] [--aur URL]

Goes through the eight steps, shows what holds already, and puts one decision at a time. Every command is shown with its
reason before it runs. Without a terminal it prints the checklist and the flags that answer its questions.
With --yes it takes the default of every step, needs --name where a module is to be written, and never asks for a password.
A kernel is built from a recipe that you read first: the AUR's, this program's own, or the one in --recipe FOLDER. --yes builds
one without a red flag; --reviewed accepts the very recipe whose digest it names. Keys are imported only where you are asked.
What the machine starts next is chosen for you with --boot once or --boot default alone; the reboot is always yours.
--dry-run shows the plan of every step; --script writes it as a POSIX shell script with its reasons, and runs nothing.
`,
	check: `linux-rust-setup check [STEP…] [--mend] [--json] [--quiet] [--report FILE] [--kdir FOLDER] [--rustc FILE] [--module FOLDER]
                       [--source PATH] [--sysroot FOLDER]
linux-rust-setup check [STEP…] --on ssh://[USER@]HOST[:PORT] [--on …] [--json] [--quiet]

Inspects the machine and changes nothing of it. Says first what changed since all last fitted, and which steps that makes stale.
--mend selects the matching compiler, rebuilds Rust metadata that the headers lack, from the kernel's source, and the modules that
an update left behind, then checks again.
--report shows the answer without user, host, addresses and serial numbers, and writes it to FILE.
--on asks other machines at once, over the ssh of this one as it is configured; nothing is installed there. --on this is this one.
Exit code 0: all asked for is done; 4: a reboot is pending; 1: something is not done; 3: a machine could not be asked.
--json prints one document (schema: assets/schema/check.json in the package; with --on check-hosts.json).
`,
	new: `linux-rust-setup new NAME [--template hello|numbers|parameters|misc-device] [--folder FOLDER] [--author NAME] [--dkms]
                     [--dry-run] [--json]

Writes Kbuild, Makefile, source, .gitignore, README and rust-project.json for your kernel's Rust API into the new folder ./NAME,
and makes the folder a git repository where git is installed and it lies in none. Nothing is committed.
A name is a lower-case letter, then lower-case letters, digits and _, 55 at most, and no Rust keyword.
The author is the user of git's settings, or --author. --dkms adds a dkms.conf that skips kernels without Rust.
Nothing that exists is overwritten: where files stand in the way, what would change in each is shown; exit code 1.
--dry-run prints the files instead.
`,
	build: `linux-rust-setup build [FOLDER] [--kdir FOLDER] [--rustc FILE] [--dry-run]

Runs make in the kernel's build folder for the module in FOLDER (default: here), with the absolute path of the compiler that
built the kernel, and LLVM=1 exactly where the kernel was built with clang. A failure is explained; exit code 3.
`,
	load: `linux-rust-setup load [FOLDER] [PARAMETER=VALUE…] [--dry-run]

Loads the built module with insmod (through sudo where you are not root) and prints what the kernel says. It stays loaded.
What the kernel would refuse is refused before, with its cure: a module built for another release, an unsigned module where
signatures are enforced, a parameter the module does not have or a value it cannot take.
`,
	unload: `linux-rust-setup unload [FOLDER] [--dry-run]

Takes the module out with rmmod (through sudo where you are not root) and prints its last words.
`,
	log: `linux-rust-setup log [MODULE] [--json]

Follows the kernel log from now on. Lines of MODULE carry a bar; well-known lines are followed by their meaning. Ctrl-C stops.
With --json: one line of JSON for each record.
`,
	practice: `linux-rust-setup practice [--yes] [--template NAME --name NAME] [--module FOLDER] [--mirror URL]
linux-rust-setup practice --installed RELEASE [...]
linux-rust-setup practice start|shell|stop|clean

Makes a small Debian with a Rust kernel in the cache folder (about 550 MB fetched, 2 GB of disk), once, and goes through the walk
there: the module is built in that folder and loaded in a virtual machine that is thrown away. This machine's kernel is not
touched. The module's files stay in your folder. start: a guest that stays, for load --on practice; stop ends it; shell: a shell
in the guest; clean removes everything practice mode made. --installed: the virtual machine runs a kernel that is installed on this
machine (a folder of /usr/lib/modules), modules are built on this machine for it, and nothing is fetched: to try a kernel before
it is booted, or a module before it is loaded.
`,
	explain: `linux-rust-setup explain [FILE] [--kdir FOLDER] [--json]
linux-rust-setup explain ID [--json]

Reads a log (make, rustc, insmod, dmesg, pacman, makepkg, rustup) or a kernel configuration, plain or gzipped, from FILE or
standard input. A log: the failure to act on first, its cause and its cure. A configuration: whether Rust is on, and which
options keep it off, by the Kconfig files in FOLDER (a kernel's source, or headers that carry them), of the folder the configuration
lies in, or of /usr/src; by a table of versions otherwise. Exit code 0: clean or explained; 1: an error that it does not know.
ID: all that is known of one failure, which screens and --json name so: E0514, modpost.c, disk.full.
`,
	review: `linux-rust-setup review [FOLDER] [--json] [--quiet]

Reads a recipe of makepkg, as text, in FOLDER (default: here): PKGBUILD, .install, patches, scripts, .SRCINFO. Shows what should
be looked at before it runs, with file, line and reason: downloads past source=, hidden or broken-up commands, sources that
nothing vouches for, writes to your system. Nothing of the recipe is run. docs/review.md explains each flag.
Exit code 0: nothing red; 1: something red; 2: no PKGBUILD there, or it cannot be read.
--json prints one document (schema: assets/schema/review.json in the package).
`,
	hook: `linux-rust-setup hook install|remove|show

A hook lets the package manager say in one or two lines, after an update, what the update means for your modules. It only reads
and prints. show: the file and its content; install and remove: the same, behind sudo, after showing it.
`
};

/** The help of one command, or of the program. */
export const helpText = (command?: CommandName): string => (command === undefined ? general : each[command]);
