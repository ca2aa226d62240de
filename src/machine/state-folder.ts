import {join} from 'node:path';
import type {Reader} from '../model/machine.ts';

/** `$XDG_STATE_HOME/linux-rust-setup`, where logs and memory live. */
export function stateFolder(reader: Pick<Reader, 'environment' | 'user'>): string {
	const base = reader.environment['XDG_STATE_HOME'];
	return join(base?.startsWith('/') ? base : join(reader.user.home, '.local/state'), 'linux-rust-setup');
}

/** `$XDG_DATA_HOME/linux-rust-setup`: what took minutes to make, and is made again where it is missing. */
export function dataFolder(reader: Pick<Reader, 'environment' | 'user'>): string {
	const base = reader.environment['XDG_DATA_HOME'];
	return join(base?.startsWith('/') ? base : join(reader.user.home, '.local/share'), 'linux-rust-setup');
}

/** `$XDG_CACHE_HOME/linux-rust-setup`: what is found out again where it is missing. */
export function cacheFolder(reader: Pick<Reader, 'environment' | 'user'>): string {
	const base = reader.environment['XDG_CACHE_HOME'];
	return join(base?.startsWith('/') ? base : join(reader.user.home, '.cache'), 'linux-rust-setup');
}
