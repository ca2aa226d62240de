/** A kernel's configuration. Keys carry the `CONFIG_` prefix; an option that is expressly not set has the value `n`. */
export type Config = {
	/** All of them, read when they are first asked for. */
	readonly options: ReadonlyMap<string, string>;
	/** The value of one, without reading all. */
	readonly find: (name: string) => string | undefined;
	/** The version from the header, such as `6.12.117` or `7.3.0-rc7`: the source's, not the release that `uname -r` shows. */
	readonly kernel?: string;
};

/** How many of the first lines may hold the header with the kernel version. */
const headerLines = 20;

const prefix = 'CONFIG_';
const notSet = ' is not set';

/** More questions than these are answered faster from all options than each from the text. */
const mostSearches = 12;

const isName = (name: string): boolean => name.length > prefix.length && !/\W/.test(name);

const unquote = (value: string): string =>
	value.length >= 2 && value.startsWith('"') && value.endsWith('"')
		? value.slice(1, -1).replace(/\\(.)/g, '$1')
		: value;

/**
 * Reads `.config`, `/boot/config-*`, an unpacked `/proc/config.gz` or `include/config/auto.conf`. String values come without
 * quotes and backslash escapes. Any text is accepted; one that is no kernel configuration gives a sentence that says why.
 */
export function parseConfig(
	text: string
): {readonly ok: true; readonly config: Config} | {readonly ok: false; readonly why: string} {
	let all: ReadonlyMap<string, string> | undefined;
	const options = (): ReadonlyMap<string, string> => {
		all ??= readOptions(text).options;
		return all;
	};
	const without = {ok: false, why: 'No line sets a CONFIG_ option, so this is not a kernel configuration.'} as const;
	// a log of megabytes is not read line by line to know that it is none
	if (!mayHoldOptions(text)) return text.trim() === '' ? {ok: false, why: 'The file is empty.'} : without;
	if (!isPlainly(text)) {
		const {options: read, strangers} = readOptions(text);
		if (read.size === 0) return without;
		if (strangers > read.size)
			return {ok: false, why: 'Most lines do not set a CONFIG_ option, so this is not a kernel configuration.'};
		all = read;
	}
	const found = new Map<string, string | undefined>();
	const find = (name: string): string | undefined => {
		if (all !== undefined || found.size >= mostSearches) return options().get(name);
		if (!found.has(name)) found.set(name, isName(name) && name.startsWith(prefix) ? search(text, name) : undefined);
		return found.get(name);
	};
	const header = text.split('\n', headerLines).join('\n');
	const kernel = /^# Linux\/\S+ (\d\S*) Kernel Configuration/m.exec(header)?.[1];
	return {
		ok: true,
		config: {
			get options() {
				return options();
			},
			find,
			...(kernel === undefined ? {} : {kernel})
		}
	};
}

/** Whether any line begins as one that sets an option, or says that it is not set. */
const mayHoldOptions = (text: string): boolean =>
	[prefix, `# ${prefix}`].some(beginning => text.startsWith(beginning) || text.includes(`\n${beginning}`));

/** Whether hundreds of lines begin as those of a configuration do, and hardly any other: then no line has to be read to know what this is. */
function isPlainly(text: string): boolean {
	let settings = 0;
	let others = 0;
	for (let start = 0, end = 0; start < text.length; start = end + 1) {
		end = text.indexOf('\n', start);
		if (end < 0) end = text.length;
		if (text.startsWith(prefix, start)) settings++;
		else if (end > start && text.charCodeAt(start) !== hash) others++;
	}
	return settings >= 200 && others < settings / 10;
}

const hash = 35;

/** All options, of one that is set twice the last; and how many lines are neither settings nor comments. */
function readOptions(text: string): {readonly options: ReadonlyMap<string, string>; readonly strangers: number} {
	const options = new Map<string, string>();
	let strangers = 0;
	for (let start = 0, end = 0; start < text.length; start = end + 1) {
		end = text.indexOf('\n', start);
		if (end < 0) end = text.length;
		if (text.startsWith(prefix, start)) {
			const equals = text.indexOf('=', start);
			const name = equals < end ? text.slice(start, equals) : '';
			if (isName(name)) options.set(name, unquote(text.slice(equals + 1, end).trimEnd()));
			else strangers++;
		} else if (text.startsWith('# CONFIG_', start)) {
			const name = unsetName(text.slice(start, end));
			if (name !== undefined) options.set(name, 'n');
		} else if (text.charCodeAt(start) !== hash && text.slice(start, end).trim() !== '') strangers++;
	}
	return {options, strangers};
}

/** The option that a line `# CONFIG_X is not set` speaks of. */
function unsetName(line: string): string | undefined {
	const words = line.slice(2).trimEnd();
	const name = words.slice(0, -notSet.length);
	return words.endsWith(notSet) && isName(name) ? name : undefined;
}

/** What the last line about an option says. A distribution's configuration has twelve thousand lines, and few of them are ever asked for. */
function search(text: string, name: string): string | undefined {
	const set = lastLine(text, `${name}=`, () => true);
	const unset = lastLine(text, `# ${name}${notSet}`, line => unsetName(line) === name);
	if (set === undefined || (unset !== undefined && unset.at > set.at)) return unset && 'n';
	return unquote(set.line.slice(name.length + 1).trimEnd());
}

function lastLine(
	text: string,
	beginning: string,
	fits: (line: string) => boolean
): {readonly at: number; readonly line: string} | undefined {
	let last: {readonly at: number; readonly line: string} | undefined;
	for (let at = text.startsWith(beginning) ? 0 : next(text, beginning, 0); at >= 0; at = next(text, beginning, at)) {
		const end = text.indexOf('\n', at);
		const line = text.slice(at, end < 0 ? undefined : end);
		if (fits(line)) last = {at, line};
	}
	return last;
}

/** Where the next line after `from` begins that begins with these words; -1 where none does. */
function next(text: string, beginning: string, from: number): number {
	const at = text.indexOf(`\n${beginning}`, from);
	return at < 0 ? at : at + 1;
}

/** The value of an option (`CONFIG_RUST`), or undefined where the configuration does not mention it. */
export function option(config: Config, name: string): string | undefined {
	return config.find(name);
}

/** Whether an option is `y` or `m`. */
export function isOn(config: Config, name: string): boolean {
	const value = option(config, name);
	return value === 'y' || value === 'm';
}
