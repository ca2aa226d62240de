/** How tools announce an error of their own; deliberately narrow, for a line taken for an error by mistake frightens. */
const ERROR_LINE =
	/(?:^|[\s:])error(?:\[E\d{4}\])?: \S|(?:^|[\s:])(?:ERROR|FATAL|fatal): \S|^Error! |^E: \S|\*\*\* .*\sStop\.$|\bpanicked at |\bundefined reference to |: cannot .*: Permission denied$|\bSegmentation fault\b|: command not found$|sh: (?:line )?\d+: [^\s:]+: not found$/;

/** Every line that reports an error, or that something failed, holds one of these. */
export const errorWords: readonly string[] = [
	'error',
	'Error',
	'ERROR',
	'FATAL',
	'fatal',
	'E: ',
	'*** ',
	'panicked at ',
	'undefined reference',
	'Permission denied',
	'Segmentation fault',
	'not found'
];

/** Lines of a kernel log, with the prefix dmesg, /dev/kmsg or the journal gives them. Its drivers say "error" every day. */
const KERNEL_LINE =
	/^(?:<\d+>)?\[ *\d+\.\d{6}\]|^(?:kern|user) {0,2}:\w+ *: |^\d+,\d+,\d+,\S*;|^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) \S+ kernel: /;

/** Errors that only repeat, at their end, that a run failed, or announce a text that follows. */
const SUMMARY_LINE =
	/\bmake(?:\[\d+\])?: \*\*\* .*(?:Error \d+|Interrupt|Terminated|Killed)$|(?:^|\s)error: (?:aborting due to|could not compile|proc macro panicked)/;

/** The one summary that says something when nothing else does: the cause is not in this log. */
const FAILED_LINE = /\bmake(?:\[\d+\])?: \*\*\* .*Error \d+$|(?:^|\s)error: (?:aborting due to|proc macro panicked)/;

/** What rustc reports after module! has failed: the macro would have made this name. */
const MACRO_ECHO = /cannot find value .__LOG_PREFIX/;

/** Whether a line reports an error that is worth naming. */
export function isErrorLine(line: string): boolean {
	return ERROR_LINE.test(line) && !SUMMARY_LINE.test(line) && !KERNEL_LINE.test(line) && !MACRO_ECHO.test(line);
}

/** Whether a line says no more than that something has failed. */
export function isFailedLine(line: string): boolean {
	return FAILED_LINE.test(line);
}

/** Whether a line is the head of an error of rustc. */
export function isCompilerError(line: string): boolean {
	return /(?:^|\s)error(?:\[E\d{4}\])?: /.test(line);
}

/** Whether a line shows that a run of rustc is over: its closing words, a line of make, or the next run. */
export function endsCompilerRun(line: string): boolean {
	return /(?:^|\s)error: aborting due to|^make(?:\[\d+\])?: |^\s+RUSTC /.test(line);
}

/** Whether a line is the echo of a macro that failed before. */
export function isMacroEcho(line: string): boolean {
	return MACRO_ECHO.test(line);
}

/** The place in a source file that an error names, on its own line or in the lines that follow. */
export function sourcePlace(line: string, rest: readonly string[]): {file: string; row: number} | undefined {
	const own = /^(\S{1,300}?):(\d+):(?:\d+:)? /.exec(line);
	const below = own ?? rest.map(text => /--> (\S.{0,300}?):(\d+):\d+\s*$/.exec(text)).find(match => match);
	return below ? {file: below[1] as string, row: Number(below[2])} : undefined;
}

const EXCERPT_LINES = 4;

/** The first lines of code that a message of rustc shows with their marks, without the empty frame above them. */
export function codeExcerpt(rest: readonly string[]): string[] {
	const from = rest.findIndex(text => / --> /.test(text)) + 1;
	const lines = rest.slice(from);
	const start = lines.findIndex(text => /^ *\d+ +\|/.test(text));
	if (from === 0 || start < 0) return [];
	const framed = lines.slice(start, start + EXCERPT_LINES);
	const end = framed.findIndex(text => !/^ *\d* +\||^\.\.\.$/.test(text));
	return (end < 0 ? framed : framed.slice(0, end)).filter(text => !/^ +\|\s*$/.test(text));
}
