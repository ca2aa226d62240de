const spelled: Readonly<Record<string, string>> = {
	'·': '-',
	'…': '...',
	'’': "'",
	'“': '"',
	'”': '"',
	'→': '->',
	'–': '-'
};

/** Our own typographic marks spelled in ASCII, for terminals that show no others. Letters of names and paths stay what they are. */
export const asciiText = (text: string): string => text.replace(/[·…’“”→–]/g, mark => spelled[mark] ?? mark);
