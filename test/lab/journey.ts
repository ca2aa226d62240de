import {bootGuest, type Guest} from './lab.ts';

/** What a terminal sends for the keys of a journey. */
export const keys = {enter: '\r', down: '\u001b[B', up: '\u001b[A', escape: '\u001b', interrupt: '\u0003'} as const;

/** The line a journey's script prints when the wizard ended, with its exit code. */
export const ended = (code: number): RegExp => new RegExp(`wizard ended with ${code}\\b`);

/**
 * A guest on whose terminal the wizard starts in ~/src; afterwards the terminal's state and what still runs of this user go to
 * /results (terminal-before, terminal-after, processes), and `after`, bash, runs.
 */
export function bootWizard(
	options: {
		readonly words?: string;
		/** Bash that runs before the wizard, in its environment. */
		readonly before?: string;
		readonly prepare?: string;
		readonly carry?: Readonly<Record<string, string>>;
		readonly after?: string;
		/** MiB. */
		readonly memory?: number;
		readonly columns?: number;
		readonly rows?: number;
	} = {}
): Promise<Guest> {
	const {words = '', before = '', after = '', ...rest} = options;
	return bootGuest({
		...rest,
		script: `
mkdir -p ~/src; cd ~/src
${before}
stty -g > /results/terminal-before
linux-rust-setup ${words}
code=$?
stty -g > /results/terminal-after
ps -u "$USER" -o args= > /results/processes
cp -r ~/.local/state/linux-rust-setup/memory.json /results/ 2> /dev/null
echo "wizard ended with $code"
${after}
exit $code`
	});
}

/** Moves from the first choice down to the one that begins with `label`, and waits until it is under the cursor. */
export async function choose(guest: Guest, label: string): Promise<void> {
	const pointer = new RegExp(`❯ ${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
	// commands come up below the choices by themselves: the screen may change without the cursor
	const pointed = (): string | undefined => /❯ .*/.exec(guest.screen())?.[0];
	for (let moves = 0; moves < 12 && guest.screen().search(pointer) < 0; moves += 1) {
		const before = pointed();
		guest.press(keys.down);
		for (let waits = 0; waits < 1000 && pointed() === before; waits += 1)
			await new Promise(resolve => setTimeout(resolve, 20));
	}
	await guest.waitFor(pointer, 5000);
	guest.press(keys.enter);
}
