import {describe, expect, test} from 'vitest';
import {emptyMemory} from '../../src/model/memory.ts';
import type {NewFile, Plan, Remedy} from '../../src/model/step.ts';
import {plannedCommands} from '../../src/plain/plan-text.ts';
import {moduleStep} from '../../src/steps/module.ts';
import type {Named} from '../../src/survey/view.ts';
import {ready} from '../support/scenes.ts';
import {labRelease} from '../support/sysroot.ts';
import {inspectStep} from './inspect.ts';

const folder = '/home/me/numbers';
const withModule = {...ready, module: {}};

describe('done', () => {
	test.each([
		['the folder that is named', {named: {folder}}],
		['the current folder', {reader: {cwd: folder}}],
		[
			'the module worked on last',
			{
				memory: {
					...emptyMemory,
					modules: [
						{folder: '/home/me/gone', name: 'gone'},
						{folder, name: 'numbers'}
					]
				}
			}
		]
	])('%s', async (_what, scene) => {
		expect(await inspectStep(moduleStep, withModule, scene)).toMatchObject({
			status: 'done',
			summary: `numbers in ${folder}`
		});
	});
});

test('module.none offers the templates and a module of the user', async () => {
	const said = await inspectStep(moduleStep, withModule);
	expect(said).toMatchObject({status: 'todo', reason: 'module.none'});
	expect(said.remedies.map(one => one.id)).toEqual(['hello', 'numbers', 'parameters', 'misc-device', 'existing']);
});

test('module.not-a-module', async () => {
	const said = await inspectStep(
		moduleStep,
		{...ready, files: {'/home/me/c/Kbuild': 'obj-y := c.o\n'}},
		{named: {folder: '/home/me/c'}}
	);
	expect(said).toMatchObject({status: 'todo', reason: 'module.not-a-module', summary: '/home/me/c holds no module'});
});

test('module.unreadable', async () => {
	const said = await inspectStep(
		moduleStep,
		{...ready, files: {'/home/me/c/Kbuild/x': ''}},
		{named: {folder: '/home/me/c'}}
	);
	expect(said).toMatchObject({
		status: 'unknown',
		reason: 'module.unreadable',
		question: expect.stringContaining('is a folder')
	});
});

