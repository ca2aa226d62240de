import {parseArgs} from 'node:util';
import type {StepId} from '../model/step.ts';
import {UsageError} from './usage-error.ts';

export const commandNames = [
	'wizard',
	'check',
	'new',
	'build',
	'load',
	'unload',
	'log',
	'explain',
	'review',
	'hook',
	'practice'
] as const;
export type CommandName = (typeof commandNames)[number];

export const stepIds: readonly StepId[] = [
	'machine',
	'kernel',
	'boot',
	'toolchain',
	'metadata',
	'module',
	'build',
	'load'
];

/** Everything the command line said. Each question of the wizard is one of these flags. */
export type Options = {
	readonly command: CommandName;
	readonly words: readonly string[];
	readonly kdir?: string;
	readonly rustc?: string;
	/** The kernel's source, for metadata that is rebuilt. */
	readonly source?: string;
	readonly sysroot?: string;
	readonly module?: string;
	readonly template?: string;
	readonly name?: string;
	readonly folder?: string;
	readonly author?: string;
	/** The way to a Rust kernel, by the name of the remedy. */
	readonly kernel?: string;
	/** What to ask of the boot loader without a question: one of `bootWords`. */
	readonly boot?: string;
	/** The folder of a recipe for a kernel. */
	readonly recipe?: string;
	/** The recipe agreed to beforehand, by the beginning of its digest. */
	readonly reviewed?: string;
	/** Where packages are built. */
	readonly 'build-folder'?: string;
	/** The address of the AUR, or of a place of its shape. */
	readonly aur?: string;
	/** Where practice mode fetches its packages. */
	readonly mirror?: string;
	/** The release of an installed kernel that practice mode runs instead of its own. */
	readonly installed?: string;
	/** The machines spoken of: this one, the practice guest (load), others over ssh (check). None: this one. */
	readonly on: readonly string[];
	/** Where the plan is written as a shell script. */
	readonly script?: string;
	/** Where a report to hand on is written. */
	readonly report?: string;
	readonly dkms?: boolean;
	readonly mend: boolean;
	readonly hook: boolean;
	readonly yes: boolean;
	readonly dryRun: boolean;
	readonly json: boolean;
	readonly quiet: boolean;
	readonly plain: boolean;
	readonly ascii: boolean;
};

export type Parsed =
	| {readonly kind: 'run'; readonly options: Options}
	| {readonly kind: 'help'; readonly command?: CommandName}
	| {readonly kind: 'version'};

/** Every flag, as node:util's parseArgs reads it; the shells' completions are made from it (scripts/completions.js). */
export const flags = {
	kdir: {type: 'string'},
	rustc: {type: 'string'},
	source: {type: 'string'},
	sysroot: {type: 'string'},
	module: {type: 'string'},
	template: {type: 'string'},
	name: {type: 'string'},
	folder: {type: 'string'},
	author: {type: 'string'},
	kernel: {type: 'string'},
	boot: {type: 'string'},
	recipe: {type: 'string'},
	reviewed: {type: 'string'},
	'build-folder': {type: 'string'},
	aur: {type: 'string'},
	mirror: {type: 'string'},
	installed: {type: 'string'},
	on: {type: 'string', multiple: true},
	script: {type: 'string'},
	report: {type: 'string'},
	dkms: {type: 'boolean'},
	mend: {type: 'boolean'},
	hook: {type: 'boolean'},
	yes: {type: 'boolean', short: 'y'},
	'dry-run': {type: 'boolean'},
	json: {type: 'boolean'},
	quiet: {type: 'boolean', short: 'q'},
	plain: {type: 'boolean'},
	ascii: {type: 'boolean'},
	help: {type: 'boolean', short: 'h'},
	version: {type: 'boolean'}
} as const;

