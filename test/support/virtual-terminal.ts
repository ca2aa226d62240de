import {EventEmitter} from 'node:events';
import {PassThrough} from 'node:stream';
import xterm from '@xterm/headless';
import {render} from 'ink';
import type {ReactNode} from 'react';

export type TerminalOptions = {
	readonly columns?: number;
	readonly rows?: number;
	readonly incrementalRendering?: boolean;
	readonly isScreenReaderEnabled?: boolean;
};

export type VirtualTerminal = ReturnType<typeof renderOnTerminal>;

/**
 * Renders `tree` with Ink into a terminal emulator in this process: the code path of a real terminal (erasing, cursor,
 * scrolling, resizing), without a pty.
 */
export function renderOnTerminal(tree: ReactNode, options: TerminalOptions = {}) {
	const {columns = 80, rows = 24, incrementalRendering = false, isScreenReaderEnabled = false} = options;
	const terminal = new xterm.Terminal({
		cols: columns,
		rows,
		scrollback: 10_000,
		allowProposedApi: true,
		convertEol: true
	});
	let raw = '';
	const stdout = createOutput(columns, rows, text => {
		raw += text;
		terminal.write(text);
	});
	const stdin = createInput();
	const app = render(tree, {
		stdout: stdout as unknown as NodeJS.WriteStream,
		stderr: createOutput(columns, rows, () => {}) as unknown as NodeJS.WriteStream,
		stdin: stdin as unknown as NodeJS.ReadStream,
		patchConsole: false,
		exitOnCtrlC: false,
		interactive: true,
		incrementalRendering,
		isScreenReaderEnabled
	});

	/** Rows of the whole buffer from `from` on, without the spaces at their ends. */
	const lines = (from: number): readonly string[] => {
		const {active} = terminal.buffer;
		const found: string[] = [];
		for (let row = from; row < active.length; row++) found.push(active.getLine(row)?.translateToString(true) ?? '');
		return found;
	};
	const screen = () => lines(terminal.buffer.active.viewportY).join('\n').trimEnd();
	const settle = async () => {
		// Effects subscribe to keys and timers after the first paint: two turns of the event loop let them.
		await nextTurn();
		await nextTurn();
		await app.waitUntilRenderFlush();
		await new Promise<void>(resolve => terminal.write('', resolve));
		return screen();
	};
	return {
		app,
		terminal,
		settle,
		/** What is on the screen now, without empty rows at the end. */
		screen,
		/** Rows that have scrolled away. */
		scrollback: () => lines(0).slice(0, terminal.buffer.active.baseY),
		/** Everything Ink wrote, escape sequences included. */
		raw: () => raw,
		/** Column and row of the terminal's cursor. */
		cursor: () => ({x: terminal.buffer.active.cursorX, y: terminal.buffer.active.cursorY}),
		/** Sends `keys` as one chunk, as a slow link or a script does, and waits for what they change. */
		press: async (keys: string) => {
			await settle();
			stdin.write(keys);
			return settle();
		},
		resize: async (newColumns: number, newRows: number) => {
			await settle();
			terminal.resize(newColumns, newRows);
			stdout.columns = newColumns;
			stdout.rows = newRows;
			stdout.emit('resize');
			return settle();
		}
	};
}

/** Key sequences as terminals send them. */
export const keys = {
	up: '\u001b[A',
	down: '\u001b[B',
	right: '\u001b[C',
	left: '\u001b[D',
	home: '\u001b[H',
	end: '\u001b[F',
	pageUp: '\u001b[5~',
	pageDown: '\u001b[6~',
	delete: '\u001b[3~',
	backspace: '\u007f',
	enter: '\r',
	tab: '\t',
	shiftTab: '\u001b[Z',
	paste: (text: string) => `\u001b[200~${text}\u001b[201~`
} as const;

function createOutput(columns: number, rows: number, take: (text: string) => void) {
	const write = (chunk: string | Uint8Array, encoding?: unknown, callback?: () => void) => {
		take(String(chunk));
		const done = typeof encoding === 'function' ? (encoding as () => void) : callback;
		done?.();
		return true;
	};
	return Object.assign(new EventEmitter(), {isTTY: true as const, writable: true, columns, rows, write});
}

function createInput() {
	const stdin = Object.assign(new PassThrough(), {
		isTTY: true as const,
		isRaw: false,
		setRawMode: (isRaw: boolean) => Object.assign(stdin, {isRaw}),
		ref: () => stdin,
		unref: () => stdin
	});
	return stdin;
}

async function nextTurn(): Promise<void> {
	await new Promise<void>(resolve => setImmediate(resolve));
}
