import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {Command} from '../../src/model/command.ts';
import type {Action, StepId} from '../../src/model/step.ts';
import {type PlannedStep, planLines, planScript} from '../../src/plain/script.ts';
import {scratchFolder} from '../support/scratch.ts';

const command = (argv: Command['argv'], parts: Partial<Command> = {}): Command => ({
	argv,
	as: 'user',
	terminal: 'captured',
	interrupt: 'group',
	why: 'because',
	...parts
});
const run = (argv: Command['argv'], parts?: Partial<Command>): Action => ({
	kind: 'run',
	title: argv[0],
	stage: 'other',
	command: command(argv, parts)
});

function step(id: StepId, actions: readonly Action[] | string): PlannedStep {
	return {
		step: {
			id,
			question: '',
			verdict: {
				status: 'todo',
				reason: `${id}.none`,
				summary: 'something is open',
				question: 'Shall it\nbe done?',
				evidence: [],
				remedies: []
			}
		},
		label: 'Do it',
		plan: typeof actions === 'string' ? {ok: false, why: actions} : {ok: true, actions}
	};
}

const scriptOf = (plan: readonly PlannedStep[]): string =>
	planScript(plan, {asRoot: true, version: '1.0.0', at: '2026-11-12'});

/** Runs a script with dash, the plainest of the POSIX shells at hand. */
function shell(script: string): {readonly code: number | null; readonly stdout: string; readonly stderr: string} {
	const {status, stdout, stderr} = spawnSync('sh', ['-s'], {input: script, encoding: 'utf8'});
	return {code: status, stdout, stderr};
}

test('commands run in order, in their folders, and the first that fails ends it', () => {
	const folder = scratchFolder();
	const ran = shell(
		scriptOf([
			step('toolchain', [run(['echo', "it's", 'a $HOME `id` b'])]),
			step('build', [run(['pwd'], {cwd: folder}), run(['false']), run(['echo', 'never'])])
		])
	);
	expect(ran).toEqual({
		code: 1,
		stdout: `toolchain: Do it\nit's a $HOME \`id\` b\nbuild: Do it\n${folder}\n`,
		stderr: ''
	});
});

test('files are written byte for byte, and none that exists is written over', () => {
	const folder = join(scratchFolder(), "with 'quotes'");
	const content = '#!/bin/sh\nEND\n$HOME `id` \\\nEND_\n';
	const script = scriptOf([step('module', [{kind: 'write', folder, files: [{path: 'sub/file', content}]}])]);
	expect(shell(script)).toMatchObject({code: 0, stderr: ''});
	expect(readFileSync(join(folder, 'sub/file'), 'utf8')).toBe(content);
	writeFileSync(join(folder, 'sub/file'), 'mine');
	expect(shell(script).code).not.toBe(0);
	expect(readFileSync(join(folder, 'sub/file'), 'utf8')).toBe('mine');
});

test('what a person must do is said, and ends it', () => {
	const ran = shell(
		scriptOf([
			step('boot', [{kind: 'by-you', commands: [command(['reboot'], {as: 'root'})], text: 'Choose linux-rust.'}]),
			step('build', [run(['echo', 'never'])])
		])
	);
	expect(ran.code).toBe(4);
	expect(ran.stdout).toBe('boot: Do it\n');
	expect(ran.stderr).toContain('   reboot\n   Choose linux-rust.\n');
});

test('practice mode is a walk of its own: the script says how to begin it', () => {
	const ran = shell(
		scriptOf([step('kernel', [{kind: 'practise', command: command(['linux-rust-setup', 'practice'])}])])
	);
	expect(ran.code).toBe(4);
	expect(ran.stderr).toContain('   linux-rust-setup practice\n');
});

test('text from outside stays in its comment, and what dash cannot read is not tried', () => {
	const folder = scratchFolder();
	mkdirSync(folder, {recursive: true});
	const planted = join(folder, 'planted');
	const plan = step('build', `first\ntouch ${planted}`);
	expect(shell(scriptOf([plan]))).toEqual({code: 0, stdout: '', stderr: ''});
	expect(existsSync(planted)).toBe(false);
	expect(shell(scriptOf([step('build', [run(['echo', '\u001b[31m'])])])).stderr).toContain('This needs bash');
});

test('every form of action is valid for sh -n', () => {
	const load = {
		name: 'hello',
		file: '/home/me/hello/hello.ko',
		hash: '',
		release: '',
		afterwards: 'unload',
		insmod: command(['insmod', '/home/me/hello/hello.ko'], {as: 'root'}),
		rmmod: command(['rmmod', 'hello'], {as: 'root'})
	} as const;
	const script = scriptOf([
		step('load', [
			{kind: 'load', load},
			{kind: 'unload', load},
			{kind: 'remember', memo: {kind: 'rustc', path: '/x'}}
		])
	]);
	execFileSync('sh', ['-n'], {input: script});
	expect(script).toContain('\ninsmod /home/me/hello/hello.ko\nsleep 2\n');
});

test('as lines', () => {
	expect(
		planLines([step('build', [run(['make'])]), step('load', 'it depends on the steps before it')], {asRoot: false})
	).toEqual(['plan: build: make (because)', 'plan: load: it depends on the steps before it']);
});
