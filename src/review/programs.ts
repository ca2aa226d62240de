import type {Command} from './shell-syntax.ts';

/** `/usr/bin/curl` → `curl`. */
export const programName = (word: string): string => word.slice(word.lastIndexOf('/') + 1);

/** Programs that run the program they are given. */
const wrappers = new Set(
	'command builtin exec env sudo doas run0 pkexec nohup nice ionice chrt taskset time timeout xargs parallel setsid stdbuf unshare fakeroot fakechroot chroot busybox toybox strace ltrace watch script unbuffer shell then do else'.split(
		' '
	)
);

export type Invocation = {readonly program: string; readonly argv: readonly string[]};

/** The programs a command’s fields run: the one it names, and what that one is given to run. */
export function invocationsOf(fields: readonly string[], depth = 0): readonly Invocation[] {
	const [first, ...rest] = fields;
	if (first === undefined) return [];
	const program = programName(first);
	const own = {program, argv: rest};
	if (depth > 4) return [own];
	// `command -v` only asks where a program is
	if (program === 'command' && /^-[a-z]*[vV]/.test(rest[0] ?? '')) return [own];
	if (wrappers.has(program)) {
		// options may have values of their own, as in `nice -n 5`: the next few words may each be the program
		const places = rest
			.map((word, index) => ({word, index}))
			.filter(({word}) => !word.startsWith('-') && !/^[A-Za-z_]\w*=/.test(word))
			.slice(0, depth === 0 ? 3 : 1);
		return [own, ...places.flatMap(({index}) => invocationsOf(rest.slice(index), depth + 1))];
	}
	if (program === 'find' || program === 'fd') {
		const runs = rest
			.flatMap((word, index) => (/^-(?:exec|execdir|ok|okdir|x)$/.test(word) ? [index + 1] : []))
			.slice(0, 8);
		return [own, ...runs.flatMap(index => invocationsOf(rest.slice(index), depth + 1))];
	}
	return [own];
}

/** The programs a command names in plain text, for a first look at what a substitution does. */
export function programsOf(command: Command): readonly string[] {
	const words = command.words
		.slice(0, 8)
		.map(word => word.parts.map(part => (part.kind === 'text' ? part.text : '$')).join(''));
	return invocationsOf(words).map(one => one.program);
}
