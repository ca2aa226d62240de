/** What of git's settings names the author of a module. */
export type GitUser = {readonly name?: string; readonly email?: string};

/**
 * `user.name` and `user.email` of one file of git's settings (git-config(1), "Syntax"): section and key in any case, quotes,
 * `\` escapes, comments, continued lines; the last one wins. Files named by `[include]` are not followed. Takes any text.
 */
export function gitUser(settings: string): GitUser {
	const user: {name?: string; email?: string} = {};
	let section = '';
	for (const line of settings.replace(/\\\r?\n/g, '').split(/\r?\n/)) {
		const [, header, rest = line] = /^\s*\[([^\]]*)\](.*)$/.exec(line) ?? [];
		if (header !== undefined) section = header.trim().toLowerCase();
		if (section !== 'user') continue;
		const [, key = '', value = ''] = /^\s*([a-z][a-z0-9-]*)\s*=\s*(.*)$/i.exec(rest) ?? [];
		const name = key.toLowerCase();
		if (name === 'name' || name === 'email') user[name] = settingValue(value);
	}
	return user;
}

const escapes: Readonly<Record<string, string>> = {n: '\n', t: '\t', b: '\b'};

/** The value as git reads it: outside quotes a comment ends it and white space at its end falls away. */
function settingValue(written: string): string {
	let value = '';
	let solid = 0;
	let quoted = false;
	for (let at = 0; at < written.length; at++) {
		const character = written.charAt(at);
		if (character === '"') quoted = !quoted;
		else if (character === '\\') {
			const escaped = written.charAt(++at);
			value += escapes[escaped] ?? escaped;
		} else if (!quoted && (character === '#' || character === ';')) break;
		else value += character;
		if (quoted || !/\s/.test(character)) solid = value.length;
	}
	return value.slice(0, solid);
}

/** An author as the kernel writes one (MODULE_AUTHOR in include/linux/module.h): `Name <email>`; undefined where no name is known. */
export function authorOf({name, email}: GitUser): string | undefined {
	if (!name) return undefined;
	return email ? `${name} <${email}>` : name;
}
