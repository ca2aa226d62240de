import {expect, test} from 'vitest';
import {metadataStep} from '../../src/steps/metadata.ts';
import {linuxRust, ready} from '../support/scenes.ts';
import {labRelease, rmeta, rustFiles, type SystemDescription} from '../support/sysroot.ts';
import {commandsOf, inspectStep} from './inspect.ts';

const kdir = `/usr/lib/modules/${labRelease}/build`;
const sources = {[`${kdir}/init/main.c`]: '// SPDX-License-Identifier: GPL-2.0-only\n'};

/** The lab's headers, as the given compiler would have written their metadata. */
const builtBy = (rustc: string, files: Readonly<Record<string, string>> = {}): SystemDescription => ({
	...ready,
	kernels: [{...linuxRust, headers: {rustc, content: Object.fromEntries(rmetaFiles(rustc))}}],
	files
});
const rmetaFiles = (rustc: string) =>
	rustFiles.filter(file => file.endsWith('.rmeta')).map(file => [file, rmeta(rustc)] as const);

const old = 'rustc 1.62.0 (a8314ef7d 2022-06-27)';

test('metadata.path-hash: headers were moved, and rustc up to 1.62 refuses them then', async () => {
	const said = await inspectStep(metadataStep, builtBy(old));
	expect(said).toMatchObject({
		status: 'todo',
		reason: 'metadata.path-hash',
		summary: 'rustc 1.62.0 refuses headers that were moved',
		question: expect.stringContaining('E0461')
	});
	expect(said.remedies.map(remedy => remedy.id)).toEqual(['name-kdir', 'bind-headers']);
	expect(await commandsOf(said, 'bind-headers')).toEqual([`sudo mount --bind ${kdir} /path/of/the/build`]);
});

test('a tree with its sources may be where the kernel was built: that is said, and stands in no way', async () => {
	const said = await inspectStep(metadataStep, builtBy(old, sources));
	expect(said.status).toBe('done');
	expect(said.evidence).toContainEqual(
		expect.objectContaining({label: 'target.json', value: expect.stringContaining('only at the path')})
	);
});

test.each(['rustc 1.63.0', 'rustc 1.100.0 (01f6ddf75 2026-11-02)'])(
	'%s takes the content, not the path',
	async rustc => {
		const said = await inspectStep(metadataStep, builtBy(rustc));
		expect(said.status).toBe('done');
		expect(said.evidence.map(one => one.label)).not.toContain('target.json');
	}
);
