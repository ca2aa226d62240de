// string-width for the bundle: the same widths, but plain text is told without string-width's emoji expression, which takes
// V8 30 ms to compile at the first frame.
import {stripVTControlCharacters} from 'node:util';
import {isPlain} from '../../components/plain-text.ts';
import stringWidth from '../../node_modules/string-width/index.js';

// biome-ignore lint/style/noDefaultExport: string-width has one
export default function lightStringWidth(text, options = {}) {
	if (typeof text !== 'string') return 0;
	const shown = options.countAnsiEscapeCodes || !text.includes('\u001b') ? text : stripVTControlCharacters(text);
	return isPlain(shown) ? shown.length : stringWidth(text, options);
}
