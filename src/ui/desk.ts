import {createTail, type Tail} from '../../components/tail.ts';
import type {Since} from '../model/facts.ts';
import type {ActionEvent, Consent, KernelLine} from '../model/walk.ts';
import {renderCommand} from '../text/quote.ts';
import {createKernelFeed, type KernelFeed} from './kernel-feed.ts';
import {createNews, type News} from './news.ts';
import {createQuestions, type Questions} from './questions.ts';

/** Lines of output kept to be shown; the log file has all. */
const keptLines = 2000;

/** What the screen and the work share besides the walk: places for output, and what each can ask of the other. */
export type Desk = {
	/** The output of the present run; each run has its own. */
	tail: Tail;
	readonly feed: KernelFeed;
	readonly news: News;
	readonly questions: Questions;
	/** What the first look found changed since all last fitted: shown before the first decision. */
	since: Since | undefined;
	/** What was typed into questions that may be asked again, by remedy and question. */
	readonly drafts: Map<string, string>;
	suspend: ((use: () => Promise<void>) => Promise<void>) | undefined;
	answerWatch: ((wish: 'unload' | 'reload' | 'leave') => void) | undefined;
	/** The commands that were agreed to in this run, beside those of its plan. */
	agreed: readonly string[];
	onWord: ((line: KernelLine) => void) | undefined;
};

export function createDesk(): Desk {
	return {
		tail: createTail({limit: keptLines}),
		feed: createKernelFeed(),
		news: createNews(),
		questions: createQuestions(),
		since: undefined,
		drafts: new Map(),
		suspend: undefined,
		answerWatch: undefined,
		agreed: [],
		onWord: undefined
	};
}

/** Makes the desk ready for another run. */
export function clearDesk(desk: Desk): void {
	desk.tail = createTail({limit: keptLines});
	desk.feed.clear();
	desk.news.clear();
	desk.agreed = [];
}

/** Passes on what happens while something is performed. */
export function tell(desk: Desk, event: ActionEvent): void {
	if (event.kind === 'output') desk.tail.push(event.text);
	else if (event.kind === 'kernel') {
		desk.feed.push(event.line);
		desk.onWord?.(event.line);
	} else desk.news.tell(event);
}

/** Waits for what the user wants done with a loaded module; a run that is stopped leaves it. */
export function watch(desk: Desk, signal: AbortSignal): Promise<'unload' | 'reload' | 'leave'> {
	return new Promise(resolve => {
		desk.answerWatch = resolve;
		desk.news.tell({kind: 'phase', text: 'watching'});
		signal.addEventListener('abort', () => resolve('leave'), {once: true});
	});
}

/** Puts what is about to be made to the user; what was agreed to is noted down. */
export async function askConsent(
	desk: Desk,
	consent: Consent,
	{signal, asRoot}: {readonly signal: AbortSignal; readonly asRoot: boolean}
): Promise<boolean> {
	const {agreed} = await desk.questions.ask({kind: 'practice', ...consent}, signal);
	if (agreed) desk.agreed = consent.commands.map(command => renderCommand(command, {asRoot}));
	return agreed;
}
