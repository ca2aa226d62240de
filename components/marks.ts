/** What can be said of a step in one sign. A word always stands beside it. */
export type Mark = 'done' | 'now' | 'todo' | 'stale' | 'blocked' | 'unknown' | 'failed';

type Look = {
	readonly sign: string;
	readonly ascii: string;
	readonly word: string;
	readonly color: string | undefined;
};

const looks: Readonly<Record<Mark, Look>> = {
	done: {sign: '✔', ascii: '[x]', word: 'done', color: 'green'},
	now: {sign: '▸', ascii: '>', word: 'now', color: 'cyan'},
	todo: {sign: '○', ascii: '[ ]', word: 'to do', color: undefined},
	stale: {sign: '!', ascii: '!', word: 'stale', color: 'yellow'},
	blocked: {sign: '■', ascii: '#', word: 'blocked', color: 'red'},
	unknown: {sign: '?', ascii: '?', word: 'unknown', color: 'yellow'},
	failed: {sign: '✘', ascii: 'X', word: 'failed', color: 'red'}
};

/** The sign: one cell, or up to three in ASCII. */
export function markText(mark: Mark, ascii: boolean): string {
	return ascii ? looks[mark].ascii : looks[mark].sign;
}

/** A colour that repeats the sign; none for what has not been reached. */
export function markColor(mark: Mark): string | undefined {
	return looks[mark].color;
}

export function markWord(mark: Mark): string {
	return looks[mark].word;
}
