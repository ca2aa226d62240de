import {statSync} from 'node:fs';
import {enableCompileCache} from 'node:module';
import {homedir} from 'node:os';
import {join} from 'node:path';

/**
 * Lets Node keep compiled code between runs, in the user's own cache folder: Node's default is below /tmp, where anyone may put
 * code first. Not in somebody else's home either, as under `sudo` with HOME kept. A cache that cannot be used is no error.
 */
export function keepCompiledCode(): void {
	const home = homedir();
	const base = process.env['XDG_CACHE_HOME'];
	try {
		if (statSync(home).uid !== process.getuid?.()) return;
		enableCompileCache(join(base?.startsWith('/') ? base : join(home, '.cache'), 'linux-rust-setup/compiled'));
	} catch {
		// no home folder
	}
}
