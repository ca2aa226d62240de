import {type ChildProcess, spawn} from 'node:child_process';

/** What a program that was started is like from outside. `stop` is gentle first; what is left after a while is killed. */
export type Started = {
	readonly pid: number | undefined;
	readonly ended: Promise<Ended>;
	stop(): void;
};

export type Ended =
	| {readonly kind: 'exited'; readonly code: number}
	| {readonly kind: 'signalled'; readonly signal: string}
	| {readonly kind: 'not-started'; readonly error: unknown};

/**
 * Starts a program without stdin, or with one that only closes, with its output on the descriptor `output`. Node's own `spawn`,
 * because the build that somebody waits for is to run before anything heavy is loaded: execa takes 30 ms. `group`: in a process
 * group of its own, which is stopped as a whole, also where this process ends first. `apart`: in a group that neither the terminal
 * nor the end of this process reaches.
 */
export function startProgram(
	argv: readonly string[],
	options: {
		readonly cwd: string;
		readonly env: Record<string, string>;
		readonly output: number;
		/** `held`: open until the program is stopped or this process ends. */
		readonly stdin: 'none' | 'held';
		readonly as: 'group' | 'apart' | 'member';
		readonly stopWith: NodeJS.Signals;
		readonly endsWithUs: boolean;
		/** Milliseconds. */
		readonly killAfter: number;
	}
): Started {
	const {cwd, env, output, stdin, as, stopWith, endsWithUs, killAfter} = options;
	const [program = '', ...rest] = argv;
	let child: ChildProcess;
	try {
		child = spawn(program, rest, {
			cwd,
			env,
			stdio: [stdin === 'held' ? 'pipe' : 'ignore', output, output],
			detached: as !== 'member'
		});
	} catch (error) {
		// what it says of most failures as an event it throws of others: E2BIG, ENOMEM
		return {pid: undefined, ended: Promise.resolve({kind: 'not-started', error}), stop() {}};
	}
	const {pid} = child;
	const letGo = (): void => void child.stdin?.destroy();
	const signal = (name: NodeJS.Signals): void => {
		if (pid === undefined) return;
		try {
			process.kill(as === 'group' ? -pid : pid, name);
		} catch {
			// it ended in this very moment, or belongs to root
		}
	};
	const forget = endsWithUs ? endWithUs(() => signal(stopWith)) : () => {};
	let timer: NodeJS.Timeout | undefined;
	const ended = new Promise<Ended>(resolve => {
		child.on('error', error => resolve({kind: 'not-started', error}));
		child.on('exit', (code, name) => {
			resolve(code === null ? {kind: 'signalled', signal: name ?? ''} : {kind: 'exited', code});
		});
	}).finally(() => {
		clearTimeout(timer);
		letGo();
		forget();
	});
	return {
		pid,
		ended,
		stop() {
			letGo();
			signal(stopWith);
			timer ??= setTimeout(signal, killAfter, 'SIGKILL');
		}
	};
}

/** What is to be done when this process ends while programs run. */
const pending = new Set<() => void>();
const endings = ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGQUIT'] as const;

function endWithUs(end: () => void): () => void {
	if (pending.size === 0) {
		process.on('exit', endAll);
		for (const name of endings) process.on(name, onSignal);
	}
	pending.add(end);
	return () => {
		pending.delete(end);
		if (pending.size === 0) stopListening();
	};
}

function endAll(): void {
	for (const end of pending) end();
}

/** A signal that nobody else listens to would have ended this process, and does. */
function onSignal(name: NodeJS.Signals): void {
	if (process.listenerCount(name) > 1) return;
	endAll();
	stopListening();
	process.kill(process.pid, name);
}

function stopListening(): void {
	process.off('exit', endAll);
	for (const name of endings) process.off(name, onSignal);
}
