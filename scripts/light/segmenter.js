// Intl.Segmenter for the bundle: the same graphemes, but plain text is cut without the Unicode tables, which take 30 ms to load
// at the first frame. Control characters, escape sequences for instance, are graphemes of their own; only "\r\n" is one together.
import {isPlain} from '../../components/plain-text.ts';

export class LightSegmenter {
	constructor(locales, options = {}) {
		this.options = [locales, options];
	}

	segment(text) {
		const input = String(text);
		const [, {granularity = 'grapheme'}] = this.options;
		if (granularity === 'grapheme' && isPlain(input.replace(/[\u0000-\u000c\u000e-\u001f]/g, ''))) {
			const segments = input.split('').map((segment, index) => ({segment, index, input}));
			return Object.assign(segments, {containing: (index = 0) => segments[index]});
		}
		// taken out of Intl in two steps: in the bundle, `Intl.Segmenter` is this class
		const {Segmenter} = Intl;
		this.whole ??= new Segmenter(...this.options);
		return this.whole.segment(input);
	}
}
