import {copyFile, rm} from 'node:fs/promises';
import {createLines} from '../text/lines.ts';
import {safeLine} from '../text/safe-text.ts';
import {createTail, writePipe} from './channel.ts';
import type {GuestPaths, Launched} from './launch.ts';
import {isPanic, parseWord, request} from './protocol.ts';

/**
 * After this long the guest is ended, in milliseconds: without a sign of life, and without an answer to what it was asked, because a
 * module's code may run for ever beside a heart that beats. It starts without a word, and under emulation on a busy machine that
 * takes long.
 */
const patience = {boot: 90_000, silence: 20_000, answer: 120_000};
const lookEvery = 30;
const lastLines = 15;

/** A virtual machine that runs the practice kernel. */
export type Guest = {
	/** Resolves when the guest's first program runs; rejects with a sentence when that does not come to be. */
	readonly ready: Promise<void>;
	/** Resolves with the reason when it is no more. */
	readonly ended: Promise<string>;
	/** Runs a shell script in the guest. Rejects with a sentence when the guest ends before it answers. */
	script(text: string): Promise<{readonly code: number; readonly output: string}>;
	/** Puts a file into the guest. */
	put(path: string, bytes: Uint8Array): Promise<void>;
	/** Lines of the console from now on; gives what stops it. */
	follow(onLine: (line: string) => void): () => void;
	/** Told when the guest's shell was left. */
	onLeft(listener: () => void): void;
	/** Why it is no more, or undefined while it lives. */
	why(): string | undefined;
	/** What was said on the console last, safe; a line that was cut off is among it. */
	lastWords(): readonly string[];
	/** All that was said on the console of a guest that ended by itself: a file that stays. */
	log(): string | undefined;
	readonly paths: GuestPaths;
	/** Ends it, and waits until it is gone. */
	stop(): Promise<void>;
	/** Lets it live on, and stops looking at it. */
	leave(): void;
};

type Answer = {readonly code: number; readonly output: Uint8Array};

/**
 * Speaks with a guest, and watches over it: one that gives no sign of life is ended, one that panicked is said to have. `newLog`
 * makes the file that keeps the console of one that ended by itself.
 */
export function speakWith(
	{paths, life}: Launched,
	options: {readonly limits?: Partial<typeof patience>; readonly newLog?: () => Promise<string>} = {}
): Guest {
	const limits = {...patience, ...options.limits};
	const waiting = new Map<
		string,
		{resolve(answer: Answer): void; reject(error: Error): void; readonly since: number}
	>();
	const listeners = new Set<(line: string) => void>();
	const last: string[] = [];
	let left: () => void = () => {};
	let why: string | undefined;
	let panic: string | undefined;
	let log: string | undefined;
	let isStopped = false;
	let asked = 0;
	let sending: Promise<void> = Promise.resolve();
	let lastSign = performance.now();
	let isReady = false;
	const ready = Promise.withResolvers<void>();
	// whoever waits for it hears of it; nobody has to
	ready.promise.catch(() => {});

	const console = createTail(paths.console);
	const answers = createTail(paths.answers);
	const consoleLines = createLines();
	const answerLines = createLines();
	const hear = (raw: string): void => {
		const line = raw.replace(/\r$/, '');
		if (isPanic(line)) panic ??= line.replace(/^\[[^\]]*\] ?/, '');
		last.push(safeLine(line, 500));
		if (last.length > lastLines) last.shift();
		for (const listener of listeners) listener(line);
	};
	const look = (): void => {
		for (const line of consoleLines.push(console.poll())) hear(line);
		for (const line of answerLines.push(answers.poll())) {
			const word = parseWord(line);
			if (word === undefined) continue;
			lastSign = performance.now();
			if (word.kind === 'ready') {
				isReady = true;
				ready.resolve();
			}
			if (word.kind === 'left') left();
			if (word.kind === 'answer') {
				waiting.get(word.id)?.resolve(word);
				waiting.delete(word.id);
			}
		}
		if (why !== undefined) return;
		why = whatIsLate();
		if (why !== undefined) life.end();
	};
	const whatIsLate = (): string | undefined => {
		const now = performance.now();
		if (!isReady)
			return now - lastSign <= limits.boot
				? undefined
				: `the guest did not start within ${limits.boot / 1000} s and was ended`;
		if (now - lastSign > limits.silence)
			return `the guest gave no sign of life for ${limits.silence / 1000} s and was ended`;
		// answers come in the order they were asked for
		const [oldest] = waiting.values();
		return oldest === undefined || now - oldest.since <= limits.answer
			? undefined
			: `the guest did not do what it was asked within ${limits.answer / 1000} s and was ended`;
	};
	const timer = setInterval(look, lookEvery);
	const close = (): void => {
		clearInterval(timer);
		console.close();
		answers.close();
	};
	const ended = life.ended.then(async how => {
		look();
		if (consoleLines.rest() !== '') hear(consoleLines.rest());
		close();
		why ??= panic === undefined ? how : `the guest’s kernel panicked: ${safeLine(panic)}`;
		if (!isStopped) log = await keep(paths.console, options.newLog);
		const error = new Error(why);
		ready.reject(error);
		for (const one of waiting.values()) one.reject(error);
		waiting.clear();
		return why;
	});

	const ask = async (bytes: Uint8Array, file?: string): Promise<Answer> => {
		await ready.promise;
		if (why !== undefined) throw new Error(why);
		asked += 1;
		// several programs may speak with a guest that stays, one after the other
		const id = `${process.pid}.${asked}`;
		const answer = new Promise<Answer>((resolve, reject) =>
			waiting.set(id, {resolve, reject, since: performance.now()})
		);
		answer.catch(() => {});
		sending = sending
			.then(() => writePipe(paths.requests, request(id, bytes, file), () => why !== undefined))
			.catch(async () => {
				// a pipe that nobody reads: the reason is known when the guest's end is
				await ended;
			});
		await sending;
		return answer;
	};

	return {
		ready: ready.promise,
		ended,
		async script(text) {
			const {code, output} = await ask(new TextEncoder().encode(text));
			return {code, output: new TextDecoder().decode(output)};
		},
		async put(path, bytes) {
			await ask(bytes, path);
		},
		follow(onLine) {
			listeners.add(onLine);
			return () => listeners.delete(onLine);
		},
		onLeft(listener) {
			left = listener;
		},
		why: () => why,
		lastWords: () => last,
		log: () => log,
		paths,
		async stop() {
			isStopped = why === undefined;
			why ??= 'the guest was stopped';
			life.end();
			await ended;
			await rm(paths.folder, {recursive: true, force: true});
		},
		leave: close
	};
}

/** A log that cannot be written is none: the guest's end is the news. */
async function keep(console: string, newLog: (() => Promise<string>) | undefined): Promise<string | undefined> {
	try {
		const log = await newLog?.();
		if (log !== undefined) await copyFile(console, log);
		return log;
	} catch {
		return undefined;
	}
}
