import {join} from 'node:path';
import type {Reader} from '../model/machine.ts';
import {parseToolchainFolder} from '../toolchain/rustup.ts';

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
	const {channel, date, triple} = parsed;
	const own = date === undefined ? channel : `${channel}-${date}`;
	return own === release && (triple === undefined || triple.startsWith(`${architecture}-`));
}

async function isWhole(reader: Reader, prefix: string): Promise<boolean> {
	const parts = ['bin/rustc', 'lib/rustlib/multirust-channel-manifest.toml'];
	const found = await Promise.all(parts.map(part => reader.stat(join(prefix, part))));
	return found.every(one => one.status === 'found');
}

/** The number of a process called rustup, where one runs; rustup's proxies bear the names of the programs they start. */
export async function runningRustup(reader: Reader): Promise<string | undefined> {
	const processes = await reader.list('/proc');
	if (processes.status !== 'found') return undefined;
	const found = await Promise.all(
		processes.value
			.filter(name => /^\d+$/.test(name))
			.map(async name => {
				const command = await reader.readText(`/proc/${name}/comm`, 64);
				return command.status === 'found' && command.value.trim() === 'rustup' ? name : undefined;
			})
	);
	return found.find(one => one !== undefined);
}

/** Bytes free where a folder is, or would be. */
export async function freeSpaceFor(reader: Reader, folder: string): Promise<number | undefined> {
	for (let place = folder; ; place = join(place, '..')) {
		const free = await reader.freeSpace(place);
		if (free.status === 'found') return free.value;
		if (free.status === 'unknown' || place === '/') return undefined;
	}
}
