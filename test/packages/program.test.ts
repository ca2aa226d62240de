import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {parseOptions} from '../../src/commands/options.ts';
import {plannedActions} from '../../src/commands/unattended.ts';
import {kernelStep} from '../../src/steps/kernel.ts';
import {buildProgram, makePlace} from '../support/program.ts';
import {viewOf} from '../support/scenes.ts';
import {configs, makeSystem} from '../support/sysroot.ts';

beforeAll(buildProgram, 60_000);

test.each([
	[['--aur', 'ext::sh -c id'], 'aur-unusable'],
	[['--aur', '--upload-pack=x'], 'flag-value'],
	[['--aur', 'ftp://127.0.0.1'], 'aur-unusable'],
	[['--recipe', '/nowhere'], 'recipe-unusable'],
	[['check', '--recipe', '/nowhere'], 'flag-elsewhere'],
	[['--recipe', ''], 'empty-value']
])('%j: exit 2, %s', async (argv, code) => {
	const {code: exit, stdout} = await makePlace().run([...argv, '--json']);
	expect(exit).toBe(2);
	expect(JSON.parse(stdout).error.code).toBe(code);
});

describe('--yes on Arch', () => {
	const stock = {release: '6.12.1-arch1-1', package: 'linux'} as const;
	const plan = async (...argv: readonly string[]) => {
		const parsed = parseOptions(['--yes', ...argv]);
		if (parsed.kind !== 'run') throw new Error('no run');
		const {options} = parsed;
		const system = makeSystem({
			osRelease: 'arch',
			running: stock.release,
			procConfig: configs.rustOff612,
			kernels: [stock]
		});
		const recipe = join(system.root, 'home/me/mine');
		mkdirSync(recipe, {recursive: true});
		writeFileSync(join(recipe, 'PKGBUILD'), 'pkgbase=linux-mine\n');
		const view = viewOf(system, {
			reader: {uid: 1000},
			named: options.recipe === undefined ? {} : {recipe: '/home/me/mine'}
		});
		const {id, question} = kernelStep;
		return plannedActions({id, question, verdict: await kernelStep.inspect(view)}, options);
	};

	test('the stock kernel without a word; the way that --kernel names; the folder that --recipe names', async () => {
		expect((await plan())?.remedy.id).toBe('stock-linux');
		expect((await plan('--kernel', 'linux-rust-recipe'))?.remedy.id).toBe('linux-rust-recipe');
		const folder = await plan('--recipe', '/home/me/mine');
		expect(folder?.remedy.id).toBe('linux-rust-folder');
		expect(folder?.actions.at(-1)).toMatchObject({
			kind: 'install-packages',
			install: {names: ['linux-mine', 'linux-mine-headers']}
		});
	});

	test('a way that there is none', async () => {
		await expect(plan('--kernel', 'linux-zen')).rejects.toMatchObject({
			code: 'unknown-way',
			remedy: expect.stringContaining('stock-linux, linux-rust-recipe')
		});
	});
});
