import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {checkDocument} from '../../src/plain/check-document.ts';
import {inspectScene, sceneNames, scenes} from '../support/scenes.ts';
import {expectToFit, schema} from '../support/schemas.ts';

const validate = schema('check');
/** As it arrives at a program: through JSON. */
const documentOf = async (name: keyof typeof scenes, notices?: readonly string[]) =>
	JSON.parse(JSON.stringify(await checkDocument(await inspectScene(scenes[name]), notices))) as {
		steps: {id: string; status: string; reason?: string}[];
		next: string | null;
		notices?: string[];
	};

describe('the document of check', () => {
	test.each(sceneNames)('%s: fits its schema', async name => {
		const document = await documentOf(name);
		expectToFit(validate, document);
		expect(document.steps.map(step => step.id)).toEqual([
			'machine',
			'kernel',
			'boot',
			'toolchain',
			'metadata',
			'module',
			'build',
			'load'
		]);
		expect(document.next).toBe(scenes[name].next);
	});

	test('notices are there when there are any', async () => {
		expect(await documentOf('Arch, all done')).not.toHaveProperty('notices');
		const document = await documentOf('Arch, all done', ['The memory was damaged.']);
		expectToFit(validate, document);
		expect(document.notices).toEqual(['The memory was damaged.']);
	});

	test('a step in full', async () => {
		const {steps} = await documentOf('Arch with linux-rust installed, stock linux running');
		expect(steps[2]).toEqual({
			id: 'boot',
			status: 'todo',
			reason: 'boot.other-running',
			summary: 'another kernel is running (6.12.1-arch1-1)',
			question: 'The Rust kernel is installed, but not the one running. Boot it?',
			evidence: [
				{label: 'running', value: 'linux 6.12.1-arch1-1', source: '/proc/sys/kernel/osrelease'},
				{
					label: 'installed',
					value: 'linux-rust 6.12.117-arch1-1-rust',
					source: '/usr/lib/modules/6.12.117-arch1-1-rust/build'
				},
				{label: 'boot loader', value: 'unknown: neither GRUB nor systemd-boot was found in /boot or /efi'}
			],
			remedies: [
				{
					id: 'reboot',
					label: 'Reboot, and choose linux-rust in the boot menu',
					consequence: 'Close your work first. Start this program again afterwards: it goes on where it stopped.',
					instruction:
						'When the machine starts, choose linux-rust in the boot menu (GRUB: "Advanced options"; systemd-boot: hold a key while the machine starts).',
					questions: [],
					commands: [{text: 'sudo reboot', as: 'root', why: 'starts the machine anew', byYou: false}]
				},
				{
					id: 'try-in-practice',
					label: 'Try it in a disposable VM first',
					consequence:
						'Seconds. The VM runs 6.12.117-arch1-1-rust in memory, without disk and network; nothing is chosen for the next boot. Modules for it are built here. qemu-system-x86_64 and busybox are installed for it, if you agree.',
					questions: [],
					commands: [
						{
							text: 'linux-rust-setup practice --installed 6.12.117-arch1-1-rust',
							as: 'user',
							why: 'runs this kernel in a virtual machine that is thrown away',
							byYou: false
						}
					]
				}
			]
		});
	});
});

describe('the schema itself', () => {
	test.each([
		[
			'a property it does not know',
			(document: Awaited<ReturnType<typeof documentOf>>) => Object.assign(document, {more: 1})
		],
		[
			'a reason on a step that is done',
			document => Object.assign(document.steps[0] ?? {}, {reason: 'machine.no-root'})
		],
		['a reason of no step', document => Object.assign(document.steps[1] ?? {}, {reason: 'vendor-differs'})],
		['a step without its reason', document => delete document.steps[1]?.reason],
		['a status of its own', document => Object.assign(document.steps[1] ?? {}, {status: 'failed'})]
	] satisfies [string, (document: Awaited<ReturnType<typeof documentOf>>) => unknown][])(
		'refuses %s',
		async (_what, spoil) => {
			const document = await documentOf('Debian 13, without Rust');
			spoil(document);
			expect(validate(document)).toBe(false);
		}
	);

	test.each(['check', 'explain', 'error'] as const)('%s.json describes every property in words', name => {
		const text = readFileSync(new URL(`../../assets/schema/${name}.json`, import.meta.url), 'utf8');
		const undescribed: string[] = [];
		const visit = (node: unknown, path: string): void => {
			if (typeof node !== 'object' || node === null) return;
			for (const [key, value] of Object.entries(node)) {
				if (key === 'properties' && !path.endsWith('/then') && !path.endsWith('/if'))
					for (const [property, about] of Object.entries(value as object))
						if (typeof about !== 'object' || !('description' in about)) undescribed.push(`${path}/${property}`);
				if (key === 'properties' && !path.endsWith('/then') && !path.endsWith('/if'))
					expect(node, path).toHaveProperty('additionalProperties', false);
				visit(value, `${path}/${key}`);
			}
		};
		visit(JSON.parse(text), '');
		expect(undescribed).toEqual([]);
	});
});
