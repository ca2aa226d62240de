import {compareVersions, parseVersion, type Version} from '../kernel/version.ts';

/** A rustc as its version text describes it. */
export type RustcIdentity = {
	/** The whole line, which is what rustc compares: `rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust 1:1.97.1-1)`. */
	readonly text: string;
	readonly version: Version;
	/** With a pre-release part: `1.98.0-nightly`. */
	readonly versionText: string;
	readonly commit?: string;
	/** Of the commit: `2026-07-14`. */
	readonly date?: string;
	/** What the builder put into the last parentheses: `Arch Linux rust 1:1.97.1-1`, `built from a source tarball`. */
	readonly vendor?: string;
	readonly channel: 'stable' | 'beta' | 'nightly' | 'other';
};

const longestText = 1024;

const channelOf = (suffix: string | undefined): RustcIdentity['channel'] => {
	if (suffix === undefined) return 'stable';
	if (suffix === 'nightly') return 'nightly';
	return /^beta(?:\.|$)/.test(suffix) ? 'beta' : 'other';
};

/**
 * Reads a rustc version text: the first line of `rustc --version`, the text in a metadata header, or CONFIG_RUSTC_VERSION_TEXT,
 * with or without quotes. Undefined for any other text.
 */
export function parseIdentity(text: string): RustcIdentity | undefined {
	const line =
		text
			.slice(0, longestText)
			.trimStart()
			.split(/[\r\n]/, 1)[0]
			?.trimEnd()
			.replace(/^"(.*)"$/, '$1') ?? '';
	const match =
		/^rustc (\d{1,9}\.\d{1,9}\.\d{1,9}(?:-([0-9A-Za-z.-]+))?)(?: \(([0-9a-f]{7,40}) (\d{4}-\d{2}-\d{2})\))?(?: \(([^\n]*)\))?$/.exec(
			line
		);
	const version = match?.[1] === undefined ? undefined : parseVersion(match[1]);
	if (!match?.[1] || !version) return undefined;
	return {
		text: line,
		version,
		versionText: match[1],
		...(match[3] === undefined ? {} : {commit: match[3]}),
		...(match[4] === undefined ? {} : {date: match[4]}),
		...(match[5] === undefined ? {} : {vendor: match[5]}),
		channel: channelOf(match[2])
	};
}

/** The outcome of `compareIdentity`. `explanation` is one sentence for the reader. */
export type IdentityComparison =
	| {readonly same: true}
	| {readonly same: false; readonly difference: 'number' | 'commit' | 'date' | 'vendor'; readonly explanation: string};

const mark = (vendor: string | undefined): string =>
	vendor === undefined ? 'no mark of a builder' : `the mark (${vendor})`;

/**
 * Whether `offered` can read what `wanted` wrote. Only equal texts will do: rustc compares the whole line (E0514), so the same
 * version from another builder is refused too. Otherwise names the first part that differs.
 */
export function compareIdentity(wanted: RustcIdentity, offered: RustcIdentity): IdentityComparison {
	if (wanted.text === offered.text) return {same: true};
	const both = `Both are rustc ${wanted.versionText}`;
	const rule = 'rustc reads only metadata whose whole version text equals its own';
	if (compareVersions(wanted.version, offered.version) !== 0 || wanted.versionText !== offered.versionText)
		return {
			same: false,
			difference: 'number',
			explanation: `The kernel was built with rustc ${wanted.versionText}, and this is rustc ${offered.versionText}: ${rule}.`
		};
	if (wanted.commit !== offered.commit)
		return {
			same: false,
			difference: 'commit',
			explanation: `${both}, but the kernel's is from commit ${wanted.commit ?? '(none given)'} and this one from ${offered.commit ?? '(none given)'}: ${rule}.`
		};
	if (wanted.date !== offered.date)
		return {
			same: false,
			difference: 'date',
			explanation: `${both}, but the kernel's is dated ${wanted.date ?? '(none given)'} and this one ${offered.date ?? '(none given)'}: ${rule}.`
		};
	return {
		same: false,
		difference: 'vendor',
		explanation: `${both}, but the kernel's carries ${mark(wanted.vendor)} and this one ${mark(offered.vendor)}: ${rule}.`
	};
}
