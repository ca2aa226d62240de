/** A key whose value is a string, with the table it stands in. */
export type TomlString = {readonly table: readonly string[]; readonly key: string; readonly value: string};

const escapes: Readonly<Record<string, string>> = {
	b: '\b',
	t: '\t',
	n: '\n',
	f: '\f',
	r: '\r',
	e: '\u001b',
	'"': '"',
	'\\': '\\'
};

/**
 * The string values of a TOML text (rustup's settings and toolchain files). Values of other types are passed over, multi-line
 * strings and arrays as a whole. Undefined where the text is not TOML as far as it was read.
 */
export function readTomlStrings(text: string): readonly TomlString[] | undefined {
	const found: TomlString[] = [];
	let table: readonly string[] = [];
	let at = 0;

	const take = (pattern: RegExp): RegExpExecArray | undefined => {
		pattern.lastIndex = at;
		const match = pattern.exec(text);
		if (!match) return undefined;
		at = pattern.lastIndex;
		return match;
	};
	const simpleString = (): string | undefined => {
		const basic = take(/"((?:[^"\\\n]|\\[^\n])*)"/y)?.[1];
		if (basic !== undefined)
			return basic.replace(
				/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g,
				(whole, short: string | undefined, long: string | undefined, one: string | undefined) => {
					const code = Number.parseInt(short ?? long ?? '', 16);
					if (Number.isNaN(code)) return escapes[one ?? ''] ?? whole;
					return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
				}
			);
		return take(/'([^'\n]*)'/y)?.[1];
	};
	const keyPath = (): readonly string[] | undefined => {
		const path: string[] = [];
		do {
			take(/[ \t]*/y);
			const part = take(/[A-Za-z0-9_-]+/y)?.[0] ?? simpleString();
			if (part === undefined) return undefined;
			path.push(part);
			take(/[ \t]*/y);
		} while (take(/\./y));
		return path;
	};
	/** Passes over a value that is no one-line string; false where it does not end. */
	const passOver = (): boolean => {
		let depth = 0;
		for (;;) {
			if (text.startsWith('"""', at) || text.startsWith("'''", at)) {
				if (!take(/"""(?:[^\\]|\\[\s\S])*?"""|'''[\s\S]*?'''/y)) return false;
				if (depth === 0) return true;
			} else if (simpleString() !== undefined) {
				if (depth === 0) return true;
			} else if (take(/[[{]/y)) depth++;
			else if (take(/[\]}]/y)) {
				if (--depth <= 0) return depth === 0;
			} else if (depth > 0 ? take(/#[^\n]*|[^[\]{}"'#]+/y) : take(/[^[\]{}"'#\n,]+/y)) {
				if (depth === 0) return true;
			} else return false;
		}
	};

	for (;;) {
		take(/(?:[\s\ufeff]|#[^\n]*)*/y);
		if (at >= text.length) return found;
		const header = take(/\[\[?/y)?.[0];
		const path = keyPath();
		if (!path) return undefined;
		if (header) {
			if (!take(header === '[' ? /\]/y : /\]\]/y)) return undefined;
			table = path;
		} else {
			if (!take(/=[ \t]*/y)) return undefined;
			const value = text.startsWith('"""', at) || text.startsWith("'''", at) ? undefined : simpleString();
			if (value !== undefined) found.push({table: [...table, ...path.slice(0, -1)], key: path.at(-1) ?? '', value});
			else if (!passOver()) return undefined;
		}
		if (!take(/[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y)) return undefined;
	}
}
