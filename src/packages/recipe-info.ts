/** What a recipe declares, as `makepkg --printsrcinfo` writes it. */
export type RecipeInfo = {
	readonly pkgbase: string;
	/** `epoch:pkgver-pkgrel`, without an epoch where there is none. */
	readonly version: string;
	readonly packages: readonly string[];
	/** What has to be installed to build it: makedepends, checkdepends and depends, with their versions (`rust>=1.85`). */
	readonly dependencies: readonly string[];
	/** Fingerprints, forty hexadecimal digits each, in capitals. */
	readonly keys: readonly string[];
};

/** What pacman takes as the name of a package, with a version behind it: nothing that could be read as an option. */
const dependency = /^[A-Za-z0-9@_][A-Za-z0-9@._+-]*(?:(?:[<>]=?|=)[A-Za-z0-9:._+~-]+)?$/;

/**
 * Reads the form of .SRCINFO: `key = value`, the part before the first `pkgname` for all packages. Other lines, such as warnings
 * of makepkg, are passed over. Undefined where it names no package. `architecture`: `makedepends_x86_64` counts for x86_64.
 */
export function parseRecipeInfo(text: string, architecture: string): RecipeInfo | undefined {
	const values = new Map<string, string[]>();
	const packages: string[] = [];
	for (const line of text.split('\n')) {
		const [, key = '', value = ''] = /^\s*([a-z0-9_]+) = (.*?)\s*$/.exec(line) ?? [];
		if (key === '') continue;
		if (key === 'pkgname') packages.push(value);
		// what follows belongs to one package, and is needed to run it, not to build it
		else if (packages.length === 0) values.set(key, [...(values.get(key) ?? []), value]);
	}
	const [pkgbase] = values.get('pkgbase') ?? [];
	const [pkgver] = values.get('pkgver') ?? [];
	const [pkgrel] = values.get('pkgrel') ?? [];
	if (pkgbase === undefined || pkgver === undefined || pkgrel === undefined || packages.length === 0) return undefined;
	const [epoch] = values.get('epoch') ?? [];
	const wanted = ['makedepends', 'checkdepends', 'depends'].flatMap(key => [
		...(values.get(key) ?? []),
		...(values.get(`${key}_${architecture}`) ?? [])
	]);
	return {
		pkgbase,
		version: `${epoch === undefined ? '' : `${epoch}:`}${pkgver}-${pkgrel}`,
		packages,
		dependencies: [...new Set(wanted)].filter(one => dependency.test(one)),
		keys: (values.get('validpgpkeys') ?? []).map(key => key.toUpperCase()).filter(key => /^[0-9A-F]{40}$/.test(key))
	};
}

/** What `uname -r` says of linux-rust by the version of its package: 7.2.13-1-rust, 7.2.13-arch1-1-rust with Arch's patch. */
export const releaseOfLinuxRust = (version: string): string => `${version.replace(/\.(arch\d+)-/, '-$1-')}-rust`;

/** Who signs kernels, by fingerprint (kernel.org/signature.html; the third signs Arch's patches to it). */
const owners: Readonly<Record<string, string>> = {
	ABAF11C65A2970B130ABE3C479BE3E4300411886: 'Linus Torvalds',
	'647F28654894E3BD457199BE38DBBDC86092693E': 'Greg Kroah-Hartman',
	'83BC8889351B5DEBBB68416EB8AC08600F108CDF': 'Jan Alexander Steffens (heftig), of Arch Linux',
	A2FF3A36AAA56654109064AB19802F8B0D70FC30: 'Jan Alexander Steffens (heftig), of Arch Linux'
};

/** Whose key this is, where it is one that signs kernels. */
export const ownerOfKey = (fingerprint: string): string | undefined => owners[fingerprint];

/** Fingerprints of the primary keys in what `gpg --show-keys --with-colons` or `--list-keys --with-colons` printed. */
export function primaryFingerprints(text: string): readonly string[] {
	const found: string[] = [];
	let isPrimary = false;
	for (const line of text.split('\n')) {
		const [kind, ...fields] = line.split(':');
		if (kind === 'pub') isPrimary = true;
		else if (kind === 'sub' || kind === 'ssb') isPrimary = false;
		else if (kind === 'fpr' && isPrimary) {
			found.push(fields[8] ?? '');
			isPrimary = false;
		}
	}
	return found;
}
