/** A kernel that systemd-boot can start: an entry file, or a unified kernel image. */
export type LoaderEntry = {
	/** The file's name: what `bootctl set-default` takes. */
	readonly id: string;
	readonly title: string;
	readonly sortKey: string | undefined;
	readonly version: string | undefined;
	/** The kernel, below the file system that the entry is on; of a unified image the image itself. */
	readonly image: string;
	readonly options: string;
};

/** Reads an entry file (uapi-group.org, Boot Loader Specification, type 1). Undefined where it starts no kernel. */
export function parseLoaderEntry(file: string, text: string): LoaderEntry | undefined {
	const values = (key: string): readonly string[] =>
		text.split('\n').flatMap(line => {
			const [, name, value] = /^\s*(\S+)\s+(.*?)\s*$/.exec(line) ?? [];
			return name === key && value !== undefined ? [value] : [];
		});
	const image = values('linux')[0] ?? values('efi')[0];
	if (image === undefined) return undefined;
	return {
		id: withoutCounter(file),
		title: values('title')[0] ?? file,
		sortKey: values('sort-key')[0],
		version: values('version')[0],
		image,
		options: values('options').join(' ')
	};
}

/** `+3-1` before the ending counts boots that were tried, and is not part of the name (systemd, automatic boot assessment). */
export const withoutCounter = (file: string): string => file.replace(/\+\d+(?:-\d+)?(?=\.(?:conf|efi)$)/, '');

/** `default` of loader.conf: a pattern with `*` and `?`, or `@saved`. */
export function parseLoaderConf(text: string): string | undefined {
	return /^[ \t]*default[ \t]+(\S+)/m.exec(text)?.[1];
}

/** Whether a pattern of loader.conf means an entry: with its ending, as systemd-boot compares, or as older files have it without. */
export function matchesPattern(pattern: string, id: string): boolean {
	const expression = pattern
		.replace(/[.+^${}()|\\]/g, '\\$&')
		.replaceAll('*', '.*')
		.replaceAll('?', '.');
	return new RegExp(`^${expression}$`, 'i').test(id) || new RegExp(`^${expression}\\.conf$`, 'i').test(id);
}

/** systemd-boot's order: entries with a sort key before those without, newest version first, then names backwards. */
export function inLoaderOrder(entries: readonly LoaderEntry[]): readonly LoaderEntry[] {
	const natural = (a: string, b: string): number => a.localeCompare(b, 'en', {numeric: true});
	return entries.toSorted((a, b) => {
		if ((a.sortKey === undefined) !== (b.sortKey === undefined)) return a.sortKey === undefined ? 1 : -1;
		if (a.sortKey !== undefined && b.sortKey !== undefined) {
			const byKey = natural(a.sortKey, b.sortKey) || natural(b.version ?? '', a.version ?? '');
			if (byKey !== 0) return byKey;
		}
		return natural(b.id, a.id);
	});
}

/** What a new entry is like: that of another kernel, with this one's name and files. Gives the text of the file. */
export function entryLike(
	pattern: string,
	names: {readonly from: string; readonly to: string; readonly title: string}
): string {
	const {from, to, title} = names;
	const image = new RegExp(
		`((?:vmlinuz|initramfs)-)${from.replace(/[.+*?^${}()|[\]\\]/g, '\\$&')}(?=[.\\s]|-fallback|$)`,
		'g'
	);
	return pattern
		.split('\n')
		.filter(line => !/^\s*(?:version|machine-id|sort-key)\s/.test(line))
		.map(line =>
			/^\s*title\s/.test(line)
				? `title ${title}`
				: /^\s*(?:linux|initrd)\s/.test(line)
					? line.replace(image, `$1${to}`)
					: line
		)
		.join('\n');
}
