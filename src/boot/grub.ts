/** An entry of GRUB's menu that starts a kernel. */
export type GrubEntry = {
	/** As grub-reboot and grub-set-default take it: titles from the outermost menu inward, joined by `>`. */
	readonly name: string;
	/** The same by the entries' own ids, where each has one. */
	readonly id: string | undefined;
	/** The same by positions from 0. */
	readonly position: string;
	/** The kernel image as the entry names it, below the file system GRUB reads it from. */
	readonly image: string;
};

export type GrubMenu = {
	readonly entries: readonly GrubEntry[];
	/** It starts what grub-set-default chose (GRUB_DEFAULT=saved), where nothing was chosen for one boot. */
	readonly usesSaved: boolean;
	/** What it starts else: a position, a title or an id. */
	readonly fallback: string;
	/** Whether it asks for an entry that grub-reboot chose, and forgets it. */
	readonly asksOnce: boolean;
	/** Its entries are files of their own (Fedora's blscfg), which this text does not hold. */
	readonly readsEntryFiles: boolean;
};

/** The quoted or bare words of a line of GRUB's own shell; stops at a bare `{`. */
function words(line: string): readonly string[] {
	const found: string[] = [];
	const word = /\s*((?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+)/y;
	for (let match = word.exec(line); match !== null; match = word.exec(line)) {
		const [, text = ''] = match;
		if (text === '{') break;
		found.push(
			text.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g, (_, single?: string, double?: string, escaped?: string) =>
				single !== undefined ? single : double !== undefined ? double.replace(/\\(["\\$`])/g, '$1') : (escaped ?? '')
			)
		);
	}
	return found;
}

type Level = {readonly title: string; readonly id: string | undefined; readonly position: number; children: number};

/** Reads grub.cfg as grub-mkconfig writes it (GRUB 2.12): its menu, and how it chooses what to start. */
export function parseGrubMenu(text: string): GrubMenu {
	const entries: GrubEntry[] = [];
	const levels: (Level | undefined)[] = [];
	let top = 0;
	for (const line of text.split('\n')) {
		const trimmed = line.trim();
		const [command = '', title = '', ...rest] = /^(?:menuentry|submenu|linux)/.test(trimmed) ? words(trimmed) : [];
		if (command === 'menuentry' || command === 'submenu') {
			const parent = levels.findLast(level => level !== undefined);
			const position = parent === undefined ? top++ : parent.children++;
			const mark = rest.findIndex(word => word === '--id' || word === '$menuentry_id_option');
			levels.push({title, id: mark < 0 ? undefined : rest[mark + 1], position, children: 0});
		} else if (trimmed.endsWith('{')) levels.push(undefined);
		else if (trimmed === '}') levels.pop();
		else if (/^linux(?:16|efi)?$/.test(command)) {
			const path = levels.filter(level => level !== undefined);
			const isFirst = path.length > 0 && entries.at(-1)?.position !== path.map(one => one.position).join('>');
			if (isFirst)
				entries.push({
					name: path.map(one => one.title).join('>'),
					id: path.every(one => one.id !== undefined) ? path.map(one => one.id).join('>') : undefined,
					position: path.map(one => one.position).join('>'),
					image: title
				});
		}
	}
	const asksOnce = /^\s*if \[ "\$\{next_entry\}" \]/m.test(text);
	// the branch that is taken where nothing was chosen for one boot
	const fallback =
		/^else\s*\n\s*set default="([^"\n]*)"/m.exec(text)?.[1] ?? /^\s*set default="([^"\n]*)"/m.exec(text)?.[1];
	const usesSaved = /^\$\{?saved_entry\}?$/.test(fallback ?? '');
	return {
		entries,
		usesSaved,
		fallback: usesSaved ? '0' : (fallback ?? '0'),
		asksOnce,
		readsEntryFiles: /^\s*blscfg\b/m.test(text)
	};
}

/** The variables of GRUB's environment block (grubenv): lines `name=value`, the rest filled with `#`. */
export function parseGrubEnvironment(text: string): ReadonlyMap<string, string> {
	return new Map(
		text
			.split('\n')
			.filter(line => !line.startsWith('#') && line.includes('='))
			.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const)
	);
}

/**
 * The entry that a value of `default` means: a position, a title or an id at each level. A menu that is named alone starts its
 * first entry; what names none falls back to the first of all, as GRUB does.
 */
export function grubEntryFor(entries: readonly GrubEntry[], value: string): GrubEntry | undefined {
	if (value === '') return entries[0];
	const isIt = (entry: GrubEntry): boolean => {
		const [names, ids, positions] = [entry.name, entry.id ?? '', entry.position].map(text => text.split('>'));
		const parts = value.split('>');
		return parts.every((part, level) => [names, ids, positions].some(one => one?.[level] === part));
	};
	return entries.find(isIt) ?? entries[0];
}
