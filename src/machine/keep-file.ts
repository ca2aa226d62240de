import {existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';

/** Writes a file of a cache in one step, so that another process reads all or nothing. One that cannot be written is no error. */
export function keepFile(file: string, content: string | Uint8Array): void {
	try {
		mkdirSync(dirname(file), {recursive: true, mode: 0o700});
		const next = `${file}.${process.pid}`;
		sweep(file);
		writeFileSync(next, content, {mode: 0o600, flag: 'wx'});
		renameSync(next, file);
	} catch {
		// what is not kept is made again next time
	}
}

/** Removes what a process that was killed while it wrote has left: FILE.PID of one that is not there any more, or of this one. */
function sweep(file: string): void {
	for (const name of readdirSync(dirname(file))) {
		const pid = name.startsWith(`${basename(file)}.`) ? name.slice(basename(file).length + 1) : '';
		if (/^\d+$/.test(pid) && (pid === String(process.pid) || !existsSync(`/proc/${pid}`)))
			rmSync(join(dirname(file), name), {force: true});
	}
}
