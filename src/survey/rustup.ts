import {join} from 'node:path';
import type {Reader} from '../model/machine.ts';
import {
	overrideInForce,
	parseSettings,
	parseToolchainFolder,
	type RustupSettings,
	type ToolchainInForce,
	type ToolchainName
} from '../toolchain/rustup.ts';

/** rustup's own folder: its settings and its toolchains. */
export const rustupHome = (reader: Reader): string =>
	reader.environment['RUSTUP_HOME'] ?? join(reader.user.home, '.rustup');

/** What rustup's folder holds of a release: all of it, or the half that an interrupted installation leaves. */
export type ToolchainState = 'whole' | 'half' | 'absent';

/**
 * Looks for a release (`1.97.1`, `nightly-2026-05-20`) built for this machine's architecture. rustup writes a toolchain's
 * manifest last, so that one without it is half there, although rustup itself lists it as installed (measured with 1.29.0).
 */
export async function toolchainState(reader: Reader, home: string, release: string): Promise<ToolchainState> {
	const names = await reader.list(join(home, 'toolchains'));
	if (names.status !== 'found') return 'absent';
	const folders = names.value.filter(name => isFolderOf(name, release, reader.architecture));
	const whole = await Promise.all(folders.map(name => isWhole(reader, join(home, 'toolchains', name))));
	if (whole.includes(true)) return 'whole';
	return folders.length > 0 ? 'half' : 'absent';
}

function isFolderOf(name: string, release: string, architecture: string): boolean {
	const parsed = parseToolchainFolder(name);
	if (parsed === undefined) return false;
	const {triple} = parsed;
	return releaseText(parsed) === release && (triple === undefined || triple.startsWith(`${architecture}-`));
}

/** As rustup is given it: `1.97.1`, `nightly-2026-05-20`. */
export const releaseText = ({channel, date}: ToolchainName): string =>
	date === undefined ? channel : `${channel}-${date}`;

async function isWhole(reader: Reader, prefix: string): Promise<boolean> {
	const parts = ['bin/rustc', 'lib/rustlib/multirust-channel-manifest.toml'];
	const found = await Promise.all(parts.map(part => reader.stat(join(prefix, part))));
	return found.every(one => one.status === 'found');
}

/**
 * The number of a process called rustup that works on this very folder, where one runs; rustup's proxies bear the names of the
 * programs they start. Processes of other users cannot be asked, and have folders of their own.
 */
export async function runningRustup(reader: Reader, home: string): Promise<string | undefined> {
	const processes = await reader.list('/proc');
	if (processes.status !== 'found') return undefined;
	const found = await Promise.all(
		processes.value
			.filter(name => /^\d+$/.test(name))
			.map(async name => {
				const command = await reader.readText(`/proc/${name}/comm`, 64);
				if (command.status !== 'found' || command.value.trim() !== 'rustup') return undefined;
				const environment = await reader.readText(`/proc/${name}/environ`, 1024 * 1024);
				return environment.status === 'found' && homeIn(environment.value) === home ? name : undefined;
			})
	);
	return found.find(one => one !== undefined);
}

function homeIn(environment: string): string | undefined {
	const entries = environment.split('\0');
	const value = (name: string): string | undefined =>
		entries.find(entry => entry.startsWith(`${name}=`))?.slice(name.length + 1);
	const home = value('HOME');
	return value('RUSTUP_HOME') ?? (home === undefined ? undefined : join(home, '.rustup'));
}

/** Bytes free where a folder is, or would be. */
export async function freeSpaceFor(reader: Reader, folder: string): Promise<number | undefined> {
	for (let place = folder; ; place = join(place, '..')) {
		const free = await reader.freeSpace(place);
		if (free.status === 'found') return free.value;
		if (free.status === 'unknown' || place === '/') return undefined;
	}
}

/** rustup's settings; undefined where there are none or they cannot be read. */
export async function rustupSettings(reader: Reader, home: string): Promise<RustupSettings | undefined> {
	const text = await reader.readText(join(home, 'settings.toml'), 1024 * 1024);
	return text.status === 'found' ? parseSettings(text.value) : undefined;
}

/** What rustup would make of a plain `rustc` in a folder, from its settings and the toolchain files upward, without running it. */
export async function toolchainInForce(
	reader: Reader,
	settings: RustupSettings | undefined,
	folder: string
): Promise<ToolchainInForce | undefined> {
	const real = await reader.realPath(folder);
	const start = real.status === 'found' ? real.value : folder;
	const files = new Map<string, string>();
	for (let place = start; ; place = join(place, '..')) {
		for (const name of ['rust-toolchain', 'rust-toolchain.toml']) {
			const text = await reader.readText(join(place, name), 64 * 1024);
			if (text.status === 'found') files.set(join(place, name), text.value);
		}
		if (place === '/') break;
	}
	const environment = reader.environment['RUSTUP_TOOLCHAIN'];
	return overrideInForce({
		folder: start,
		...(environment === undefined ? {} : {environment}),
		...(settings === undefined ? {} : {settings}),
		files
	});
}
