import {fstatSync, writeSync} from 'node:fs';

/** What became of a text: taken whole, `left` where the rest has to wait, or the error that ended it. */
export type Written = {readonly left?: Uint8Array; readonly problem?: NodeJS.ErrnoException};

/**
 * Writes to stdout or stderr without the streams that node makes of them: they are as synchronous here, and take 5 ms to load. `left`:
 * another process made the pipe non-blocking, and a stream knows how to wait.
 */
export function writeNow(descriptor: 1 | 2, text: string): Written {
	const bytes = Buffer.from(text);
	let written = 0;
	try {
		while (written < bytes.length) written += writeSync(descriptor, bytes, written);
		return {};
	} catch (error) {
		const problem = error as NodeJS.ErrnoException;
		return problem.code === 'EAGAIN' ? {left: bytes.subarray(written)} : {problem};
	}
}

/** Major number of /dev/null and its like (Documentation/admin-guide/devices.txt). */
const memoryDevices = 1;

/** False where a descriptor is surely no terminal, and no stream need be made of it to be asked. */
export function mayBeTerminal(descriptor: 0 | 1 | 2): boolean {
	try {
		const facts = fstatSync(descriptor);
		return facts.isCharacterDevice() && facts.rdev >> 8 !== memoryDevices;
	} catch {
		// closed
		return false;
	}
}
