import {setImmediate as nextTurn} from 'node:timers/promises';

type Suspend = (use: () => Promise<void>) => Promise<void>;

/**
 * Gives the real terminal to a child and takes it back. Ink's suspendTerminal leaves raw mode, but Node's tty handle goes on
 * reading and steals the child's keys: pause() works only a turn after Ink let go of its listener, and needs a turn to take effect.
 */
export async function lendTerminal<T>(suspend: Suspend, explain: string, use: () => Promise<T>): Promise<T> {
	let result: {readonly value: T} | undefined;
	// Ctrl-C is meant for the child; without a listener it would end the wizard with it
	const ignore = (): void => {};
	process.on('SIGINT', ignore);
	try {
		await suspend(async () => {
			await nextTurn();
			process.stdin.pause();
			await nextTurn();
			process.stdout.write(`\n${explain}\n`);
			result = {value: await use()};
			// a child that died in the middle of a line would have the screen drawn onto it
			process.stdout.write('\n');
		});
	} finally {
		process.off('SIGINT', ignore);
	}
	if (result === undefined) throw new Error('the terminal could not be handed over');
	return result.value;
}
