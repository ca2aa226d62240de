/** A program to run: data until `machine` runs it, so that preview, script, JSON and log all show the same thing. */
export type Command = {
	readonly argv: readonly [string, ...string[]];
	readonly cwd?: string;
	/** Added to the allow-listed environment. */
	readonly env?: Readonly<Record<string, string>>;
	/** `root` runs behind sudo, unless the wizard itself is root. */
	readonly as: 'user' | 'root';
	/** `handed-over`: the program gets the real terminal, because it may ask for a password. */
	readonly terminal: 'captured' | 'handed-over';
	/** What Ctrl-C does: stop the whole process group, or nothing (a pacman transaction). */
	readonly interrupt: 'group' | 'never';
	/** What the group is told first when it is stopped; TERM unless it is named. makepkg tidies up after INT. */
	readonly stopWith?: 'SIGINT';
	/** `held`: it is given a pipe that says nothing and closes with this process, however that ends, and it ends then. */
	readonly stdin?: 'held';
	/** Why this runs, in words the user reads before agreeing. */
	readonly why: string;
};
