import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {childEnvironment} from './environment.ts';
import {safePath} from './path.ts';
import {question, type RemoteFunction, remoteFunctions} from './remote-shell.ts';
import type {SshAddress} from './ssh-address.ts';
import {problemOf, type SshProblem} from './ssh-problem.ts';

/** What one question was answered with: its parts, and whether there is such a thing. */
export type Answer = {
	readonly status: 'found' | 'absent' | 'unknown';
	/** One, but for a program that was asked: output, errors, exit code. */
	readonly parts: readonly Uint8Array[];
};

/** A shell on another machine that answers one question after the other. */
export type SshShell = {
	/** What the shell said of itself and its user, by name. */
	readonly introduction: ReadonlyMap<string, string>;
	/**
	 * `largest`: more bytes than that end the connection; `patience`: as long a silence does too, in milliseconds, unless told
	 * otherwise `limits.silence`. Undefined: the connection ended before the answer came.
	 */
	ask(
		name: RemoteFunction,
		words: readonly string[],
		options?: {readonly largest?: number; readonly patience?: number}
	): Promise<Answer | undefined>;
	/** Why the connection ended, where it did before `close`. */
	problem(): SshProblem | undefined;
	close(): void;
};

export type SshLimits = {
	/** Seconds until a TCP connection must be there. */
	readonly connect: number;
	/** Milliseconds from the start of ssh to the shell's first word. */
	readonly greeting: number;
	/** Milliseconds of silence after a question. */
	readonly silence: number;
};

export const sshLimits: SshLimits = {connect: 10, greeting: 20_000, silence: 15_000};

/** How long what ssh had written is still read after its end, in milliseconds. */
const lastWords = 200;
const keptErrors = 16 * 1024;
/** What an answer takes beside what was asked for: errors of a program, names in a folder. */
const slack = 4 * 1024 * 1024;

/**
 * ssh as the user configured it, but never asking: no password, no unknown host key. What a configuration may start beside the
 * session (forwardings, commands, a terminal) stays away.
 */
export function sshWords({host, user, port}: SshAddress, {connect}: Pick<SshLimits, 'connect'>): readonly string[] {
	const settings = [
		'BatchMode=yes',
		`ConnectTimeout=${connect}`,
		'ServerAliveInterval=5',
		'ServerAliveCountMax=3',
		'LogLevel=ERROR',
		'ClearAllForwardings=yes',
		'ForwardAgent=no',
		'ForwardX11=no',
		'PermitLocalCommand=no',
		'RemoteCommand=none',
		'RequestTTY=no'
	];
	return [
		...settings.flatMap(setting => ['-o', setting]),
		...(port === undefined ? [] : ['-p', String(port)]),
		...(user === undefined ? [] : ['-l', user]),
		'--',
		host,
		'exec sh -s'
	];
}

/** Starts a shell on another machine over the system's ssh. Gives the problem where there is none to be had. */
export async function openSshShell(
	address: SshAddress,
	own: Readonly<Record<string, string | undefined>>,
	limits = sshLimits
): Promise<{readonly ok: true; readonly shell: SshShell} | {readonly ok: false; readonly problem: SshProblem}> {
	const mark = randomBytes(16).toString('hex');
	const child = spawn('ssh', [...sshWords(address, limits)], {
		env: childEnvironment(own, safePath(own['PATH'])),
		stdio: ['pipe', 'pipe', 'pipe']
	});
	const conversation = converse(child, mark, address);
	const greeting = await conversation.say(remoteFunctions(mark), {
		name: 'the shell',
		largest: slack,
		patience: limits.greeting
	});
	if (greeting === undefined) return {ok: false, problem: await conversation.ended};
	const introduction = new Map(
		new TextDecoder()
			.decode(greeting.parts.at(-1))
			.split('\0')
			.map((entry): [string, string] => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)])
			.filter(([name, value]) => name !== '' && value !== '')
	);
	return {
		ok: true,
		shell: {
			introduction,
			ask: (name, words, {largest = 0, patience = limits.silence} = {}) =>
				conversation.say(question(name, words), {
					name: words.find(word => word.startsWith('/')) ?? name,
					largest: largest + slack,
					patience
				}),
			problem: conversation.problem,
			close: conversation.close
		}
	};
}

