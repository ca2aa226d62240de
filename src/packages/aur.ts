/** A package as the AUR's RPC describes it (aur.archlinux.org/rpc, version 5). Times are milliseconds since the epoch. */
export type AurPackage = {
	/** `6.14.5.arch1-1`. */
	readonly version: string;
	/** Undefined: nobody looks after it. */
	readonly maintainer: string | undefined;
	readonly submitter: string | undefined;
	readonly modified: number;
	/** Undefined: nobody has flagged it. */
	readonly outOfDate: number | undefined;
};

/** What the AUR said about a package. */
export type AurAnswer =
	| {readonly kind: 'listed'; readonly package: AurPackage}
	| {readonly kind: 'absent'}
	| {readonly kind: 'offline' | 'unreachable' | 'garbled'; readonly why: string};

/** Reads the answer to `/rpc/v5/info?arg[]=NAME`. Text from outside is taken only in the form it should have. */
export function parseAurAnswer(text: string, name: string): AurAnswer {
	const garbled = (why: string): AurAnswer => ({kind: 'garbled', why});
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return garbled('its answer is no JSON');
	}
	if (!isRecord(value)) return garbled('its answer is no object');
	if (value['type'] === 'error') return garbled('it refused the question');
	const {results} = value;
	if (!Array.isArray(results)) return garbled('its answer holds no results');
	const one: unknown = results.find(result => isRecord(result) && result['Name'] === name);
	if (one === undefined) return {kind: 'absent'};
	const {Version: version, LastModified: modified, OutOfDate: outOfDate} = one as Record<string, unknown>;
	if (typeof version !== 'string' || !/^[\w.:+~-]{1,80}$/.test(version) || typeof modified !== 'number')
		return garbled('its answer lacks a version or a date');
	return {
		kind: 'listed',
		package: {
			version,
			maintainer: nameIn(one as Record<string, unknown>, 'Maintainer'),
			submitter: nameIn(one as Record<string, unknown>, 'Submitter'),
			modified: modified * 1000,
			outOfDate: typeof outOfDate === 'number' ? outOfDate * 1000 : undefined
		}
	};
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Account names of the AUR: letters, digits, and one of `.-_` between them. */
function nameIn(record: Record<string, unknown>, key: string): string | undefined {
	const name = record[key];
	return typeof name === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(name) ? name : undefined;
}

/** Without an update for so long a kernel package is frozen: a kernel's release lives three months. In days. */
const frozenAfter = 180;
const day = 24 * 60 * 60 * 1000;

export const daysSince = (time: number, now: number): number => Math.max(0, Math.floor((now - time) / day));

/**
 * The sentences about a package in the AUR, what matters most first: each normal state has its own. `isOlder`: than the running
 * kernel `running`; `knownMaintainer`: who maintained it when its recipe was reviewed here.
 */
export function aurSentences(
	name: string,
	answer: AurAnswer,
	known: {
		readonly now: number;
		readonly running?: string | undefined;
		readonly isOlder?: (version: string) => boolean;
		readonly knownMaintainer?: string | undefined;
	}
): readonly string[] {
	switch (answer.kind) {
		case 'absent':
			return [
				`The AUR has no ${name} any more, as it says itself just now. The recipe that comes with this program, or a folder with a PKGBUILD (--recipe FOLDER), does as well.`
			];
		case 'offline':
			return [
				`This machine seems to be offline (${answer.why}), so the state of ${name} in the AUR is unknown. A folder with a PKGBUILD (--recipe FOLDER) works where its sources are there.`
			];
		case 'unreachable':
			return [
				`The AUR could not be reached (${answer.why}), so its state of ${name} is unknown. Try again later, or use the recipe that comes with this program.`
			];
		case 'garbled':
			return [
				`The AUR was not understood (${answer.why}), so its state of ${name} is unknown; git may still fetch it.`
			];
		case 'listed':
			break;
	}
	const {version, maintainer, submitter, modified, outOfDate} = answer.package;
	const age = daysSince(modified, known.now);
	const said = [`${version}, updated ${dateOf(modified)}, ${age === 1 ? '1 day' : `${age} days`} ago.`];
	if (age > frozenAfter) said.push('It seems frozen: no update for more than half a year, and security fixes with it.');
	if (outOfDate !== undefined) said.push(`Flagged out of date since ${dateOf(outOfDate)}.`);
	if (maintainer === undefined) said.push('Orphaned: nobody maintains it, and anyone may adopt it.');
	else if (known.knownMaintainer !== undefined && known.knownMaintainer !== maintainer)
		said.push(
			`Adopted by ${maintainer} since you reviewed it; it was ${known.knownMaintainer}’s then. Read the difference with care.`
		);
	else if (submitter !== undefined && submitter !== maintainer)
		said.push(`Maintained by ${maintainer}, who adopted it from ${submitter}.`);
	if (known.running !== undefined && known.isOlder?.(version))
		said.push(`Older than the kernel that runs, ${known.running}.`);
	return said;
}

const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
