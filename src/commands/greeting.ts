import {resolve} from 'node:path';
import {createLocalReader} from '../machine/reader.ts';
import {parseOsRelease} from '../survey/os-release.ts';
import {safeLine} from '../text/safe-text.ts';
import type {Options} from './options.ts';
import {usesAscii} from './output.ts';
import {version} from './version.ts';

/** Says hello before anything heavy is loaded, and sees to it that what is loaded next colours as asked. */
export async function greet(options: Options): Promise<void> {
	// chalk, which ink colours with, knows FORCE_COLOR but not NO_COLOR (no-color.org), and reads it when it is loaded
	if (process.env['NO_COLOR']) process.env['FORCE_COLOR'] = '0';
	process.stdout.write(`${await greeting(options)}\n\n`);
}

/** The first line of the wizard, from two small files. */
async function greeting(options: Options): Promise<string> {
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
