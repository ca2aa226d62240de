import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {moduleApi} from '../../src/kernel/api-generation.ts';
import {type ScaffoldRequest, scaffold, templates} from '../../src/scaffold/scaffold.ts';
import {type Generation, generations} from './generations.ts';

const fixture = (name: string): string =>
	readFileSync(new URL(`../fixtures/scaffold/${name}`, import.meta.url), 'utf8');

const allGenerations = Object.keys(generations) as readonly Generation[];

function fileOf(request: ScaffoldRequest, path: string): string {
	const file = scaffold(request).find(one => one.path === path);
	if (file === undefined) throw new Error(`no ${path}`);
	return file.content;
}

const sourceOf = (request: ScaffoldRequest): string => fileOf(request, `${request.name}.rs`);

describe('the source, as each generation of kernels wants it', () => {
	it.each(allGenerations.filter(one => !one.endsWith('b')))('%s: hello and numbers', generation => {
		for (const template of ['hello', 'numbers'] as const) {
			const source = sourceOf({template, name: template, author: 'Ada Lovelace', api: generations[generation]});
			expect(source).toBe(fixture(`${generation}-${template}.rs`));
		}
	});

	it.each(['g6', 'g7'] as const)('%s: parameters', generation => {
		const source = sourceOf({
			template: 'parameters',
			name: 'parameters',
			author: 'Ada Lovelace',
			api: generations[generation]
		});
		expect(source).toBe(fixture(`${generation}-parameters.rs`));
	});

	it.each(['g4b', 'g5', 'g5b', 'g7'] as const)('%s: misc-device', generation => {
		const request = {
			template: 'misc-device',
			name: 'notepad',
			author: 'Ada Lovelace',
			api: generations[generation]
		} as const;
		expect(sourceOf(request)).toBe(fixture(`${generation}-misc-device.rs`));
	});

	it.each([
		['g1', [6, 1, 192]],
		['g2', [6, 6, 0]],
		['g3', [6, 11, 0]],
		['g4', [6, 12, 117]],
		['g4b', [6, 14, 0]],
		['g5', [6, 17, 0]],
		['g5b', [6, 18, 0]],
		['g6', [7, 2, 13]],
		['g7', [7, 3, 0]]
	] as const)('%s is what a kernel of that time has', (generation, version) => {
		expect(moduleApi(version)).toMatchObject(generations[generation]);
	});
});

