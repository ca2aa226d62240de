import {copyFileSync, readdirSync, readFileSync} from 'node:fs';
import {describe, expect, it, test} from 'vitest';
import {memorySchema, migrate, migrations} from '../../src/memory/migrations.ts';
import {memoryFile, recall} from '../../src/memory/read.ts';
import {remember} from '../../src/memory/write.ts';
import {scratchFolder} from '../support/scratch.ts';

/** A memory of each form, as the version that had this form wrote it. Never edited: what was released is out there. */
const fixtures = new URL('../fixtures/memory/', import.meta.url);
const names = readdirSync(fixtures).sort();

describe('every form of memory', () => {
	it('has a file that was written in it, and a way to the next', () => {
		expect(names).toEqual(Array.from({length: memorySchema}, (_, index) => `schema-${index + 1}.json`));
		expect(migrations.map(one => one.from)).toEqual(Array.from({length: memorySchema - 1}, (_, index) => index + 1));
	});

	it.each(names)('still loads with all it held: %s', async name => {
		const folder = scratchFolder();
		copyFileSync(new URL(name, fixtures), memoryFile(folder));
		const {schema: _schema, ...held} = JSON.parse(readFileSync(new URL(name, fixtures), 'utf8'));
		expect(await recall(folder)).toMatchObject({status: 'ok', memory: held});
	});

	it.each(names)('is written in the present form when something is added: %s', async name => {
		const folder = scratchFolder();
		copyFileSync(new URL(name, fixtures), memoryFile(folder));
		expect(await remember(folder, [{kind: 'rustc', path: '/usr/bin/rustc'}])).toBeUndefined();
		const {schema: _schema, ...held} = JSON.parse(readFileSync(new URL(name, fixtures), 'utf8'));
		expect(JSON.parse(readFileSync(memoryFile(folder), 'utf8'))).toEqual({
			...held,
			schema: memorySchema,
			rustc: '/usr/bin/rustc'
		});
	});
});

test.each([undefined, null, 0, -1, 1.5, '1', memorySchema + 1])('%j is no form', schema => {
	expect(migrate({schema, modules: []})).toBeUndefined();
});
