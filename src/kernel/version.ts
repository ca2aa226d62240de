/** Major, minor and patch number. A missing patch number is 0; release candidates and suffixes are left out. */
export type Version = readonly [major: number, minor: number, patch: number];

/**
 * The numbers a version or kernel release begins with: `6.12.117-arch1-1-rust`, `1.100.0-nightly`, `7.3-rc7`, `v6.14.5-arch1`.
 * Undefined where the text does not begin with at least major and minor.
 */
export function parseVersion(text: string): Version | undefined {
	const match = /^\s*v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?/.exec(text);
	return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`. Numeric: 1.100.0 is newer than 1.99.0. */
export function compareVersions(a: Version, b: Version): number {
	return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Whether `version` is `minimum` (such as `6.12` or `6.12.7`) or newer. A minimum that is no version is never reached. */
export function atLeast(version: Version, minimum: string): boolean {
	const parsed = parseVersion(minimum);
	return parsed !== undefined && compareVersions(version, parsed) >= 0;
}

/** `6.12.117`; always three numbers. */
export function formatVersion(version: Version): string {
	return version.join('.');
}
