/** A kernel's configuration. Keys carry the `CONFIG_` prefix; an option that is expressly not set has the value `n`. */
export type Config = {
	readonly options: ReadonlyMap<string, string>;
	/** The version from the header, such as `6.12.117` or `7.3.0-rc7`: the source's, not the release that `uname -r` shows. */
	readonly kernel?: string;
};

/** How many of the first lines may hold the header with the kernel version. */
const headerLines = 20;

const notSet = ' is not set';

const isName = (name: string): boolean => name.length > 'CONFIG_'.length && !/\W/.test(name);

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
	const options = new Map<string, string>();
	let kernel: string | undefined;
	let strangers = 0;
	// searched, not split into lines and matched: a distribution's configuration has twelve thousand, and every check reads one
	for (let start = 0, index = 0, end = 0; start < text.length; start = end + 1, index += 1) {
		end = text.indexOf('\n', start);
		if (end < 0) end = text.length;
		if (text.startsWith('CONFIG_', start)) {
			const equals = text.indexOf('=', start);
			const name = equals < end ? text.slice(start, equals) : '';
			if (isName(name)) options.set(name, unquote(text.slice(equals + 1, end).trimEnd()));
			else strangers++;
		} else if (text.startsWith('#', start)) {
			const unset = text.startsWith('# CONFIG_', start) ? text.slice(start + 2, end).trimEnd() : '';
			if (unset.endsWith(notSet) && isName(unset.slice(0, -notSet.length)))
				options.set(unset.slice(0, -notSet.length), 'n');
			else if (index < headerLines)
				kernel ??= /^# Linux\/\S+ (\d\S*) Kernel Configuration/.exec(text.slice(start, end))?.[1];
		} else if (text.slice(start, end).trim() !== '') strangers++;
	}
	if (text.trim() === '') return {ok: false, why: 'The file is empty.'};
	if (options.size === 0)
		return {ok: false, why: 'No line sets a CONFIG_ option, so this is not a kernel configuration.'};
	if (strangers > options.size)
		return {ok: false, why: 'Most lines do not set a CONFIG_ option, so this is not a kernel configuration.'};
	return {ok: true, config: {options, ...(kernel === undefined ? {} : {kernel})}};
}

/** The value of an option (`CONFIG_RUST`), or undefined where the configuration does not mention it. */
export function option(config: Config, name: string): string | undefined {
	return config.options.get(name);
}

/** Whether an option is `y` or `m`. */
export function isOn(config: Config, name: string): boolean {
	const value = option(config, name);
	return value === 'y' || value === 'm';
}
