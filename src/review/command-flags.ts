import {flagOfSetting, flagsOfProgram, flagsOfText} from './command-rules.ts';
import {type Invocation, invocationsOf} from './programs.ts';
import {createResolver, type Resolver} from './resolve.ts';
import {parseShell} from './shell.ts';
import type {Command, Part, Script, Word} from './shell-syntax.ts';
import {isMadeUp, isUnknown, spellingOf} from './spelling.ts';
import {writeFlag, writtenBy} from './writes.ts';

/** Whose commands these are: a PKGBUILD’s, an install script’s (run as root by pacman), or another script’s. */
export type Role = 'recipe' | 'install' | 'script';

type Raise = (id: string, line: number) => void;

const shells = new Set('sh bash dash zsh ksh mksh ash fish rbash'.split(' '));
const interpreters = new Set([
	...shells,
	...'python python2 python3 pypy pypy3 perl ruby node nodejs php lua deno bun tclsh'.split(' ')
]);

/** How deep text that runs as commands (`eval`, `sh -c`) is read as commands again, and how much of it in one file. */
const deepestText = 4;
const mostText = 2_000_000;

/** Raises a flag for everything in a script that its commands do or hide. */
export function flagCommands(script: Script, role: Role, raise: Raise): Resolver {
	const everything = allCommands(script.commands);
	const resolver = createResolver(everything);
	/** The same words come again and again. */
	const knownTexts = new Map<string, readonly string[]>();
	let textLeft = mostText;
	for (const line of script.tooDeep) raise('spell.deep', line);
	for (const command of everything) visit(command, undefined, 0);
	if (resolver.exhausted() || textLeft < 0) raise('spell.deep', 1);
	return resolver;

	function flagText(text: string, line: number, here: Raise): void {
		let ids = knownTexts.get(text);
		if (ids === undefined) {
			ids = flagsOfText(text);
			knownTexts.set(text, ids);
		}
		for (const id of ids) here(id, line);
	}

	/** @param at the line to name, for commands that stand in a text of another one */
	function visit(command: Command, at: number | undefined, depth: number): void {
		const line = at ?? command.line;
		const here: Raise = (id, own) => raise(id, at ?? own);
		for (const assignment of command.assignments) {
			const setting = flagOfSetting(assignment.name);
			if (setting !== undefined) here(setting, assignment.line);
			for (const word of assignment.words) visitWord(word, 'argument', here);
		}
		if (command.background) here('stay.behind', line);
		for (const {operator, target} of command.redirections) {
			visitWord(target, operator === '<<' ? 'body' : 'argument', here);
			if (/^(?:>|&>|<>)/.test(operator) && operator !== '>&') flagWrite(resolver.text(target), target.line, here);
		}
		const [first, ...others] = command.words;
		if (first === undefined) return;
		const isKeyword = /^(?:\[\[?|\(\(|case)$/.test(first.raw);
		visitWord(first, isKeyword ? 'argument' : 'command', here);
		for (const word of others) visitWord(word, 'argument', here);
		if (isKeyword) return;
		if (isUnknown(first, resolver.fields(first))) here('run.unseen', line);
		const fields = command.words.flatMap(word => resolver.fields(word));
		const invocations = invocationsOf(fields);
		for (const invocation of invocations) {
			for (const id of flagsOfProgram(invocation.program, invocation.argv)) here(id, line);
			for (const path of writtenBy(invocation)) flagWrite(path, line, here);
			// what hides in an argument hides behind a wrapper too
			visitRun(invocation, command, line, at, depth);
		}
	}

	function flagWrite(path: string, line: number, here: Raise): void {
		const flag = writeFlag(path, role);
		if (flag !== undefined) here(flag, line);
	}

	function visitWord(word: Word, place: 'command' | 'argument' | 'body', here: Raise): void {
		const fields = resolver.fields(word);
		if (place !== 'body') for (const id of spellingOf(word, place, fields)) here(id, word.line);
		for (const field of fields) {
			if (!field.includes('\n')) {
				flagText(field, word.line, here);
				continue;
			}
			// each line of a here-document or of a long text in quotes
			for (const [index, one] of field.split('\n').entries()) flagText(one, word.line + index, here);
		}
		if (place === 'body' && /^#!.*\b(?:ba|da|z|k)?sh\b/.test(word.raw)) visitText(word.raw, word.line, undefined, 1);
	}

	/** Programs that run what they are given as text, or what is piped into them. */
	function visitRun(
		invocation: Invocation,
		command: Command,
		line: number,
		at: number | undefined,
		depth: number
	): void {
		const {program, argv} = invocation;
		const here: Raise = (id, own) => raise(id, at ?? own);
		const parts = command.words.flatMap(word => word.parts);
		const isShell = shells.has(program);
		if (program === 'eval' || program === 'trap') {
			const text = (program === 'eval' ? argv : argv.slice(0, 1)).join(' ');
			if (isMadeUp(parts)) here('run.output', line);
			else if (program === 'eval' && isUnseen(parts, text)) here('run.unseen', line);
			visitText(text, line, line, depth + 1);
			return;
		}
		if (program === 'source' || program === '.') {
			if (/^\/dev\/(?:stdin|fd\/)/.test(argv[0] ?? '')) here(command.piped ? 'run.piped' : 'run.output', line);
			return;
		}
		if (!interpreters.has(program)) return;
		if (isShell) {
			const option = argv.findIndex(word => /^-[a-z]*c$/.test(word));
			const text = option === -1 ? undefined : argv[option + 1];
			if (text !== undefined) {
				if (isMadeUp(parts)) here('run.output', line);
				else if (isUnseen(parts, text)) here('run.unseen', line);
				visitText(text, line, line, depth + 1);
				return;
			}
			for (const {operator, target} of command.redirections) {
				if (operator !== '<<' && operator !== '<<<') continue;
				if (isMadeUp(target.parts)) here('run.output', line);
				visitText(resolver.text(target), target.line, at ?? (operator === '<<' ? undefined : target.line), depth + 1);
			}
		}
		if (argv.some(word => word.startsWith('/dev/fd/$'))) here('run.output', line);
		else if (command.piped && readsProgramFromInput(argv)) here('run.piped', line);
	}

	function visitText(text: string, firstLine: number, at: number | undefined, depth: number): void {
		textLeft -= text.length;
		if (depth > deepestText || textLeft < 0) return;
		const inner = parseShell(text, firstLine);
		for (const one of inner.tooDeep) raise('spell.deep', at ?? one);
		for (const command of allCommands(inner.commands)) visit(command, at, depth);
	}
}

/** Whether what a word becomes is known only when it runs. `declare -f` prints a function of the script itself. */
function isUnseen(parts: readonly Part[], text: string): boolean {
	const outputs = parts.filter(part => part.kind === 'substitution');
	const ownFunctions = outputs.every(part =>
		part.commands.every(one => /^(?:declare|typeset)$/.test(one.words[0]?.raw ?? ''))
	);
	if (outputs.length > 0) return !ownFunctions;
	return /^\s*\$/.test(text);
}

/** Whether an interpreter with these arguments runs what is piped into it, and no file and no text of its own. */
function readsProgramFromInput(argv: readonly string[]): boolean {
	for (let index = 0; index < argv.length; index++) {
		const word = argv[index] ?? '';
		if (word === '-' || word === '-s' || word === '/dev/stdin') return true;
		if (/^[-+][oO]$/.test(word)) index++;
		else if (/^-(?:[a-zA-Z]*[cemnpE]|-eval|-print)$/.test(word)) return false;
		else if (!word.startsWith('-')) return false;
	}
	return true;
}

/** The commands of a script and of every substitution in it, in the order of the text. */
function allCommands(commands: readonly Command[]): readonly Command[] {
	const found: Command[] = [];
	const open: Command[] = [...commands].reverse();
	for (let command = open.pop(); command !== undefined; command = open.pop()) {
		found.push(command);
		const words = [
			...command.assignments.flatMap(one => one.words),
			...command.words,
			...command.redirections.map(one => one.target)
		];
		const inner = words.flatMap(word => commandsIn(word.parts));
		for (const one of inner.reverse()) open.push(one);
	}
	return found;
}

function commandsIn(parts: readonly Part[]): readonly Command[] {
	const found: Command[] = [];
	for (const part of parts) {
		// not push(...list): a list of any length does not fit on the stack
		for (const command of commandsOf(part)) found.push(command);
	}
	return found;
}

function commandsOf(part: Part): readonly Command[] {
	switch (part.kind) {
		case 'substitution':
			return part.commands;
		case 'arithmetic':
			return commandsIn(part.inner);
		case 'variable':
			return part.operation === undefined ? [] : commandsIn(part.operation.parts);
		case 'text':
			return [];
	}
}