/** One question that waits for its answer. */
type Waiting = {
	readonly name: string;
	readonly largest: number;
	readonly patience: number;
	readonly parts: Uint8Array[];
	answer(answer: Answer | undefined): void;
};

/** Questions go out as they come; answers come back in the same order. Silence is counted from the moment its turn comes. */
function converse(child: ChildProcessWithoutNullStreams, mark: string, address: SshAddress) {
	const end = Buffer.from(`\n${mark} `);
	const waiting: Waiting[] = [];
	let held: Buffer = Buffer.alloc(0);
	let searched = 0;
	let errors = '';
	let why: SshProblem | undefined;
	let [greeted, closed] = [false, false];
	let timer: NodeJS.Timeout | undefined;

	const stop = (problem: SshProblem): void => {
		why ??= problem;
		child.kill('SIGKILL');
	};
	const watchFirst = (): void => {
		clearTimeout(timer);
		const [first] = waiting;
		if (first === undefined) return;
		timer = setTimeout(
			() =>
				stop(
					problemOf(address, {
						kind: 'silent',
						after: first.patience,
						what: greeted ? first.name : undefined
					})
				),
			first.patience
		);
	};
	const takeAnswers = (): void => {
		for (;;) {
			const [first] = waiting;
			const at = first === undefined ? -1 : held.indexOf(end, Math.max(0, searched - end.length));
			const lineEnd = at < 0 ? -1 : held.indexOf('\n', at + end.length);
			if (first === undefined || lineEnd < 0) {
				searched = at < 0 ? held.length : at;
				if (first !== undefined && held.length > first.largest) stop(problemOf(address, {kind: 'too-much'}));
				return;
			}
			const word = held.toString('latin1', at + end.length, lineEnd);
			first.parts.push(Uint8Array.from(held.subarray(0, at)));
			held = held.subarray(lineEnd + 1);
			searched = 0;
			if (word === 'part') continue;
			waiting.shift();
			greeted = true;
			first.answer({status: word === 'found' || word === 'absent' ? word : 'unknown', parts: first.parts});
			watchFirst();
		}
	};

	child.stdout.on('data', (bytes: Buffer) => {
		held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
		takeAnswers();
		// a slow line is no silence
		watchFirst();
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		errors = (errors + text).slice(-keptErrors);
	});
	// it ended, and that is told when it is known why
	child.stdin.on('error', () => {});
	const ended = new Promise<SshProblem>(resolve => {
		const over = (problem: SshProblem): void => {
			clearTimeout(timer);
			if (!closed) why ??= problem;
			for (const one of waiting.splice(0)) one.answer(undefined);
			resolve(why ?? problem);
		};
		child.on('error', error => {
			const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
			over(problemOf(address, absent ? {kind: 'no-ssh'} : {kind: 'ended', code: -1, errors: error.message, greeted}));
		});
		child.on('exit', () => {
			// a shared connection that ssh leaves behind (ControlPersist) keeps its streams open for good
			setTimeout(() => {
				child.stdout.destroy();
				child.stderr.destroy();
			}, lastWords).unref();
		});
		child.on('close', code => over(problemOf(address, {kind: 'ended', code: code ?? -1, errors, greeted})));
	});
	return {
		ended,
		problem: () => why,
		say: (
			text: string,
			wanted: {readonly name: string; readonly largest: number; readonly patience: number}
		): Promise<Answer | undefined> =>
			new Promise(resolve => {
				if (why !== undefined || closed) return resolve(undefined);
				waiting.push({...wanted, parts: [], answer: resolve});
				if (waiting.length === 1) watchFirst();
				child.stdin.write(text);
			}),
		close(): void {
			closed = true;
			clearTimeout(timer);
			child.stdin.end();
			child.kill('SIGTERM');
		}
	};
}
