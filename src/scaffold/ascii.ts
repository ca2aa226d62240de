/** Latin letters that Unicode does not take apart into a letter and a mark. */
const wholeLetters: Readonly<Record<string, string>> = {
	Æ: 'AE',
	æ: 'ae',
	Đ: 'D',
	đ: 'd',
	ı: 'i',
	Ł: 'L',
	ł: 'l',
	Ø: 'O',
	ø: 'o',
	Œ: 'OE',
	œ: 'oe',
	ß: 'ss',
	Þ: 'Th',
	þ: 'th'
};

/** Text in ASCII: marks fall off their letters (`é` becomes `e`), characters without an ASCII form are left out. */
export function foldToAscii(text: string): string {
	return Array.from(text.normalize('NFC'), character => wholeLetters[character] ?? character)
		.join('')
		.normalize('NFKD')
		.replace(/[^\u0000-\u007f]/g, '');
}
