import {execFileSync} from 'node:child_process';
import {describe, expect, it} from 'vitest';
import type {Command} from '../../src/model/command.ts';
import {quoteWord, renderCommand} from '../../src/text/quote.ts';
import {randomNumbers} from '../scaffold/random.ts';

const command: Command = {argv: ['true'], as: 'user', terminal: 'captured', interrupt: 'group', why: 'a test'};

/** What a real shell makes of quoted words: it prints each one with a NUL behind it. */
function readBack(shell: string, words: readonly string[]): readonly string[] {
	const script = `printf '%s\\0' ${words.map(quoteWord).join(' ')}`;
	const output = execFileSync(shell, ['-c', script], {
		env: {PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8'},
		encoding: 'utf8'
	});
	return output.split('\0').slice(0, -1);
}

const plain = [
	'a',
	'Z',
	'0',
	' ',
	'  ',
	"'",
	'"',
	'\\',
	'$',
	'`',
	'!',
	'*',
	'?',
	'[',
	']',
	'{',
	'}',
	'~',
	'#',
	'&',
	'|',
	';',
	'<',
	'>',
	'(',
	')',
	'=',
	'%',
	'^',
	'-',
	'$HOME',
	'$(id)',
	'ä',
	'李',
	'👩'
];
const control = [
	'\n',
	'\t',
	'\r',
	'\u0001',
	'\u001b',
	'\u007f',
	'\u0085',
	'\u200b',
	'\u202e',
	'\u061c',
	'\u00ad',
	'\ufeff',
	'\u{e0041}',
	'7',
	'f'
];

function words(seed: number, alphabet: readonly string[]): readonly string[] {
	const random = randomNumbers(seed);
	return Array.from({length: 3000}, () =>
		Array.from({length: random(9)}, () => alphabet[random(alphabet.length)]).join('')
	);
}

describe('quoteWord', () => {
	it.each([
		['make', 'make'],
		['KDIR=/lib/modules/6.12.1-rust/build', 'KDIR=/lib/modules/6.12.1-rust/build'],
		['', "''"],
		['two words', "'two words'"],
		["it's", "'it'\\''s'"],
		['$HOME', "'$HOME'"],
		['a\nb', "$'a\\x0ab'"],
		["it's\u001b[31m", "$'it\\'s\\x1b[31m'"]
	])('writes %j as %s', (word, quoted) => {
		expect(quoteWord(word)).toBe(quoted);
	});

	it('is read back unchanged by sh, for words without control characters', () => {
		const wanted = words(1, plain);
		expect(readBack('sh', wanted)).toEqual(wanted);
	});

	it("is read back unchanged by bash, for any word: sh need not know $'…'", () => {
		const wanted = words(2, [...plain, ...control]);
		expect(readBack('bash', wanted)).toEqual(wanted);
	});

	it('shows no character that a terminal would obey or a reader could not see', () => {
		for (const word of words(3, [...plain, ...control])) {
			expect(quoteWord(word)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
		}
	});
});

describe('renderCommand', () => {
	it('puts sudo before a root command, unless the reader is root', () => {
		const insmod: Command = {...command, argv: ['insmod', '/home/me/my modules/hello.ko'], as: 'root'};
		expect(renderCommand(insmod)).toBe("sudo insmod '/home/me/my modules/hello.ko'");
		expect(renderCommand(insmod, {asRoot: true})).toBe("insmod '/home/me/my modules/hello.ko'");
	});

	it('leaves a script of several lines out for a reader, and keeps it for a file', () => {
		const script: Command = {...command, argv: ['sh', '-euc', 'one=\'a b\'\n\techo "$one" $1', 'sh', 'two words']};
		expect(renderCommand(script, {lines: 'left-out'})).toBe("sh -euc '…' sh 'two words'");
		const kept = renderCommand(script, {lines: 'kept'});
		expect(kept).not.toContain("$'");
		expect(execFileSync('sh', ['-c', kept], {encoding: 'utf8'})).toBe('a b two words\n');
	});

	it('never keeps lines that hold what a terminal would obey', () => {
		const script: Command = {...command, argv: ['sh', '-c', 'echo 1\n\x1b[2J']};
		for (const lines of ['left-out', 'kept'] as const) expect(renderCommand(script, {lines})).toContain('\\x1b');
	});

	it('is a command that sh runs as it was meant, with its environment', () => {
		const shown = renderCommand({
			...command,
			argv: ['sh', '-c', 'printf "%s|%s" "$FLAGS" "$1"', 'x', "a 'b' $c"],
			env: {FLAGS: '-O2 "q"'}
		});
		expect(execFileSync('sh', ['-c', shown], {encoding: 'utf8'})).toBe('-O2 "q"|a \'b\' $c');
	});
});
