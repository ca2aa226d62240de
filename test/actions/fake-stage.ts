import type {Stage} from '../../src/actions/stage.ts';
import {createLocalReader} from '../../src/machine/reader.ts';
import type {Command} from '../../src/model/command.ts';
import type {Exit, KernelLogLine, Runner, WriteResult} from '../../src/model/machine.ts';
import type {Memo} from '../../src/model/step.ts';
import type {ActionEvent} from '../../src/model/walk.ts';

/** What a fake program does: the text it prints, what the kernel says meanwhile, and how it ends. */
export type FakeProgram = {
	readonly output?: string;
	readonly kernel?: readonly string[];
	/** `'until-cancelled'`: it runs until it is cancelled. */
	readonly exit?: Exit | 'until-cancelled';
};

export type FakeParts = {
	/** By the program's name; what is not named here ends with 0 and says nothing. */
	readonly programs?: Readonly<Record<string, FakeProgram | (() => FakeProgram)>>;
	/** Answers of `canBeRoot` in order; the last one stays. */
	readonly root?: readonly boolean[];
	readonly handOver?: boolean;
	readonly write?: WriteResult;
	readonly kernelLog?: 'open' | 'closed';
	readonly watched?: readonly ('unload' | 'reload' | 'leave')[];
	readonly notice?: string;
	readonly signal?: AbortSignal;
};

export const ok: Exit = {kind: 'exited', code: 0};

/** A stage whose machine is a fake: it does as it is told and notes down what was asked of it. */
export function fakeStage(parts: FakeParts = {}) {
	const noted = {
		ran: [] as string[],
		events: [] as ActionEvent[],
		memos: [] as Memo[],
		handedOver: [] as string[],
		following: 0,
		closed: 0,
		microseconds: 5_000_000
	};
	let hear: ((line: KernelLogLine) => void) | undefined;
	const roots = [...(parts.root ?? [true])];
	const wishes = [...(parts.watched ?? [])];

	const say = (text: string): void => {
		noted.microseconds += 1000;
		hear?.({format: 'kmsg', text: `6,1,${noted.microseconds},-;${text}\n`});
	};

	const run = async (command: Command, options?: Parameters<Runner['run']>[1]): ReturnType<Runner['run']> => {
		noted.ran.push(command.argv.join(' '));
		const planned = parts.programs?.[command.argv[0]] ?? {};
		const {output = '', kernel = [], exit = ok} = typeof planned === 'function' ? planned() : planned;
		let cancelled: (exit: Exit) => void = () => {};
		if (output !== '') options?.onOutput?.(output);
		for (const line of kernel) say(line);
		return {
			exit: exit === 'until-cancelled' ? new Promise<Exit>(resolve => (cancelled = resolve)) : Promise.resolve(exit),
			cancel: () => cancelled({kind: 'cancelled'})
		};
	};

	const runner: Runner = {
		run,
		canBeRoot: async () => (roots.length > 1 ? roots.shift() : roots[0]) ?? true,
		async followKernelLog(onLine) {
			noted.following += 1;
			if (parts.kernelLog === 'closed') return {source: undefined, why: 'nobody may read it'};
			hear = onLine;
			return {
				source: '/dev/kmsg',
				close() {
					noted.closed += 1;
					hear = undefined;
				}
			};
		},
		writeNew: async (folder, files) => parts.write ?? {ok: true, written: files.map(file => `${folder}/${file.path}`)},
		newLog: async name => `/state/logs/${name}.log`
	};

	const stage: Stage = {
		reader: createLocalReader(),
		runner,
		handOver: parts.handOver
			? async (reason, use) => {
					noted.handedOver.push(reason);
					return use();
				}
			: undefined,
		emit: event => noted.events.push(event),
		signal: parts.signal ?? new AbortController().signal,
		watched: parts.watched === undefined ? undefined : async () => wishes.shift() ?? 'unload',
		async remember(memos) {
			noted.memos.push(...memos);
			return parts.notice;
		}
	};
	return {stage, noted, say};
}
