import {closeSync, constants, openSync, readSync} from 'node:fs';
import type {Command} from '../model/command.ts';
import type {FollowingKernelLog, KernelLogLine, Reader, Running, RunOptions} from '../model/machine.ts';
import {createLines} from '../text/lines.ts';
import {mayReadJournal, readKernelLogAsRoot, whileHeld} from './kernel-log-access.ts';

/** How often /dev/kmsg is asked for more, in milliseconds: node cannot wait for a device, and a line is to be seen within 50. */
const lookEvery = 10;
/** CONSOLE_EXT_LOG_MAX (kernel/printk/printk.c): a smaller buffer makes read() fail with EINVAL. */
const longestRecord = 8192;

type Run = (command: Command, options?: RunOptions) => Promise<Running>;

const readJournal: Command = {
	argv: whileHeld('journalctl --dmesg --follow --lines=0 --output=short-monotonic --no-hostname'),
	stdin: 'held',
	as: 'user',
	terminal: 'captured',
	interrupt: 'group',
	why: 'shows what the kernel says, from the journal'
};

/**
 * Follows the kernel's log from now on by the way that needs least: /dev/kmsg, then the journal (for members of its groups),
 * then dmesg behind sudo.
 */
export async function followKernelLog(
	reader: Reader,
	run: Run,
	onLine: (line: KernelLogLine) => void,
	onMissed: () => void,
	becomeRoot: (command: Command) => Promise<boolean>
): Promise<FollowingKernelLog | {readonly source: undefined; readonly why: string}> {
	const device = followDevice(onLine, onMissed);
	if (device !== undefined) return device;
	if (await mayReadJournal(reader)) {
		const journal = await followProgram(run, readJournal, 'journalctl -kf', onLine);
		if ('close' in journal) return journal;
	}
	if (!(await becomeRoot(readKernelLogAsRoot)))
		return {
			source: undefined,
			why: 'an ordinary user may not read it here (kernel.dmesg_restrict=1), and sudo did not give root'
		};
	return followProgram(run, readKernelLogAsRoot, 'sudo dmesg --follow-new', onLine);
}

/** Each read gives one record; what the ring held before is read and dropped first, so that only news is passed on. */
function followDevice(onLine: (line: KernelLogLine) => void, onMissed: () => void): FollowingKernelLog | undefined {
	let device: number;
	try {
		device = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
	} catch {
		return undefined;
	}
	const buffer = Buffer.allocUnsafe(longestRecord);
	const drain = (pass: (line: KernelLogLine) => void): void => {
		for (;;) {
			try {
				const count = readSync(device, buffer, 0, buffer.length, null);
				if (count === 0) return;
				pass({format: 'kmsg', text: buffer.toString('utf8', 0, count)});
			} catch (error) {
				// EPIPE: the ring overwrote records that were not read yet; the next read goes on behind the gap
				if ((error as NodeJS.ErrnoException).code === 'EPIPE') onMissed();
				else return;
			}
		}
	};
	drain(() => {});
	const timer = setInterval(() => drain(onLine), lookEvery);
	return {
		source: '/dev/kmsg',
		close() {
			clearInterval(timer);
			drain(onLine);
			closeSync(device);
		}
	};
}

async function followProgram(
	run: Run,
	command: Command,
	source: string,
	onLine: (line: KernelLogLine) => void
): Promise<FollowingKernelLog | {readonly source: undefined; readonly why: string}> {
	const lines = createLines();
	let last = '';
	const running = await run(command, {
		onOutput(text) {
			for (const line of lines.push(text)) {
				if (line.trim() !== '') last = line;
				onLine({format: 'dmesg', text: line});
			}
		}
	});
	// it follows for ever; one that ends at once could not be started
	const ended = await Promise.race([
		running.exit,
		new Promise<undefined>(resolve => setTimeout(() => resolve(undefined), 300))
	]);
	if (ended !== undefined) {
		const why =
			ended.kind === 'not-started'
				? ended.why
				: `${source} stopped at once: ${(lines.rest() || last).trim() || 'no message'}`;
		return {source: undefined, why};
	}
	return {
		source,
		close() {
			running.cancel();
		}
	};
}
