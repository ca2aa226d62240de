import {createTail, type Tail} from '../../components/tail.ts';
import type {ActionEvent, KernelLine} from '../model/walk.ts';
import {createKernelFeed, type KernelFeed} from './kernel-feed.ts';
import {createNews, type News} from './news.ts';

/** Lines of output kept to be shown; the log file has all. */
const keptLines = 2000;

/** What the screen and the work share besides the walk: places for output, and what each can ask of the other. */
export type Desk = {
	/** The output of the present run; each run has its own. */
	tail: Tail;
	readonly feed: KernelFeed;
	readonly news: News;
	/** What was typed into questions that may be asked again, by remedy and question. */
	readonly drafts: Map<string, string>;
	suspend: ((use: () => Promise<void>) => Promise<void>) | undefined;
	answerWatch: ((wish: 'unload' | 'reload' | 'leave') => void) | undefined;
	onWord: ((line: KernelLine) => void) | undefined;
};

export function createDesk(): Desk {
	return {
		tail: createTail({limit: keptLines}),
		feed: createKernelFeed(),
		news: createNews(),
		drafts: new Map(),
		suspend: undefined,
		answerWatch: undefined,
		onWord: undefined
	};
}

/** Makes the desk ready for another run. */
export function clearDesk(desk: Desk): void {
	desk.tail = createTail({limit: keptLines});
	desk.feed.clear();
	desk.news.clear();
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
