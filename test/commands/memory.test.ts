import {chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import {memorySchema} from '../../src/memory/migrations.ts';
import {memoryFile} from '../../src/memory/read.ts';
import {buildProgram, makePlace} from '../support/program.ts';
import {ready} from '../support/scenes.ts';
import {labRelease, makeSystem} from '../support/sysroot.ts';

beforeAll(buildProgram, 60_000);

const someone = 65_534;
const newer = JSON.stringify({schema: memorySchema + 1, rustc: '/tmp/planted'});
const planted = JSON.stringify({schema: memorySchema, rustc: '/tmp/planted', modules: [], loads: []});

/** What is found in the place of a memory, what is said of it, and what becomes of it where something is to be remembered. */
const found: readonly (readonly [string, string | Uint8Array, string, 'set aside' | 'left whole'])[] = [
	['an empty file', '', 'is damaged', 'set aside'],
	['a program', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 0xff), 'is damaged', 'set aside'],
	['half a memory', planted.slice(0, -9), 'is damaged', 'set aside'],
	['a memory of a newer version', newer, 'was written by a newer version', 'left whole'],
	["another user's memory", planted, 'belongs to another user', 'left whole']
];

// a file can be given to another user by root alone
describe.runIf(process.getuid?.() === 0)('the program, where memory is', () => {
	test.each(found)('%s', async (name, content, said, becomes) => {
		const place = makePlace();
		const folder = join(place.state, 'linux-rust-setup');
		mkdirSync(folder, {recursive: true});
		writeFileSync(memoryFile(folder), content);
		if (name.startsWith('another')) chownSync(memoryFile(folder), someone, someone);

		const before = readFileSync(memoryFile(folder));
		const looked = await place.run(['check', '--json']);
		expect(JSON.parse(looked.stdout).notices).toEqual([expect.stringContaining(said)]);
		expect(looked.stdout).not.toContain('/tmp/planted');
		expect(readFileSync(memoryFile(folder)).equals(before)).toBe(true);

		// a new module is to be remembered
		const kdir = makeSystem(ready).path(`/usr/lib/modules/${labRelease}/build`);
		const written = await place.run(['new', 'mine', '--kdir', kdir]);
		expect(written.code).toBe(0);
		expect(written.stderr).toContain(said);
		const others = readdirSync(folder).filter(one => one.startsWith('memory.json.damaged-'));
		if (becomes === 'set aside') {
			expect(others).toHaveLength(1);
			expect(readFileSync(join(folder, others[0] ?? '')).equals(before)).toBe(true);
			expect(JSON.parse(readFileSync(memoryFile(folder), 'utf8')).modules).toMatchObject([{name: 'mine'}]);
			expect(statSync(memoryFile(folder)).mode & 0o777).toBe(0o600);
		} else {
			expect(others).toEqual([]);
			expect(readFileSync(memoryFile(folder)).equals(before)).toBe(true);
		}
	});
});