/** How many words each command takes after its name. */
const words: Readonly<Record<CommandName, {readonly least: number; readonly most: number; readonly what: string}>> = {
	wizard: {least: 0, most: 0, what: 'no words'},
	check: {least: 0, most: stepIds.length, what: 'names of steps'},
	new: {least: 1, most: 1, what: 'one word, the name of the module'},
	build: {least: 0, most: 1, what: 'at most one word, the module’s folder'},
	load: {least: 0, most: Number.POSITIVE_INFINITY, what: 'the module’s folder and its parameters'},
	unload: {least: 0, most: 1, what: 'at most one word, the module’s folder'},
	log: {least: 0, most: 1, what: 'at most one word, the name of a module'},
	explain: {least: 0, most: 1, what: 'at most one word, a file or the id of a failure'},
	review: {least: 0, most: 1, what: 'at most one word, the folder of a recipe'},
	hook: {least: 1, most: 1, what: 'one word: install, remove or show'},
	practice: {least: 0, most: 1, what: 'at most one word: start, shell, stop or clean'}
};

export const hookWords = ['install', 'remove', 'show'] as const;

export const practiceWords = ['start', 'shell', 'stop', 'clean'] as const;

/** Once, from now on, or not without being asked. */
export const bootWords = ['once', 'default', 'later'] as const;

/** What `--on` may name. */
const places: Readonly<
	Partial<Record<CommandName, {readonly isOne: (word: string) => boolean; readonly what: string}>>
> = {
	load: {isOne: word => word === 'this' || word === 'practice', what: 'this, practice'},
	check: {isOne: word => word === 'this' || word.startsWith('ssh://'), what: 'this, ssh://[USER@]HOST[:PORT]'}
};

/** Flags that one command alone understands: elsewhere they would promise what is not done. */
const onlyWith: Readonly<Partial<Record<keyof typeof flags, CommandName>>> = {
	script: 'wizard',
	report: 'check',
	dkms: 'new',
	mend: 'check',
	hook: 'check',
	mirror: 'practice',
	kernel: 'wizard',
	boot: 'wizard',
	recipe: 'wizard',
	reviewed: 'wizard',
	'build-folder': 'wizard',
	aur: 'wizard'
};

/** Reads the command line. Throws UsageError for what it does not know. */
export function parseOptions(argv: readonly string[]): Parsed {
	const {values, positionals} = parse(argv);
	const [first, ...rest] = positionals;
	if (values.version) return {kind: 'version'};
	if (values.help || first === 'help') {
		const about = first === 'help' ? rest[0] : first;
		return isCommand(about) ? {kind: 'help', command: about} : {kind: 'help'};
	}
	if (first !== undefined && !isCommand(first)) {
		throw new UsageError(
			'unknown-command',
			`There is no command ${quoted(first)}.`,
			`Commands: ${commandNames.join(', ')}. linux-rust-setup --help explains them.`
		);
	}
	const command = first ?? 'wizard';
	const expected = words[command];
	if (rest.length < expected.least || rest.length > expected.most) {
		throw new UsageError(
			'wrong-words',
			`${command} takes ${expected.what}; ${counted(rest)}.`,
			`linux-rust-setup ${command} --help shows how it is used.`
		);
	}
	if (command === 'check') {
		for (const step of rest) {
			if (!(stepIds as readonly string[]).includes(step))
				throw new UsageError('unknown-step', `There is no step ${quoted(step)}.`, `Steps: ${stepIds.join(', ')}.`);
		}
	}
	if (command === 'hook' && !(hookWords as readonly (string | undefined)[]).includes(rest[0]))
		throw new UsageError('unknown-word', `hook knows no ${quoted(rest[0] ?? '')}.`, `Words: ${hookWords.join(', ')}.`);
	if (command === 'practice' && rest[0] !== undefined && !(practiceWords as readonly string[]).includes(rest[0]))
		throw new UsageError(
			'unknown-word',
			`practice knows no ${quoted(rest[0])}.`,
			`Words: ${practiceWords.join(', ')}; none for the whole walk.`
		);
	if (values.boot !== undefined && !(bootWords as readonly string[]).includes(values.boot))
		throw new UsageError('unknown-word', `--boot knows no ${quoted(values.boot)}.`, `Words: ${bootWords.join(', ')}.`);
	checkPlaces(command, values.on ?? []);
	checkInstalled(command, values);
	for (const [flag, owner] of Object.entries(onlyWith)) {
		if (values[flag as keyof typeof values] !== undefined && owner !== command)
			throw new UsageError(
				'flag-elsewhere',
				`--${flag} belongs to ${owner}, not to ${command}.`,
				`linux-rust-setup ${owner} --help shows how it is used.`
			);
	}
	const {
		'dry-run': dryRun,
		mend,
		hook,
		yes,
		json,
		quiet,
		plain,
		ascii,
		on = [],
		help: _help,
		version: _version,
		...named
	} = values;
	for (const [flag, value] of Object.entries(named)) {
		if (value === '')
			throw new UsageError(
				'empty-value',
				`--${flag} has an empty value.`,
				`Leave it out, or give a value: --${flag} VALUE.`
			);
	}
	return {
		kind: 'run',
		options: {
			command,
			words: rest,
			...named,
			on,
			mend: mend ?? false,
			hook: hook ?? false,
			yes: yes ?? false,
			dryRun: dryRun ?? false,
			json: json ?? false,
			quiet: quiet ?? false,
			plain: plain ?? false,
			ascii: ascii ?? false
		}
	};
}

