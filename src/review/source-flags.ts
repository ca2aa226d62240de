import hosts from '../../assets/review/hosts.json' with {type: 'json'};
import type {Resolver} from './resolve.ts';

type Raise = (id: string, line: number) => void;
type Value = {readonly text: string; readonly line: number};

type Source = Value & {
	/** Without the name before `::`. */
	readonly url: string;
	/** Undefined for a file that lies beside PKGBUILD. */
	readonly remote:
		| {
				readonly scheme: string;
				readonly host: string;
				readonly path: string;
				readonly repository: boolean;
				readonly fragment: string;
		  }
		| undefined;
};

/** As makepkg names its checksums, the ones that are no proof last (PKGBUILD(5)). */
const strongSums = ['b2sums', 'sha512sums', 'sha384sums', 'sha256sums', 'sha224sums'];
const weakSums = ['sha1sums', 'md5sums', 'cksums'];

/** Flags of a PKGBUILD’s sources: where they come from, and what vouches for them. Gives the hosts it names. */
export function flagSources(resolver: Resolver, raise: Raise): ReadonlySet<string> {
	const found = new Set<string>();
	const keys = resolver.values('validpgpkeys').length > 0;
	const page = parseSource({text: resolver.values('url')[0]?.text ?? '', line: 1}).remote;
	for (const name of resolver.names) {
		if (!/^source(?:_\w+)?$/.test(name)) continue;
		const suffix = name.slice('source'.length);
		const sources = resolver.values(name).map(parseSource);
		const listsOf = (kinds: readonly string[]): readonly (readonly Value[])[] =>
			kinds.map(kind => resolver.values(`${kind}${suffix}`));
		const [strongLists, weakLists] = [listsOf(strongSums), listsOf(weakSums)];
		const all = new Map(sources.map(source => [source.url, source]));
		let hasSignatures = false;
		for (const [index, source] of sources.entries()) {
			const {remote, line} = source;
			const isSignature = /\.(?:sig|sign|asc)$/.test(source.url);
			const signed = isSigned(source, all);
			if (isSignature || (remote?.repository && source.text.includes('?signed'))) hasSignatures = true;
			if (remote === undefined) {
				if (/^\$/.test(source.url)) raise('source.unclear', line);
				continue;
			}
			found.add(remote.host);
			if (remote.host === '' ? remote.scheme !== 'file' : remote.host.includes('$')) raise('source.unclear', line);
			else if (remote.host !== '' && !isKnownHost(remote, page)) raise('source.host', line);
			if (/^(?:http|ftp|git|svn|rsync)$/.test(remote.scheme)) raise('source.plain', line);
			const pinned = /^(?:tag|commit|revision)=/.test(remote.fragment);
			if (remote.repository) {
				if (!pinned) raise('source.unpinned', line);
				continue;
			}
			if (isSignature || remote.scheme === 'file') continue;
			const strong = strongLists.flatMap(list => list[index]?.text ?? []);
			const weak = weakLists.flatMap(list => list[index]?.text ?? []);
			if (strong.length + weak.length === 0) {
				if (!(signed && keys)) raise('sums.missing', line);
			} else if (strong.every(isSkip) && weak.every(isSkip)) {
				if (!(signed && keys)) raise('sums.skip', line);
			} else if (strong.every(isSkip)) raise('sums.weak', line);
		}
		if (hasSignatures && !keys) raise('keys.missing', sources[0]?.line ?? 1);
	}
	return found;
}

const isSkip = (sum: string): boolean => sum === 'SKIP';

function parseSource(value: Value): Source {
	const url = value.text.replace(/^[^:/]*::/, '');
	const parts = /^(?:(git|hg|svn|bzr|fossil)\+)?([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^#]*)(?:#(.*))?$/i.exec(url);
	if (parts === null) return {...value, url, remote: undefined};
	const [, system, scheme = '', authority = '', path = '', fragment = ''] = parts;
	return {
		...value,
		url,
		remote: {
			scheme: scheme.toLowerCase(),
			host: authority.replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase(),
			path,
			repository: system !== undefined || scheme === 'git',
			fragment
		}
	};
}

/** Whether a signature of this file is among the sources: of the file, or of what it is when it is unpacked (makepkg(8)). */
function isSigned(source: Source, all: ReadonlyMap<string, Source>): boolean {
	const files = [source.url, source.url.replace(/\.(?:xz|gz|bz2|zst|lz|lz4|lrz|Z)$/, '')];
	return files.some(file =>
		['sig', 'sign', 'asc'].some(ending => all.has(`${file}.${ending}`) || all.has(`${baseName(file)}.${ending}`))
	);
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Known to publish kernels, or where the project’s own page is; on a host that many share, by the same owner. */
function isKnownHost(remote: NonNullable<Source['remote']>, page: Source['remote']): boolean {
	const place = `${remote.host}${remote.path}`.toLowerCase();
	const isBelow = (name: string): boolean =>
		place === name || place.startsWith(`${name}/`) || (!name.includes('/') && remote.host.endsWith(`.${name}`));
	if (hosts.upstream.some(isBelow)) return true;
	if (page === undefined) return false;
	if (hosts.shared.includes(remote.host))
		return remote.host === page.host && ownerOf(remote.path) === ownerOf(page.path);
	return domainOf(remote.host) === domainOf(page.host);
}

const ownerOf = (path: string): string => path.split('/')[1]?.toLowerCase() ?? '';

const domainOf = (host: string): string => host.split('.').slice(-2).join('.');

/** The hosts that .SRCINFO names. */
export const hostsOfSourceInfo = (text: string): ReadonlySet<string> =>
	new Set(
		Array.from(
			text.matchAll(/^\s*source(?:_\w+)?\s*=\s*(.*)$/gm),
			found => parseSource({text: found[1] ?? '', line: 1}).remote?.host
		).filter(host => host !== undefined)
	);
