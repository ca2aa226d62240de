/** One package as apt describes it: field names as Debian writes them (`Package`, `Depends`). */
export type Stanza = ReadonlyMap<string, string>;

/** Reads what `apt-cache show` prints, or a Packages file: stanzas of `Field: value`, continued lines left out (Debian policy, 5.1). */
export function parseStanzas(text: string): readonly Stanza[] {
	return text
		.split(/\n{2,}/)
		.map(
			block =>
				new Map([...block.matchAll(/^([A-Za-z][\w-]*):[ \t]*(.*)$/gm)].map(([, key = '', value = '']) => [key, value]))
		)
		.filter(stanza => stanza.has('Package'));
}

/** The stock kernel of a suite, and the packages a module for it is built with. */
export type SuiteKernel = {
	/** What `uname -r` will say. */
	readonly release: string;
	/** The package's version: headers and source must have the same. */
	readonly version: string;
	readonly headers: string;
	/** The package that holds the tarball of the source. */
	readonly source: string;
	/** The upstream version of the suite's rustc, such as `1.97.1`. */
	readonly rustc: string;
};

/** What a suite is asked for. */
export const asked = ['linux-image-amd64', 'linux-headers-amd64', 'linux-source', 'rustc'] as const;

/** The suite's kernel from its meta packages, or why it will not do. */
export function suiteKernel(
	stanzas: readonly Stanza[]
): {readonly ok: true; readonly kernel: SuiteKernel} | {readonly ok: false; readonly why: string} {
	const [image, headers, source, rustc] = asked.map(name => stanzas.find(one => one.get('Package') === name));
	const real = dependency(image, /^linux-image-(\d\S*)$/);
	const headersOf = dependency(headers, /^(linux-headers-\d\S*)$/);
	const sourceOf = dependency(source, /^(linux-source-\d\S*)$/);
	const compiler = /^(?:\d+:)?(\d+\.\d+\.\d+)/.exec(rustc?.get('Version') ?? '')?.[1];
	const version = image?.get('Version');
	if (real === undefined || version === undefined) return {ok: false, why: 'it has no linux-image-amd64'};
	if (headersOf !== `linux-headers-${real}`) return {ok: false, why: `it has no headers for ${real}`};
	if (sourceOf === undefined || source?.get('Version') !== version)
		return {ok: false, why: `its linux-source is ${source?.get('Version') ?? 'missing'}, and its kernel ${version}`};
	if (compiler === undefined) return {ok: false, why: 'it has no rustc'};
	return {ok: true, kernel: {release: real, version, headers: headersOf, source: sourceOf, rustc: compiler}};
}

/** The package with the tarball of the suite's own kernel source. */
export const sourcePackage = (stanzas: readonly Stanza[]): string | undefined =>
	dependency(
		stanzas.find(one => one.get('Package') === 'linux-source'),
		/^(linux-source-\d\S*)$/
	);

function dependency(stanza: Stanza | undefined, pattern: RegExp): string | undefined {
	for (const part of (stanza?.get('Depends') ?? '').split(',')) {
		const found = pattern.exec(part.trim().split(/[ (]/)[0] ?? '')?.[1];
		if (found !== undefined) return found;
	}
	return undefined;
}

/** Bytes of the files that `apt-get --print-uris` would fetch: lines `'URI' FILE SIZE HASH`. */
export const downloadSize = (uris: string): number =>
	[...uris.matchAll(/^'[^']+' \S+ (\d+) /gm)].reduce((sum, [, size]) => sum + Number(size), 0);

/**
 * The mirror this machine takes Debian from, of the lines `ORIGIN|LABEL|URI|COMPONENT` that apt gives; the security archive has
 * another label. Undefined where this is no Debian.
 */
export function mirrorFrom(targets: string): string | undefined {
	for (const line of targets.split('\n')) {
		const [origin, label, uri = '', component] = line.split('|');
		if (origin === 'Debian' && label === 'Debian' && component === 'main' && isMirror(uri))
			return uri.replace(/\/$/, '');
	}
	return undefined;
}

/** What debootstrap itself would take: `DEF_MIRROR` in its program, which is a shell script. */
export const mirrorOfDebootstrap = (program: string): string | undefined =>
	/^DEF_MIRROR="([^"$]+)"/m.exec(program)?.[1];

/** What debootstrap, and apt inside the root, fetch from. A mirror is written to sources.list, so blanks and brackets have no place in it. */
export const isMirror = (text: string): boolean => /^https?:\/\/[^\s[\]'"\\]+$/.test(text);
