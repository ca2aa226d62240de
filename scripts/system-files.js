// Writes assets/man and assets/completions from the program's own options and help, so that they know what it knows.
// `node scripts/system-files.js --check` writes nothing and ends with 1 if one of them is not up to date.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {helpText} from '../src/commands/help.ts';
import {bootWords, commandNames, flags, hookWords, practiceWords, stepIds} from '../src/commands/options.ts';
import {templates} from '../src/scaffold/templates.ts';

const assets = new URL('../assets/', import.meta.url);
const help = helpText();
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** The lines of a part of the help, from its title to the next empty line. */
const part = title =>
	help
		.slice(help.indexOf(`\n${title}\n`) + title.length + 2)
		.split('\n\n')[0]
		.split('\n');

/** What the help says of each command: `check [STEP…]   what is true …`; a long form has its words on the next line. */
const commands = commandNames.map(name => {
	const lines = part('Commands');
	const index = lines.findIndex(line => new RegExp(`^ {2}${name}\\b`).test(line));
	const [, form = '', said] = /^ {2}(\S.*?)(?: {2,}(.+))?$/.exec(lines[index] ?? '') ?? [];
	return {name, form, about: said ?? lines[index + 1]?.trim() ?? ''};
});

const standard = {help: 'how it is used', version: 'which version this is'};
const options = Object.entries(flags).map(([name, {type, short, multiple}]) => {
	const line = part('Flags').find(one => one.startsWith(`  --${name} `)) ?? '';
	const [, value, about = standard[name]] = /^ {2}--\S+(?: ([A-Z]+))? {2,}(.+)$/.exec(line) ?? [];
	return {name, short, multiple, value: type === 'string' ? (value ?? 'VALUE') : undefined, about: about ?? ''};
});
/** Not in the help: what only other programs call. */
const shownOptions = options.filter(option => option.about !== '');

const words = {check: stepIds, hook: hookWords, practice: practiceWords, help: commandNames};
const valuesOf = ({name}) => {
	if (name === 'template') return templates.map(template => template.id);
	if (name === 'boot') return bootWords;
	return name === 'on' ? ['this', 'practice', 'ssh://'] : undefined;
};
const folderCommands = ['build', 'load', 'unload', 'review'];

function bash() {
	const cases = shownOptions
		.filter(option => option.value !== undefined)
		.map(option => {
			const values = valuesOf(option);
			if (values !== undefined)
				return `\t--${option.name}) COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$current")); return ;;`;
			if (option.value === 'FOLDER')
				return `\t--${option.name}) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")); return ;;`;
			if (['FILE', 'PATH'].includes(option.value))
				return `\t--${option.name}) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")); return ;;`;
			return `\t--${option.name}) return ;;`;
		});
	return `# bash completion for linux-rust-setup, written by scripts/system-files.js
_linux_rust_setup() {
	local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command= word
	COMPREPLY=()
	case $previous in
${cases.join('\n')}
	esac
	for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $word in
		${commandNames.join(' | ')} | help) command=$word; break ;;
		esac
	done
	if [[ $current == -* ]]; then
		COMPREPLY=($(compgen -W '${shownOptions.map(option => `--${option.name}`).join(' ')}' -- "$current"))
		return
	fi
	case $command in
	'') COMPREPLY=($(compgen -W '${commandNames.join(' ')} help' -- "$current")) ;;
${Object.entries(words)
	.map(([name, list]) => `\t${name}) COMPREPLY=($(compgen -W '${list.join(' ')}' -- "$current")) ;;`)
	.join('\n')}
	${folderCommands.join(' | ')}) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")) ;;
	explain) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")) ;;
	esac
}
complete -F _linux_rust_setup linux-rust-setup
`;
}

const zshText = text => text.replace(/[[\]:\\]/g, '\\$&').replaceAll("'", "'\\''");

function zsh() {
	const specs = shownOptions.map(option => {
		const values = valuesOf(option);
		const action =
			values !== undefined
				? `(${values.join(' ')})`
				: option.value === 'FOLDER'
					? '_files -/'
					: ['FILE', 'PATH'].includes(option.value)
						? '_files'
						: ' ';
		return `\t'${option.multiple ? '*' : ''}--${option.name}[${zshText(option.about)}]${option.value === undefined ? '' : `:${option.value.toLowerCase()}:${action}`}'`;
	});
	return `#compdef linux-rust-setup
# zsh completion for linux-rust-setup, written by scripts/system-files.js
local context state line
local -A opt_args
local -a commands=(
${commands.map(({name, about}) => `\t'${name}:${zshText(about)}'`).join('\n')}
)
_arguments \\
${specs.join(' \\\n')} \\
	'1: :{_describe command commands}' \\
	'*: :->rest'
case $state in
rest)
	case $line[1] in
${Object.entries(words)
	.map(([name, list]) => `\t${name}) _values word ${list.join(' ')} ;;`)
	.join('\n')}
	${folderCommands.join(' | ')}) _files -/ ;;
	explain) _files ;;
	esac
	;;
esac
`;
}

