// Latin letters, dashes and quotes, arrows, boxes and blocks, our marks, braille.
const plain =
	/^[ -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25fc\u2713-\u2718\u276f\u2800-\u28ff]*$/;

/**
 * Whether every character of `text` takes one cell and is a grapheme of its own beside any of the others. Asking Unicode about
 * them instead costs 60 ms once, at the first frame: Intl.Segmenter loads its tables, emoji expressions are compiled.
 */
export const isPlain = (text: string): boolean => plain.test(text);
