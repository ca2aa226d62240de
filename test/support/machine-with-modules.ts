import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmdirSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/**
 * In a mount namespace of its own, /proc is made of links to the real one and a list of loaded modules: what a kernel that loads
 * modules shows, on any kernel. Nothing outside sees it.
 */
const script = [
	'set -e',
	'real=$1; shift',
	'mount --rbind /proc "$real"',
	'mount -t tmpfs tmpfs /proc',
	'for one in "$real"/*; do [ "$one" = "$real/modules" ] || ln -s "$one" /proc/; done',
	"echo 'ext4 16384 0 - Live 0x0000000000000000' >/proc/modules",
	'exec "$@"'
].join('\n');

/** The words to put before a program and its arguments, or why this machine cannot give it such a /proc. */
export function machineWithModules(): {readonly prefix: readonly string[]; forget(): void} | {readonly why: string} {
	const real = mkdtempSync(join(tmpdir(), 'proc-'));
	const prefix = ['unshare', '--mount', 'sh', '-c', script, 'sh', real] as const;
	const forget = (): void => rmdirSync(real);
	try {
		const [program, ...rest] = prefix;
		execFileSync(program, [...rest, 'test', '-s', '/proc/modules'], {stdio: 'ignore'});
		return {prefix, forget};
	} catch {
		forget();
		return {why: 'no mount namespace can be made here, which needs root'};
	}
}