const fishText = text => `'${text.replace(/[\\']/g, '\\$&')}'`;

function fish() {
	const none = `not __fish_seen_subcommand_from ${commandNames.join(' ')} help`;
	// a step of check has the name of a command
	const after = (name, what) =>
		`complete -c linux-rust-setup -n '__fish_seen_subcommand_from ${name}${words[name] === undefined ? `; and not __fish_seen_subcommand_from ${Object.keys(words).join(' ')}` : ''}' ${what}`;
	return `# fish completion for linux-rust-setup, written by scripts/system-files.js
complete -c linux-rust-setup -f
${commands.map(({name, about}) => `complete -c linux-rust-setup -n '${none}' -a ${name} -d ${fishText(about)}`).join('\n')}
${Object.entries(words)
	.map(([name, list]) => after(name, `-a '${list.join(' ')}'`))
	.join('\n')}
${folderCommands.map(name => after(name, "-a '(__fish_complete_directories)'")).join('\n')}
${after('explain', '-F')}
${shownOptions
	.map(option => {
		const values = valuesOf(option);
		const value =
			option.value === undefined
				? ''
				: values !== undefined
					? ` -x -a '${values.join(' ')}'`
					: option.value === 'FOLDER'
						? " -x -a '(__fish_complete_directories)'"
						: ['FILE', 'PATH'].includes(option.value)
							? ' -r -F'
							: ' -x';
		return `complete -c linux-rust-setup -l ${option.name}${option.short === undefined ? '' : ` -s ${option.short}`}${value} -d ${fishText(option.about)}`;
	})
	.join('\n')}
`;
}

/** Text for roff: its own characters escaped, a line that would be a request made harmless. */
const roff = text =>
	text
		.replaceAll('\\', '\\e')
		.replaceAll('-', '\\-')
		.replaceAll('…', '...')
		.replaceAll('’', "'")
		.replace(/^([.'])/gm, '\\&$1');

function manual() {
	const form = text => roff(text);
	const each = commandNames.map(name => {
		const [usage = '', ...rest] = helpText(name).trimEnd().split('\n\n');
		return [
			`.SS ${name}`,
			'.nf',
			...usage.split('\n').map(line => form(line)),
			'.fi',
			...rest.flatMap(paragraph => ['.PP', ...paragraph.split('\n').map(roff)])
		].join('\n');
	});
	const codes = [...help.matchAll(/ {2}(\d+) {2,}(\S.*?)(?= {3,}|$)/gm)].sort((a, b) => Number(a[1]) - Number(b[1]));
	return `.\\" Written by scripts/system-files.js
.TH LINUX\\-RUST\\-SETUP 1 "" "linux\\-rust\\-setup ${manifest.version}" "User Commands"
.SH NAME
linux\\-rust\\-setup \\- from the wish to write a Linux kernel module in Rust to one of yours in a running kernel
.SH SYNOPSIS
.B linux\\-rust\\-setup
.RI [ COMMAND ]
.RI [ FLAGS ]
.SH DESCRIPTION
Eight steps lead from a stock system to a module of yours that runs:
${roff(stepIds.join(', '))}.
A step is true or not true of the machine now, and each can be looked at again at any time.
.SH COMMANDS
${each.join('\n')}
.SH OPTIONS
${shownOptions
	.map(
		option =>
			`.TP\n.B ${option.short === undefined ? '' : `\\-${option.short}, `}\\-\\-${roff(option.name)}${option.value === undefined ? '' : ` ${roff(option.value)}`}\n${roff(option.about)}`
	)
	.join('\n')}
.SH EXIT STATUS
${codes.map(([, code, about]) => `.TP\n.B ${code}\n${roff(about.trim())}`).join('\n')}
.SH FILES
.TP
.I $XDG_STATE_HOME/linux\\-rust\\-setup
what is remembered between runs (memory.json), and logs; without the variable, below ~/.local/state
.TP
.I $XDG_CACHE_HOME/linux\\-rust\\-setup
what can be found out again; without the variable, below ~/.cache
.SH ENVIRONMENT
.TP
.B NO_COLOR
no colours, whatever its value
`;
}

const files = {
	'man/linux-rust-setup.1': manual(),
	'completions/linux-rust-setup.bash': bash(),
	'completions/_linux-rust-setup': zsh(),
	'completions/linux-rust-setup.fish': fish()
};

for (const [path, text] of Object.entries(files)) {
	const file = new URL(path, assets);
	if (process.argv.includes('--check')) {
		let now = '';
		try {
			now = readFileSync(file, 'utf8');
		} catch {
			// not written yet
		}
		if (now !== text) {
			console.error(`assets/${path} is not up to date. Run: node scripts/system-files.js`);
			process.exitCode = 1;
		}
		continue;
	}
	mkdirSync(new URL('.', file), {recursive: true});
	writeFileSync(file, text);
}
