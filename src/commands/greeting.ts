import {resolve} from 'node:path';
import {createLocalReader} from '../machine/reader.ts';
import {parseOsRelease} from '../survey/os-release.ts';
import {safeLine} from '../text/safe-text.ts';
import type {Options} from './options.ts';
import {usesAscii} from './output.ts';
import {version} from './version.ts';

/** The first line of the wizard, from two small files: it is there before anything heavy is loaded. */
export async function greeting(options: Options): Promise<string> {
	const reader = createLocalReader({root: resolve(options.sysroot ?? '/')});
	const [osRelease, release] = await Promise.all([
		reader.readText('/etc/os-release', 64 * 1024),
		reader.readText('/proc/sys/kernel/osrelease', 256)
	]);
	const distribution = osRelease.status === 'found' ? parseOsRelease(osRelease.value)?.name : undefined;
	const parts = [
		`linux-rust-setup ${version}`,
		...(distribution === undefined ? [] : [distribution]),
		...(release.status === 'found' ? [`kernel ${release.value.trim()}`] : [])
	];
	return safeLine(parts.join(usesAscii(options.ascii) ? ' - ' : ' · '));
}