describe('templates', () => {
	it.each([
		[
			['g1', 'g2', 'g3', 'g4'],
			['hello', 'numbers']
		],
		[
			['g4b', 'g5', 'g5b'],
			['hello', 'numbers', 'misc-device']
		],
		[
			['g6', 'g7'],
			['hello', 'numbers', 'parameters', 'misc-device']
		]
	] as const)('%j carry %j', (kernels, carried) => {
		for (const generation of kernels)
			expect(templates.filter(({available}) => available(generations[generation]).ok).map(({id}) => id)).toEqual(
				carried
			);
	});

	it('says since when kernels can carry a parameter, and a device', () => {
		expect(templates.find(({id}) => id === 'parameters')?.available(generations.g5)).toEqual({
			ok: false,
			why: 'Modules written in Rust can have parameters from Linux 6.19 on; this kernel is older.'
		});
		expect(templates.find(({id}) => id === 'misc-device')?.available(generations.g4)).toEqual({
			ok: false,
			why: 'Modules written in Rust can have a device from Linux 6.14 on; this kernel is older.'
		});
	});

	it('leaves no mark of the template language behind', () => {
		for (const {id} of templates) {
			for (const {path, content} of scaffold({template: id, name: 'm', api: generations.g6, llvm: true})) {
				expect(content, path).not.toMatch(/\{\{|\}\}|undefined|\[object/);
				expect(content.endsWith('\n'), path).toBe(true);
				expect(content, path).not.toMatch(/[ \t]$/m);
			}
		}
	});
});

describe('the files around the source', () => {
	const plain = {template: 'hello', name: 'blink_led', api: generations.g5} as const;
	const device = {...plain, template: 'misc-device', name: 'notepad'} as const;
	const full = {
		template: 'parameters',
		name: 'blink_led',
		api: generations.g6,
		llvm: true,
		rustc: '/usr/bin/rustc',
		kdirHint: '/usr/src/linux-7.2'
	} as const;

	it('are these', () => {
		expect(scaffold(plain).map(({path}) => path)).toEqual([
			'Kbuild',
			'Makefile',
			'blink_led.rs',
			'.gitignore',
			'README.md'
		]);
	});

	const editor = {
		kdir: '/usr/src/linux-headers-7.2',
		rustcCfg: '--cfg=CONFIG_A\n--cfg=CONFIG_A="m"\n',
		sysroot: '/usr',
		sysrootSource: '/usr/lib/rustlib/src/rust/library'
	};

	it.each([
		['Kbuild', 'hello-Kbuild', plain],
		['Makefile', 'hello-Makefile', plain],
		['.gitignore', 'hello-gitignore', plain],
		['README.md', 'hello-README.md', plain],
		['Makefile', 'parameters-Makefile', full],
		['README.md', 'parameters-README.md', full],
		['Makefile', 'misc-device-Makefile', {...device, api: generations.g6}],
		['README.md', 'misc-device-README.md', {...device, api: generations.g6}],
		['README.md', 'misc-device-ioctl-README.md', device],
		['.gitignore', 'misc-device-gitignore', device],
		['user/talk.c', 'misc-device-talk.c', {...device, api: generations.g6}],
		['user/talk.c', 'misc-device-ioctl-talk.c', device],
		['README.md', 'editor-dkms-README.md', {...full, editor, dkms: true}],
		['dkms.conf', 'dkms.conf', {...full, dkms: true}],
		['rust-project.json', 'rust-project.json', {...full, editor}]
	] as const)('%s reads as in %s', (path, name, request) => {
		expect(fileOf(request, path)).toBe(fixture(name));
	});

	it('says where the editor has the kernel’s crates from, and how to get them only where it has none', () => {
		const source = {folder: '/usr/src/linux-source-7.2', files: ['rust/kernel/lib.rs']};
		const readme = fileOf({...full, editor: {...editor, source}}, 'README.md');
		expect(readme).toContain(
			"`core` and the kernel's crates, whose source it reads in `/usr/src/linux-source-7.2`.\n\n## The files"
		);
		expect(readme).not.toContain('unresolved');
		expect(JSON.parse(fileOf({...full, editor: {...editor, source}}, 'rust-project.json')).crates[1]).toMatchObject({
			root_module: '/usr/src/linux-source-7.2/rust/kernel/lib.rs'
		});
	});

	it('names the lines that the module prints', () => {
		for (const {id} of templates) {
			const request = {template: id, name: 'm', api: generations.g7} as const;
			const printed = [...sourceOf(request).matchAll(/pr_info!\("([^{\\]*)/g)].map(([, words]) => words ?? '');
			expect(printed.length).toBeGreaterThan(1);
			for (const words of printed) expect(fileOf(request, 'README.md')).toContain(`m: ${words}`);
		}
	});
});

describe('what the author says', () => {
	const source = (generation: Generation, author: string): string =>
		sourceOf({template: 'hello', name: 'hello', author, api: generations[generation]});

	it('is left out where nothing was said', () => {
		const nameless = sourceOf({template: 'hello', name: 'hello', api: generations.g5});
		expect(nameless).toBe(fixture('g5-hello.rs').replace('    authors: ["Ada Lovelace"],\n', ''));
		expect(source('g5', ' \u0000\n')).toBe(nameless);
	});

	it('keeps its letters where the kernel takes them: `author` from 6.2 on', () => {
		expect(source('g2', 'Jörg Łukasz 李')).toContain('    author: "Jörg Łukasz 李",\n');
		expect(source('g2', 'Jörg')).not.toContain('// Author');
	});

	it('is folded to ASCII for byte strings and for `authors`, and kept whole in a comment', () => {
		const head = '// SPDX-License-Identifier: GPL-2.0\n// Author: Jörg Łukasz 李\n\n';
		expect(source('g1', 'Jörg Łukasz 李')).toContain('    author: b"Jorg Lukasz",\n');
		expect(source('g6', 'Jörg Łukasz 李')).toContain('    authors: ["Jorg Lukasz"],\n');
		expect(source('g6', 'Jörg Łukasz 李').startsWith(head)).toBe(true);
	});

	it('is a comment alone where nothing of it is ASCII', () => {
		expect(source('g5', '李')).toContain('// Author: 李\n');
		expect(source('g5', '李')).not.toContain('authors');
	});

	it('cannot end the string or the comment it stands in', () => {
		const hostile = 'a", license: "MIT" \\"\n//! \u2028fn main() {}\u001b[31m\u202e{{name}}<b>&';
		for (const generation of allGenerations) {
			const text = source(generation, hostile);
			const strings = text.split('\n').filter(line => /^ {4}authors?:/.test(line));
			expect(strings).toHaveLength(1);
			expect(strings[0]).toMatch(/^ {4}(author: b?"[^"\\]+"|authors: \["[^"\\]+"\]),$/);
			expect(strings[0]).toContain('{{name}}<b>&');
			expect(text.replace(/^\/\/ Author: .*\n/m, '').split('\n')).toHaveLength(
				fixture('g5-hello.rs').split('\n').length
			);
			expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
		}
	});

	it('may be a description of its own', () => {
		const request = {template: 'hello', name: 'hello', description: 'Blinkt "grün"'} as const;
		expect(sourceOf({...request, api: generations.g1})).toContain(`    description: b"Blinkt 'grun'",\n`);
		expect(sourceOf({...request, api: generations.g6})).toContain(`    description: "Blinkt 'grün'",\n`);
	});
});

describe('what was not checked before', () => {
	const request = {template: 'hello', name: 'hello', api: generations.g5} as const;

	it.each([
		[{name: '../x'}, 'A module name cannot have "." in it.'],
		[{name: 'fn'}, '"fn" is a word of the Rust language'],
		[{rustc: '/tmp/$(id)/rustc'}, 'with "$" in its path'],
		[{kdirHint: '/tmp/a\nb'}, 'with a control character'],
		[{template: 'parameters'}, 'from Linux 6.19 on']
	] as const)('%j is refused', (wrong, why) => {
		expect(() => scaffold({...request, ...wrong})).toThrow(why);
	});
});
