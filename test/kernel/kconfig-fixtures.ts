import {readdirSync} from 'node:fs';
import {joinKconfig, type Kconfig, parseKconfig} from '../../src/kernel/kconfig.ts';
import {fixtureText} from './fixtures.ts';

/** The versions whose Kconfig files are among the fixtures, as excerpts. */
export const kconfigVersions = ['6.1.192', '6.12.117', '7.2.13', '7.3.4'] as const;
export type KconfigVersion = (typeof kconfigVersions)[number];

const pathsOf = (version: KconfigVersion): readonly string[] =>
	readdirSync(new URL(`../fixtures/kconfig/${version}/`, import.meta.url), {
		recursive: true,
		encoding: 'utf8'
	}).filter(path => /(?:^|\/)Kconfig[^/]*$/.test(path));

/** All files of one version put together. */
export const kconfigOf = (version: KconfigVersion): Kconfig =>
	joinKconfig(
		`/src/linux-${version}`,
		pathsOf(version).map(path => ({file: parseKconfig(fixtureText(`kconfig/${version}/${path}`)), depends: []}))
	);

/** The same files as they lie in a source or in headers: their text by path below `folder`. */
export const kconfigFiles = (version: KconfigVersion, folder: string): Readonly<Record<string, string>> =>
	Object.fromEntries(pathsOf(version).map(path => [`${folder}/${path}`, fixtureText(`kconfig/${version}/${path}`)]));
