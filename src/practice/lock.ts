import {link, mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {dirname} from 'node:path';

/**
 * Takes the lock, or says which process holds it. A lock whose process is gone is taken over: the file holds the process id and
 * when that process started, because ids are used again.
 */
export async function takeLock(
	file: string
): Promise<{readonly ok: true; release(): Promise<void>} | {readonly ok: false; readonly holder: number}> {
	await mkdir(dirname(file), {recursive: true});
	const own = `${file}.${process.pid}`;
	const started = await startOf(process.pid);
	await writeFile(own, `${process.pid} ${started ?? ''}\n`);
	try {
		for (let attempt = 0; attempt < 3; attempt++) {
			try {
				await link(own, file);
				return {ok: true, release: () => rm(file, {force: true})};
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
			}
			const [id = '', since = ''] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ');
			const holder = Number(id);
			if (holder > 0 && (await startOf(holder)) === since && since !== '') return {ok: false, holder};
			await rm(file, {force: true});
		}
		return {ok: false, holder: 0};
	} finally {
		await rm(own, {force: true});
	}
}

/** When a process started, in clock ticks since boot: field 22 of /proc/PID/stat, counted behind the name in brackets (proc(5)). */
async function startOf(id: number): Promise<string | undefined> {
	const text = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => undefined);
	return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}
