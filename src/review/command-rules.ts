import {type FlagRule, flagRules} from './flag.ts';

type CommandRule = {
	readonly id: string;
	/** All of these match the arguments… */
	readonly all: readonly RegExp[];
	/** …and none of these. */
	readonly none: readonly RegExp[];
};

const patterns = (...sources: readonly (string | undefined)[]): readonly RegExp[] =>
	sources.flatMap(source => (source === undefined ? [] : [new RegExp(source, 'u')]));

const byProgram = new Map<string, CommandRule[]>();
const byName = new Map<string, string>();
const inText: {readonly id: string; readonly pattern: RegExp}[] = [];
const watched = new Set([
	'sh',
	'bash',
	'dash',
	'zsh',
	'ksh',
	'eval',
	'source',
	'python',
	'python3',
	'perl',
	'base64',
	'xxd'
]);

for (const rule of flagRules) add(rule);

function add(rule: FlagRule): void {
	switch (rule.look) {
		case 'command':
			for (const program of rule.programs) {
				const one = {id: rule.id, all: patterns(rule.arguments, rule.also), none: patterns(rule.unless)};
				const others = byProgram.get(program);
				if (others === undefined) byProgram.set(program, [one]);
				else others.push(one);
				if (rule.severity === 'red' && rule.arguments === undefined) watched.add(program);
			}
			return;
		case 'text':
			inText.push({id: rule.id, pattern: new RegExp(rule.pattern, 'u')});
			return;
		case 'assignment':
			for (const name of rule.names) byName.set(name, rule.id);
			return;
		case 'code':
			return;
	}
}

/** How many characters of a command’s arguments are looked at; a line that long has a flag of its own. */
const mostArguments = 65_536;

/** The flags of a program run with these arguments. */
export function flagsOfProgram(program: string, argv: readonly string[]): readonly string[] {
	const rules = byProgram.get(program);
	if (rules === undefined) return [];
	const line = argv.join(' ').slice(0, mostArguments);
	return rules
		.filter(rule => rule.all.every(one => one.test(line)) && !rule.none.some(one => one.test(line)))
		.map(rule => rule.id);
}

/** The flags of a text, wherever in a recipe it stands. */
export const flagsOfText = (text: string): readonly string[] =>
	inText.filter(rule => rule.pattern.test(text)).map(rule => rule.id);

/** The flag of setting a variable of this name. */
export const flagOfSetting = (name: string): string | undefined => byName.get(name);

/** Whether this is a program that honest code would call by its plain name. */
export const isWatched = (program: string): boolean => watched.has(program);
