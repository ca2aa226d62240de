import {readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {readStamps, recipe, writeStamps} from '../../src/practice/stamps.ts';
import {scratchFolder} from '../support/scratch.ts';

test('are read back as they were written, and leave nothing beside them', async () => {
	const folder = scratchFolder();
	const file = join(folder, 'stamps.json');
	await writeStamps(file, {recipe, suite: 'forky', kdir: {folder: '/usr/lib/x', files: {Makefile: 12}}});
	expect(await readStamps(file)).toEqual({recipe, suite: 'forky', kdir: {folder: '/usr/lib/x', files: {Makefile: 12}}});
	expect(readdirSync(folder)).toEqual(['stamps.json']);
});

test.each([
	['nothing', undefined],
	['half a file', '{"recipe": 1, "suite": "for'],
	['another recipe', JSON.stringify({recipe: recipe + 1, suite: 'forky', kdir: '/x'})],
	['no object', '"forky"']
])('%s counts as nothing made', async (_what, content) => {
	const file = join(scratchFolder(), 'stamps.json');
	if (content !== undefined) writeFileSync(file, content);
	expect(await readStamps(file)).toEqual({recipe});
});
