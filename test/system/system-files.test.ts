import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {describe, expect, test} from 'vitest';
import {scratchFolder} from '../support/scratch.ts';

const root = resolve(import.meta.dirname, '../..');
const isThere = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

test('the man page and the completions are what scripts/system-files.js writes', () => {
	execFileSync(process.execPath, ['scripts/system-files.js', '--check'], {cwd: root});
});

test('the man page is one that groff reads without a warning', () => {
	// a machine without groff has no man either
	if (!isThere('groff')) return;
	const {stdout, stderr} = spawnSync('groff', ['-man', '-ww', '-Tascii', 'assets/man/linux-rust-setup.1'], {
		cwd: root,
		encoding: 'utf8'
	});
	expect(stderr).toBe('');
	// bold is a letter struck twice
	expect(stdout.replace(/.\u0008/g, '')).toMatch(/COMMANDS[\s\S]*--mend[\s\S]*EXIT STATUS/);
});

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

	test('of commands, steps, words and flags', () => {
		expect(offered(['ch'])).toEqual(['check']);
		expect(offered(['check', 'b'])).toEqual(['boot', 'build']);
		expect(offered(['hook', ''])).toEqual(['install', 'remove', 'show']);
		expect(offered(['check', '--me'])).toEqual(['--mend']);
		expect(offered(['new', 'mine', '--template', 'hel'])).toEqual(['hello']);
		// what only package managers call is not offered
		expect(offered(['check', '--hoo'])).toEqual([]);
	});

	test('of folders and files, where these are meant', () => {
		const folder = scratchFolder();
		mkdirSync(join(folder, 'hello'));
		writeFileSync(join(folder, 'help.log'), '');
		expect(offered(['build', 'he'], folder)).toEqual(['hello']);
		expect(offered(['explain', 'he'], folder)).toEqual(['hello', 'help.log']);
		expect(offered(['check', '--kdir', 'he'], folder)).toEqual(['hello']);
	});
});