describe('a new module', () => {
	const template = async (id: string, system = ready, named: Named = {}): Promise<Remedy> => {
		const found = (await inspectStep(moduleStep, {...system, loaded: ['ext4', 'taken']}, {named})).remedies.find(
			one => one.id === id
		);
		if (found === undefined) throw new Error(id);
		return found;
	};

	const filesOf = (plan: Plan | undefined): readonly NewFile[] =>
		plan?.ok ? plan.actions.flatMap(action => (action.kind === 'write' ? action.files : [])) : [];

	test('is written below the current folder, for the API of this kernel', async () => {
		const plan = await (await template('numbers')).plan({name: 'mine', author: 'Me'});
		if (!plan.ok) throw new Error(plan.why);
		const [remember, write] = plan.actions;
		expect(write).toMatchObject({kind: 'write', folder: '/home/me/mine'});
		expect(remember).toEqual({kind: 'remember', memo: {kind: 'module', folder: '/home/me/mine', name: 'mine'}});
		const source = write?.kind === 'write' ? write.files.find(file => file.path === 'mine.rs')?.content : undefined;
		// 6.12.117 took KVec in, and calls its author `author`
		expect(source).toContain('KVec');
		expect(source).toMatch(/author: "Me"/);
	});

	test('has no parameters before 6.19 and no device before 6.14, and says so', async () => {
		const plan = await (await template('parameters')).plan({name: 'mine'});
		expect(plan).toMatchObject({ok: false, why: expect.stringContaining('6.19')});
		const device = await (await template('misc-device')).plan({name: 'mine'});
		expect(device).toMatchObject({ok: false, why: expect.stringContaining('6.14')});
	});

	test('comes with rust-project.json where the headers have a configuration, and with dkms.conf on request', async () => {
		const kdir = `/usr/lib/modules/${labRelease}/build`;
		const headers = {...ready, files: {[`${kdir}/include/generated/rustc_cfg`]: '--cfg=CONFIG_SMP\n'}};
		const files = async (system: typeof ready, answers = {}): Promise<ReadonlyMap<string, string>> => {
			const plan = await (await template('hello', system)).plan({name: 'mine', ...answers});
			const written = filesOf(plan);
			if (written.length === 0) throw new Error('no files');
			return new Map(written.map(file => [file.path, file.content]));
		};
		expect([...(await files(ready)).keys()]).toEqual(['Kbuild', 'Makefile', 'mine.rs', '.gitignore', 'README.md']);
		const project = (await files(headers)).get('rust-project.json') ?? '';
		expect(JSON.parse(project).crates[0].cfg).toEqual(['CONFIG_SMP', 'MODULE']);
		const crates = JSON.parse(project).crates.map((crate: {root_module: string}) => crate.root_module);
		expect(crates).toEqual(['mine.rs', `${kdir}/rust/macros/lib.rs`]);
		expect((await files(ready, {dkms: 'yes'})).get('dkms.conf')).toContain('BUILD_EXCLUSIVE_CONFIG="CONFIG_RUST"');
	});

	test.each([
		['in /usr/src, under the number of this kernel', '/usr/src/linux-source-6.12', {}],
		['named', '/home/me/linux', {source: '/home/me/linux'}],
		['the kernel was built from', `/usr/lib/modules/${labRelease}/build/source`, {}]
	])('rust-analyzer gets the kernel’s crates from the source that is %s', async (_, source, named) => {
		const kdir = `/usr/lib/modules/${labRelease}/build`;
		const files = {
			[`${kdir}/include/generated/rustc_cfg`]: '--cfg=CONFIG_SMP\n',
			'/usr/src/linux-source-7.2/rust/kernel/lib.rs': '',
			[`${source}/rust/kernel/lib.rs`]: '',
			[`${source}/rust/macros/lib.rs`]: ''
		};
		const plan = await (await template('hello', {...ready, files}, named)).plan({name: 'mine'});
		const project = filesOf(plan).find(file => file.path === 'rust-project.json')?.content ?? '{}';
		expect(JSON.parse(project).crates.map((crate: {root_module: string}) => crate.root_module)).toEqual([
			'mine.rs',
			`${source}/rust/macros/lib.rs`,
			`${source}/rust/kernel/lib.rs`
		]);
	});

	test('becomes a git repository where git is and none is around it; nothing is committed', async () => {
		const commands = async (system: typeof ready): Promise<readonly string[]> => {
			const plan = await (await template('hello', system)).plan({name: 'mine'});
			return plan.ok ? plannedCommands(plan.actions).map(({text}) => text) : [plan.why];
		};
		const programs = ['sudo', 'make', 'git'];
		expect(await commands(ready)).toEqual([]);
		expect(await commands({...ready, programs})).toEqual(['git init --quiet /home/me/mine']);
		expect(await commands({...ready, programs, files: {'/home/.git/HEAD': ''}})).toEqual([]);
		expect((await template('hello', {...ready, programs})).consequence).toContain('git init');
		expect((await template('hello')).consequence).not.toContain('git init');
	});

	test.each(['../x', '/abs', 'a b', 'fn', '', 'taken', 'x'.repeat(56)])('is not called %j', async name => {
		const [question] = (await template('hello')).questions;
		expect(question?.validate(name)).toMatch(/\.$/);
	});

	test('overwrites nothing', async () => {
		const plan = await (await template('hello', withModule)).plan({name: 'numbers'});
		expect(plan).toMatchObject({
			ok: false,
			why: expect.stringContaining('already has Kbuild, numbers.rs'),
			folder,
			differences: [
				{path: 'Kbuild', status: expect.stringMatching(/same|differs/)},
				{path: 'Makefile', status: 'new'},
				{path: 'numbers.rs', status: 'differs', diff: expect.stringContaining('+++ numbers.rs\n')},
				{path: '.gitignore', status: 'new'},
				{path: 'README.md', status: 'new'}
			]
		});
	});

	test('is not written by root behind sudo', async () => {
		const said = await inspectStep(moduleStep, ready, {reader: {uid: 0, environment: {SUDO_USER: 'me'}}});
		expect(await said.remedies[0]?.plan({name: 'mine'})).toMatchObject({
			ok: false,
			why: expect.stringContaining('without sudo')
		});
	});

	test.each([
		['[user]\n\tname = Ada\n', 'Ada'],
		['[core]\n\tname = x\n[user]\n\temail = a@b\n\tname = "Ada L" # me\n', 'Ada L <a@b>'],
		['[alias]\n\tname = x\n', undefined]
	])('has its author from git settings %j', async (text, author) => {
		const plan = await (await template('hello', {...ready, files: {'/home/me/.gitconfig': text}})).plan({name: 'mine'});
		const content = filesOf(plan)
			.map(file => file.content)
			.join('');
		if (author === undefined) expect(content).not.toContain('author: "x"');
		else expect(content).toContain(`author: "${author}"`);
	});

	test('has its author from the repository around it before the user, and from the environment before both', async () => {
		const files = {
			'/etc/gitconfig': '[user]\n\tname = Machine\n\temail = root@localhost\n',
			'/home/me/.config/git/config': '[user]\n\tname = Old\n',
			'/home/me/.gitconfig': '[user]\n\tname = Ada\n',
			'/home/.git/config': '[user]\n\temail = ada@work.example\n'
		};
		const author = async (environment: Readonly<Record<string, string>>): Promise<string | undefined> => {
			const said = await inspectStep(moduleStep, {...ready, files}, {reader: {environment}});
			const plan = await said.remedies[0]?.plan({name: 'mine'});
			const written = filesOf(plan);
			return /author: "(.*)"/.exec(written.map(file => file.content).join(''))?.[1];
		};
		expect(await author({})).toBe('Ada <ada@work.example>');
		expect(await author({GIT_AUTHOR_NAME: 'Grace', GIT_AUTHOR_EMAIL: 'g@h.example'})).toBe('Grace <g@h.example>');
	});
});

test('a module that exists is remembered, or said to be none', async () => {
	const existing = (await inspectStep(moduleStep, withModule)).remedies.find(one => one.id === 'existing');
	expect(await existing?.plan({folder: '~/numbers'})).toEqual({
		ok: true,
		actions: [{kind: 'remember', memo: {kind: 'module', folder, name: 'numbers'}}]
	});
	expect(await existing?.plan({folder: '/home/me'})).toMatchObject({ok: false, why: expect.stringContaining('obj-m')});
	expect(existing?.questions[0]?.validate(' ')).toMatch(/A folder is needed/);
});
