import {join} from 'node:path';
import type {Reader} from '../model/machine.ts';

/** Where practice mode keeps what it makes. All of it can be made again. */
export type PracticePaths = {
	readonly folder: string;
	readonly lock: string;
	/** The practice root while its base is being made, and once that is whole. */
	readonly rootPart: string;
	readonly root: string;
	/** What was made already, and of what. */
	readonly stamps: string;
	/** Where a guest's console, channels and initramfs are. */
	readonly guest: string;
};

/** Below `$XDG_CACHE_HOME/linux-rust-setup/practice`. */
export function practicePaths(reader: Pick<Reader, 'environment' | 'user'>): PracticePaths {
	const base = reader.environment['XDG_CACHE_HOME'];
	const cache = base?.startsWith('/') ? base : join(reader.user.home, '.cache');
	const folder = join(cache, 'linux-rust-setup/practice');
	return {
		folder,
		lock: join(folder, 'lock'),
		rootPart: join(folder, 'root.part'),
		root: join(folder, 'root'),
		stamps: join(folder, 'stamps.json'),
		guest: join(folder, 'guest')
	};
}
