import {existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {copyModule} from '../../src/commands/practice-copy.ts';
import {createLocalReader} from '../../src/machine/reader.ts';
import {practicePaths} from '../../src/practice/paths.ts';
import {scratchFolder} from '../support/scratch.ts';

/** A module that is built, in a git folder, and where its copy goes. */
function builtModule() {
	const home = scratchFolder();
	const folder = join(home, 'numbers');
	mkdirSync(join(folder, '.git'), {recursive: true});
	const sources = ['Kbuild', 'numbers.rs'];
	const built = ['numbers.ko', 'numbers.o', '.numbers.o.cmd', 'modules.order', 'Module.symvers'];
	for (const name of [...sources, ...built, '.git/HEAD']) writeFileSync(join(folder, name), name);
	for (const name of sources) utimesSync(join(folder, name), 1_700_000_000, 1_700_000_000);
	for (const name of built) utimesSync(join(folder, name), 1_700_000_060, 1_700_000_060);
	const host = {...createLocalReader(), environment: {XDG_CACHE_HOME: join(home, 'cache')}};
	return {folder, sources, built, paths: practicePaths(host)};
}

test('for the practice root the sources alone are copied: another kernel is built for', async () => {
	const {folder, sources, built, paths} = builtModule();
	const root = {path: '/root', way: 'root'} as const;
	const copy = await copyModule(paths, folder, {root});
	expect(sources.map(name => readFileSync(join(copy, name), 'utf8'))).toEqual(sources);
	expect(built.filter(name => existsSync(join(copy, name)))).toEqual([]);
	expect(existsSync(join(copy, '.git'))).toBe(false);
});

test('for an installed kernel what is built is copied with it, and is still newer than its sources', async () => {
	const {folder, built, paths} = builtModule();
	const copy = await copyModule(paths, folder, {root: undefined});
	expect(built.map(name => readFileSync(join(copy, name), 'utf8'))).toEqual(built);
	expect(existsSync(join(copy, '.git'))).toBe(false);
	const changed = (name: string): number => Math.round(statSync(join(copy, name)).mtimeMs / 1000);
	expect(changed('numbers.ko') - changed('numbers.rs')).toBe(60);
});

test('what was copied before is gone: a file that was removed since is not built', async () => {
	const {folder, paths} = builtModule();
	const copy = await copyModule(paths, folder, {root: undefined});
	writeFileSync(join(copy, 'left.rs'), '');
	await copyModule(paths, folder, {root: undefined});
	expect(existsSync(join(copy, 'left.rs'))).toBe(false);
});
