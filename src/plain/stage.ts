import type {Stage} from '../actions/stage.ts';
import type {Reader, Runner} from '../model/machine.ts';
import type {ActionEvent, KernelLine} from '../model/walk.ts';

/** Where the words of an action go when there is no screen. */
export type Voice = {
	/** Lines that are the answer: the program's output, the kernel's words. */
	readonly say: (text: string) => void;
	/** Lines about the work itself. */
	readonly remark: (text: string) => void;
};

/** A stage without a screen: events become lines. */
export function plainStage(parts: {
	readonly reader: Reader;
	readonly runner: Runner;
	readonly remember: Stage['remember'];
	readonly voice: Voice;
	readonly signal: AbortSignal;
	readonly ask?: Stage['ask'];
	/** Whether sudo may ask for its password on this terminal. Asked when it comes to that: node takes 10 ms to look at its streams. */
	readonly mayAsk: () => boolean;
}): Stage {
	const {reader, runner, remember, voice, signal, mayAsk, ask} = parts;
	const handOver: Stage['handOver'] = (reason, use) => {
		voice.remark(`${reason}\n`);
		return use();
	};
	const report = atMostOnceASecond(text => voice.remark(`${text}\n`));
	return {
		reader,
		runner,
		get handOver() {
			return mayAsk() ? handOver : undefined;
		},
		emit: event => (event.kind === 'progress' ? report(progressText(event)) : speak(event, voice)),
		signal,
		watched: undefined,
		...(ask === undefined ? {} : {ask: shownFirst(ask, voice)}),
		remember
	};
}

/** What a recipe's reader should look at is in the log of the run, whatever is answered. */
function shownFirst(ask: NonNullable<Stage['ask']>, voice: Voice): NonNullable<Stage['ask']> {
	return async question => {
		if (question.kind === 'recipe') {
			voice.remark(`recipe: ${question.folder} (${question.digest.slice(0, 16)})\n`);
			for (const {label, value} of question.facts) voice.remark(`   ${label}: ${value}\n`);
			for (const {severity, file, line, text, why} of question.flags)
				voice.remark(`${file}:${line}: ${severity}: ${text}\n   ${why}\n`);
		}
		return ask(question);
	};
}

function progressText({text, done, total}: Extract<ActionEvent, {kind: 'progress'}>): string {
	return done === undefined || !total ? text : `${text} (${Math.floor((100 * done) / total)} %)`;
}

/** Passes on the first text at once, and later ones a second after the one before. What comes too early is not made up for. */
function atMostOnceASecond(say: (text: string) => void): (text: string) => void {
	let next = 0;
	return text => {
		const now = performance.now();
		if (now < next) return;
		next = now + 1000;
		say(text);
	};
}

function speak(event: Exclude<ActionEvent, {kind: 'progress'}>, voice: Voice): void {
	switch (event.kind) {
		case 'output':
			voice.say(event.text);
			return;
		case 'kernel':
			voice.say(`${kernelLineText(event.line)}\n`);
			return;
		case 'phase':
		case 'notice':
			voice.remark(`${event.text}\n`);
			return;
		case 'log':
			voice.remark(`log: ${event.file}\n`);
			return;
		case 'wrote':
			voice.say(`wrote ${event.file}\n`);
			return;
		case 'source':
			voice.remark(`kernel log read from ${event.text}\n`);
			return;
		case 'loaded':
			voice.remark(`${event.name} is loaded\n`);
			return;
		case 'unloaded':
			voice.remark(`${event.name} is unloaded\n`);
			return;
	}
}

/** A kernel line as plain text: seconds since insmod, a bar for the module's own words, the meaning of well-known lines behind it. */
export function kernelLineText(line: KernelLine): string {
	const note = line.note === undefined ? '' : `   (${line.note.text})`;
	return `${line.own ? '|' : ' '} ${line.seconds.toFixed(3).padStart(8)}  ${line.text}${note}`;
}
