import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {describe, expect, test} from 'vitest';
import {openPty} from '../support/pty.ts';
import {scratchFolder} from '../support/scratch.ts';

const root = resolve(import.meta.dirname, '../..');
const isThere = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

test('the man page and the completions are what scripts/system-files.js writes', () => {
	execFileSync(process.execPath, ['scripts/system-files.js', '--check'], {cwd: root});
});

test.skipIf(!isThere('groff'))('the man page is one that groff reads without a warning', () => {
	const {stdout, stderr} = spawnSync('groff', ['-man', '-ww', '-Tascii', 'assets/man/linux-rust-setup.1'], {
		cwd: root,
		encoding: 'utf8'
	});
	expect(stderr).toBe('');
	// bold is a letter struck twice
	expect(stdout.replace(/.\u0008/g, '')).toMatch(/COMMANDS[\s\S]*--mend[\s\S]*EXIT STATUS/);
});

/** What follows `linux-rust-setup`, and what is offered for its last word. */
const completions: readonly (readonly [string, readonly string[]])[] = [
	['ch', ['check']],
	['check b', ['boot', 'build']],
	['check boot bui', ['build']],
	['check build me', ['metadata']],
	['hook ', ['install', 'remove', 'show']],
	['hook rem', ['remove']],
	['practice cl', ['clean']],
	['help rev', ['review']],
	['check --me', ['--mend']],
	['new mine --template hel', ['hello']],
	['new mine --dk', ['--dkms']],
	// what only package managers call
	['check --hoo', []]
];

function folderToComplete(): string {
	const folder = scratchFolder();
	mkdirSync(join(folder, 'hello'));
	writeFileSync(join(folder, 'help.log'), '');
	return folder;
}

describe('completion in bash', () => {
	/** What bash offers for a command line whose last word is being typed. */
	function offered(words: readonly string[], cwd = scratchFolder()): readonly string[] {
		const script = `
source "$0"
compopt() { :; }
COMP_WORDS=(linux-rust-setup "$@")
COMP_CWORD=$#
_linux_rust_setup
printf '%s\\n' "\${COMPREPLY[@]}"`;
		const file = join(root, 'assets/completions/linux-rust-setup.bash');
		return execFileSync('bash', ['-c', script, file, ...words], {cwd, encoding: 'utf8'})
			.split('\n')
			.filter(word => word !== '')
			.sort();
	}

	const answered = (line: string, cwd?: string): readonly string[] => offered(line.split(' '), cwd);

	test.each(completions)('%j', (line, expected) => {
		expect(answered(line)).toEqual(expected);
	});

	test('of folders and files, where these are meant', () => {
		const folder = folderToComplete();
		expect(answered('build he', folder)).toEqual(['hello']);
		expect(answered('explain he', folder)).toEqual(['hello', 'help.log']);
		expect(answered('check --kdir he', folder)).toEqual(['hello']);
	});
});

describe.runIf(isThere('fish'))('completion in fish', () => {
	/** What fish offers at the end of a command line, without what it says of each. */
	function offered(line: string, cwd = scratchFolder()): readonly string[] {
		const script = `source $argv[1]; complete --do-complete "linux-rust-setup $argv[2]"`;
		const file = join(root, 'assets/completions/linux-rust-setup.fish');
		return execFileSync('fish', ['--no-config', '-c', script, file, line], {
			cwd,
			encoding: 'utf8',
			env: {PATH: process.env['PATH'], HOME: cwd, XDG_DATA_HOME: cwd, XDG_CONFIG_HOME: cwd}
		})
			.split('\n')
			.map(word => word.split('\t')[0] ?? '')
			.filter(word => word !== '')
			.sort();
	}

	test.each(completions)('%j', (line, expected) => {
		expect(offered(line)).toEqual(expected);
	});

	test('of folders and files, where these are meant', () => {
		const folder = folderToComplete();
		expect(offered('build he', folder)).toEqual(['hello/']);
		expect(offered('explain he', folder)).toEqual(['hello/', 'help.log']);
		expect(offered('check --kdir he', folder)).toEqual(['hello/']);
	});
});

describe.runIf(isThere('zsh'))('completion in zsh', () => {
	test('of what there is one of, typed out; of more, a list', {timeout: 60_000}, async () => {
		const folder = folderToComplete();
		const pty = openPty(['zsh', '-f', '-i'], {environment: {HOME: folder}, cwd: folder, columns: 100});
		const prompt = async (count: number): Promise<void> => {
			await pty.waitFor(new RegExp(`^${count}> ?$`, 'm'), 20_000);
		};
		pty.type(
			`fpath=(${join(root, 'assets/completions')} $fpath); autoload -Uz compinit; compinit -u -d ${folder}/.dump; n=0; precmd() { PS1="$((++n))> "; }\r`
		);
		let count = 0;
		const typed: readonly (readonly [string, string | RegExp])[] = [
			...completions
				.filter(([, expected]) => expected.length === 1)
				.map(([line, [only = '']]) => [line, `${line.slice(0, line.lastIndexOf(' ') + 1)}${only}`] as const),
			['check b', /^boot +build$/m],
			['build he', 'build hello/'],
			['check --kdir he', 'check --kdir hello/'],
			['explain help', 'explain help.log']
		];
		for (const [line, expected] of typed) {
			count += 1;
			await prompt(count);
			pty.type(`linux-rust-setup ${line}\t`);
			await pty.waitFor(typeof expected === 'string' ? `${count}> linux-rust-setup ${expected}` : expected, 20_000);
			// the line is not run
			pty.type('\u0003');
		}
		count += 1;
		await prompt(count);
		pty.type('linux-rust-setup check --hoo\t--ki\t');
		await pty.waitFor(`${count}> linux-rust-setup check --hoo--ki`, 20_000);
	});
});
