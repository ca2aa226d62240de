import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs';
import {open} from 'node:fs/promises';
import {setTimeout as wait} from 'node:timers/promises';

/** What is appended to a file, from its beginning or from now on: `poll` gives the text that came since. */
export function createTail(file: string, from: 'beginning' | 'end' = 'beginning'): {poll(): string; close(): void} {
	const descriptor = openSync(file, 'r');
	const decoder = new TextDecoder();
	const buffer = Buffer.allocUnsafe(64 * 1024);
	let at = from === 'end' ? fstatSync(descriptor).size : 0;
	return {
		poll() {
			let text = '';
			for (;;) {
				const count = readSync(descriptor, buffer, 0, buffer.length, at);
				if (count === 0) return text;
				at += count;
				text += decoder.decode(buffer.subarray(0, count), {stream: true});
			}
		},
		close: () => closeSync(descriptor)
	};
}

/**
 * Writes to a named pipe that another program reads. Never blocks: a reader that is gone is an error (ENXIO, EPIPE), a full pipe
 * is tried again.
 */
export async function writePipe(pipe: string, bytes: Uint8Array, isOver: () => boolean): Promise<void> {
	const handle = await open(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
	try {
		for (let at = 0; at < bytes.length; ) {
			if (isOver()) throw new Error('the guest ended');
			try {
				at += (await handle.write(bytes, at)).bytesWritten;
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
				await wait(2);
			}
		}
	} finally {
		await handle.close();
	}
}
