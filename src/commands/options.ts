import {parseArgs} from 'node:util';
import type {StepId} from '../model/step.ts';
import {UsageError} from './usage-error.ts';

export const commandNames = ['wizard', 'check', 'new', 'build', 'load', 'unload', 'log', 'explain'] as const;
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
	readonly sysroot?: string;
	readonly module?: string;
	readonly template?: string;
	readonly name?: string;
	readonly folder?: string;
	readonly author?: string;
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

const flags = {
	kdir: {type: 'string'},
	rustc: {type: 'string'},
	sysroot: {type: 'string'},
	module: {type: 'string'},
	template: {type: 'string'},
	name: {type: 'string'},
	folder: {type: 'string'},
	author: {type: 'string'},
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
	load: {least: 0, most: 1, what: 'at most one word, the module’s folder'},
	unload: {least: 0, most: 1, what: 'at most one word, the module’s folder'},
	log: {least: 0, most: 1, what: 'at most one word, the name of a module'},
	explain: {least: 0, most: 1, what: 'at most one word, a file'}
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
	const {'dry-run': dryRun, yes, json, quiet, plain, ascii, help: _help, version: _version, ...named} = values;
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
			yes: yes ?? false,
			dryRun: dryRun ?? false,
			json: json ?? false,
			quiet: quiet ?? false,
			plain: plain ?? false,
			ascii: ascii ?? false
		}
	};
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
