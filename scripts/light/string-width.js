// string-width for the bundle: the same widths, but plain text is told without string-width's emoji expression, which takes
// V8 30 ms to compile. It does so as soon as string-width is evaluated, which is therefore left until something is not plain.
import {stripVTControlCharacters} from 'node:util';
import {isPlain} from '../../components/plain-text.ts';

/** In the bundle this is no file: esbuild evaluates what is required where it is required. */
const whole = () => require('../../node_modules/string-width/index.js').default;

// biome-ignore lint/style/noDefaultExport: string-width has one
export default function lightStringWidth(text, options = {}) {
	if (typeof text !== 'string') return 0;
	const shown = options.countAnsiEscapeCodes || !text.includes('\u001b') ? text : stripVTControlCharacters(text);
	return isPlain(shown) ? shown.length : whole()(text, options);
}
