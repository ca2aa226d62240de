import {describe, expect, test} from 'vitest';
import {commandNames, type Options, parseOptions, wantsJson} from '../../src/commands/options.ts';
import {UsageError} from '../../src/commands/usage-error.ts';

const defaults: Options = {
	command: 'wizard',
	words: [],
	on: [],
	mend: false,
	hook: false,
	yes: false,
	dryRun: false,
	json: false,
	quiet: false,
	plain: false,
	ascii: false
};

function refusal(argv: readonly string[]): UsageError {
	try {
		parseOptions(argv);
	} catch (error) {
		if (error instanceof UsageError) return error;
		throw error;
	}
	throw new Error(`${argv.join(' ')} was accepted`);
}

describe('read', () => {
	test.each([
		[[], {}],
		[['wizard'], {}],
		[['check'], {command: 'check'}],
		[['check', 'load', 'machine'], {command: 'check', words: ['load', 'machine']}],
		[['--json', 'check'], {command: 'check', json: true}],
		[
			['new', 'mine', '--template', 'numbers', '--author=Ada L'],
			{command: 'new', words: ['mine'], template: 'numbers', author: 'Ada L'}
		],
		[['build', '-q', '--dry-run'], {command: 'build', quiet: true, dryRun: true}],
		[
			['-y', '--kdir', '/k', '--rustc', '/r', '--module', 'm', '--name', 'n', '--folder', 'f'],
			{yes: true, kdir: '/k', rustc: '/r', module: 'm', name: 'n', folder: 'f'}
		],
		[
			['check', '--sysroot', '/mnt', '--plain', '--ascii'],
			{command: 'check', sysroot: '/mnt', plain: true, ascii: true}
		],
		[['explain', '--', '-odd-name.log'], {command: 'explain', words: ['-odd-name.log']}],
		[['explain', '-'], {command: 'explain', words: ['-']}]
	] satisfies [string[], Partial<Options>][])('%j', (argv, expected) => {
		expect(parseOptions(argv)).toEqual({kind: 'run', options: {...defaults, ...expected}});
	});

	test.each([
		[['--help'], {kind: 'help'}],
		[['-h'], {kind: 'help'}],
		[['help'], {kind: 'help'}],
		[['help', 'build'], {kind: 'help', command: 'build'}],
		[['build', '--help'], {kind: 'help', command: 'build'}],
		[['help', 'nonsense'], {kind: 'help'}],
		[['--version'], {kind: 'version'}],
		[['check', '--version'], {kind: 'version'}]
	])('%j', (argv, expected) => {
		expect(parseOptions(argv)).toEqual(expected);
	});
});

describe('refused, with a sentence and a way on', () => {
	test.each([
		[['biuld'], 'unknown-command', 'There is no command "biuld".'],
		[['check', 'kernl'], 'unknown-step', 'There is no step "kernl".'],
		[['check', '--jsn'], 'unknown-flag', 'There is no flag "--jsn".'],
		[['new', '-rf'], 'unknown-flag', 'There is no flag "-r".'],
		[['new'], 'wrong-words', 'new takes one word, the name of the module; there is none.'],
		[['new', 'a', 'b'], 'wrong-words', 'new takes one word, the name of the module; there are 2: "a" "b".'],
		[['build', 'a', 'b'], 'wrong-words', 'build takes at most one word, the module’s folder; there are 2: "a" "b".'],
		[['wizard', 'now'], 'wrong-words', 'wizard takes no words; there is one: "now".'],
		[['check', '--kdir'], 'flag-value', '--kdir'],
		[['check', '--kdir='], 'empty-value', '--kdir has an empty value.'],
		[['check', '--json=yes'], 'flag-value', '--json'],
		[['check', '--kdir', '--json'], 'flag-value', '--kdir'],
		[
			['check', '--installed', '7.2.12'],
			'flag-elsewhere',
			'--installed belongs to practice and to load --on practice.'
		],
		[['load', '--installed', '7.2.12'], 'flag-elsewhere', '--installed belongs to practice and to load --on practice.'],
		[['practice', '--installed', '../7.2.12'], 'flag-value', '--installed takes a release, and "../7.2.12" is none.']
	])('%j: %s', (argv, code, message) => {
		const error = refusal(argv);
		expect(error.code).toBe(code);
		expect(error.message).toContain(message);
		expect(error.message).toMatch(/\.$/);
		expect(error.remedy).not.toBe('');
	});
});

test.each([
	[['practice', '--installed', '7.2.12+deb14-amd64']],
	[['load', '--on', 'practice', '--installed', '7.2.12+deb14-amd64']]
])('a kernel to practise with: %j', argv =>
	expect(parseOptions(argv)).toMatchObject({kind: 'run', options: {installed: '7.2.12+deb14-amd64'}})
);

test('--json is noticed even where the rest cannot be read', () => {
	expect(wantsJson(['biuld', '--json'])).toBe(true);
	expect(wantsJson(['explain', '--', '--json'])).toBe(false);
	expect(wantsJson(['biuld'])).toBe(false);
});

test('every command takes --help', () => {
	for (const command of commandNames) expect(parseOptions([command, '--help'])).toEqual({kind: 'help', command});
});
