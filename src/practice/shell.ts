import {safeText} from '../text/safe-text.ts';
import {createTail, writePipe} from './channel.ts';
import type {Guest} from './guest.ts';

const lookEvery = 30;

/**
 * Connects lines of input with the guest's shell until that is left, the input ends or the guest does. An idle shell lives on:
 * what is watched is the guest's sign of life, not its user's.
 */
export async function connectShell(
	guest: Guest,
	input: NodeJS.ReadStream,
	onOutput: (text: string) => void
): Promise<void> {
	await guest.ready;
	const tail = createTail(guest.paths.shellOut, 'end');
	const look = (): void => {
		const text = tail.poll();
		if (text !== '') onOutput(safeText(text));
	};
	const timer = setInterval(look, lookEvery);
	const left = Promise.withResolvers<void>();
	guest.onLeft(left.resolve);
	let sending = Promise.resolve();
	const send = (text: string | Uint8Array): void => {
		const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
		sending = sending
			.then(() => writePipe(guest.paths.shellIn, bytes, () => guest.why() !== undefined))
			.catch(() => {});
	};
	const onData = (data: Uint8Array): void => send(data);
	const onEnd = (): void => send('\nexit\n');
	input.on('data', onData).on('end', onEnd);
	// the shell prompts when it is spoken to
	send('\n');
	try {
		await Promise.race([left.promise, guest.ended]);
		await sending;
	} finally {
		clearInterval(timer);
		look();
		tail.close();
		input.off('data', onData).off('end', onEnd).pause();
	}
}
