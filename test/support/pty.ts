import xterm from '@xterm/headless';
import {type IPty, spawn} from 'node-pty';
import {onTestFinished} from 'vitest';

export type PtyOptions = {
	readonly columns?: number;
	readonly rows?: number;
	readonly cwd?: string;
	readonly environment?: Readonly<Record<string, string>>;
};

export type Pty = ReturnType<typeof openPty>;

/** Runs a program on a pseudo-terminal with a terminal emulator behind it. It is ended with the test. */
export function openPty(argv: readonly [string, ...string[]], options: PtyOptions = {}) {
	const {columns = 80, rows = 24, cwd = '/', environment = {}} = options;
	const terminal = new xterm.Terminal({cols: columns, rows, scrollback: 10_000, allowProposedApi: true});
	const [program, ...rest] = argv;
	const pty: IPty = spawn(program, rest, {
		cols: columns,
		rows,
		cwd,
		name: environment['TERM'] ?? 'xterm-256color',
		env: {PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', ...environment}
	});
	let raw = '';
	pty.onData(text => {
		raw += text;
		terminal.write(text);
	});
	const exit = new Promise<{readonly exitCode: number; readonly signal?: number | undefined}>(resolve =>
		pty.onExit(resolve)
	);
	onTestFinished(() => {
		try {
			pty.kill('SIGKILL');
		} catch {
			// it has ended
		}
	});
	const lines = (from: number): readonly string[] => {
		const {active} = terminal.buffer;
		const found: string[] = [];
		for (let row = from; row < active.length; row++) found.push(active.getLine(row)?.translateToString(true) ?? '');
		return found;
	};
	/** Everything on the terminal, what has scrolled away included. */
	const text = (): string => lines(0).join('\n').trimEnd();
	return {
		pid: pty.pid,
		exit,
		text,
		raw: () => raw,
		screen: () => lines(terminal.buffer.active.viewportY).join('\n').trimEnd(),
		/** Whether the program left the cursor to be seen. */
		showsCursor: () => raw.lastIndexOf('\u001b[?25h') >= raw.lastIndexOf('\u001b[?25l'),
		/** Sends bytes in one write. */
		type: (keys: string) => pty.write(keys),
		resize: (newColumns: number, newRows: number) => {
			terminal.resize(newColumns, newRows);
			pty.resize(newColumns, newRows);
		},
		/** The terminal goes away, as when its window is closed. */
		hangUp: () => (pty as IPty & {destroy(): void}).destroy(),
		/** Waits until `wanted` stands anywhere on the terminal; fails with what stands there instead. */
		waitFor: async (wanted: string | RegExp, milliseconds = 30_000): Promise<void> => {
			const until = performance.now() + milliseconds;
			const isThere = (): boolean => (typeof wanted === 'string' ? text().includes(wanted) : wanted.test(text()));
			while (!isThere()) {
				if (performance.now() > until) throw new Error(`${wanted} did not appear; the terminal shows:\n${text()}`);
				await new Promise(resolve => setTimeout(resolve, 20));
			}
		}
	};
}