/** A release is a folder's name below /usr/lib/modules, and speaks of the practice machine alone. */
function checkInstalled(
	command: CommandName,
	{installed, on = []}: {readonly installed?: string; readonly on?: readonly string[]}
): void {
	if (installed === undefined) return;
	if (command !== 'practice' && !on.includes('practice'))
		throw new UsageError(
			'flag-elsewhere',
			'--installed belongs to practice and to load --on practice.',
			'linux-rust-setup practice --help shows how it is used.'
		);
	if (!/^\w[\w.+~-]*$/.test(installed))
		throw new UsageError(
			'flag-value',
			`--installed takes a release, and ${quoted(installed)} is none.`,
			'Releases are the folders of /usr/lib/modules: linux-rust-setup practice --installed RELEASE'
		);
}

function checkPlaces(command: CommandName, named: readonly string[]): void {
	if (named.length === 0) return;
	const known = places[command];
	if (known === undefined)
		throw new UsageError(
			'flag-elsewhere',
			`--on belongs to check and load, not to ${command}.`,
			'linux-rust-setup check --help shows how it is used.'
		);
	const strange = named.find(word => !known.isOne(word));
	if (strange !== undefined)
		throw new UsageError('unknown-place', `${command} --on knows no ${quoted(strange)}.`, `Places: ${known.what}.`);
	if (command === 'load' && named.length > 1)
		throw new UsageError('wrong-words', 'load --on takes one place.', 'Load in one place after the other.');
}

/** Whether `--json` was asked for, even where the rest of the command line cannot be read. */
export const wantsJson = (argv: readonly string[]): boolean =>
	argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined).includes('--json');

function counted(words: readonly string[]): string {
	const quotedWords = words.map(quoted).join(' ');
	if (words.length === 0) return 'there is none';
	return words.length === 1 ? `there is one: ${quotedWords}` : `there are ${words.length}: ${quotedWords}`;
}

function parse(argv: readonly string[]) {
	try {
		return parseArgs({args: [...argv], options: flags, allowPositionals: true, strict: true});
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;
		const flag = /'(--?[^' ]*)/.exec(message)?.[1] ?? '';
		if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
			throw new UsageError(
				'unknown-flag',
				`There is no flag ${quoted(flag)}.`,
				'linux-rust-setup --help lists the flags.'
			);
		}
		throw new UsageError(
			'flag-value',
			`${flag === '' ? 'A flag' : flag} was not given the value it needs, or was given one it does not take.`,
			'linux-rust-setup --help shows how flags are written.'
		);
	}
}

const isCommand = (word: string | undefined): word is CommandName =>
	(commandNames as readonly (string | undefined)[]).includes(word);

const quoted = (word: string): string => `"${word}"`;
