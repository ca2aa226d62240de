import {describe, expect, test} from 'vitest';
import type {ProbeOutput, Reader} from '../../src/model/machine.ts';
import {emptyMemory} from '../../src/model/memory.ts';
import {toolchainStep} from '../../src/steps/toolchain.ts';
import {createView} from '../../src/survey/view.ts';
import {linuxRust} from '../support/scenes.ts';
import {configs, type HeadersDescription, labRelease, makeSystem, rustc} from '../support/sysroot.ts';
import {saidBy} from './inspect.ts';

const path = (name: string): string => `/home/me/.rustup/toolchains/${name}/bin/rustc`;
/** What these compilers really give (measured in the laboratory's root). */
const hashes = {debian: 'Csb5MLIFMWygY_', arch: 'CsfDWhFW0Uema_'};

/** A kernel built by Debian's rustc 1.85.1 and two compilers of that number, asked for their hashes. */
function scene(parts: {
	readonly configured?: string;
	readonly headers?: HeadersDescription;
	readonly symbols?: string;
	readonly hashes?: Readonly<Record<string, string>>;
	readonly toolchains?: readonly {readonly name: string; readonly rustc: string}[];
}) {
	const given = parts.hashes ?? {debian: hashes.debian, arch: hashes.arch};
	const system = makeSystem({
		running: labRelease,
		kernels: [
			{
				...linuxRust,
				config: configs.rustOn612.replace(rustc.debian1851, parts.configured ?? rustc.debian1851),
				headers: parts.headers ?? {}
			}
		],
		rustup: parts.toolchains ?? [
			{name: 'arch', rustc: rustc.debian1851.replace(/\(built.*$/, '(Arch Linux rust 1:1.85.1-1)')},
			{name: 'debian', rustc: rustc.debian1851}
		],
		files: {
			[`/usr/lib/modules/${labRelease}/build/Module.symvers`]:
				parts.symbols ?? `0x00000000\t_RNvNt${hashes.debian}6kernel5print11call_printk\tvmlinux\tEXPORT_SYMBOL_GPL\t\n`
		}
	});
	const asked: string[] = [];
	const reader: Reader = {
		...system.reader(),
		probe: async (argv, options) => {
			const compiler = argv.at(-2) ?? '';
			expect(options).toEqual({lasting: true, of: [compiler]});
			asked.push(compiler);
			const name = /toolchains\/([^/]+)/.exec(compiler)?.[1] ?? '';
			const output: ProbeOutput = {stdout: `\t.globl\t_RNv${given[name] ?? ''}6kernel1f\n`, stderr: '', code: 0};
			return {status: 'found', value: output};
		}
	};
	return {
		asked,
		inspect: async () =>
			saidBy(await toolchainStep.inspect(createView({builder: reader, target: reader, named: {}, memory: emptyMemory})))
	};
}

describe('without metadata, the kernel’s symbols tell which compiler built it', () => {
	test('of two with one number: each is named with what it would give', async () => {
		const {inspect} = scene({});
		const said = await inspect();
		expect(said).toMatchObject({status: 'done', summary: `rustc 1.85.1 · ${path('debian')}`});
		expect(said.evidence.filter(one => one.label === 'crate hash')).toEqual([
			{
				label: 'crate hash',
				value: `${hashes.debian} in the kernel's symbols`,
				source: `/usr/lib/modules/${labRelease}/build/Module.symvers`
			},
			{label: 'crate hash', value: `${hashes.arch}: another compiler built this kernel`, source: path('arch')},
			{label: 'crate hash', value: `${hashes.debian}, the same: it built this kernel`, source: path('debian')}
		]);
	});

	test('against what the configuration says, which is what configuring saw', async () => {
		const {inspect} = scene({configured: rustc.rustup1851});
		const said = await inspect();
		expect(said).toMatchObject({status: 'done', summary: `rustc 1.85.1 · ${path('debian')}`});
		expect(said.evidence).toContainEqual(
			expect.objectContaining({
				label: 'its configuration says',
				value: `${rustc.rustup1851} (the kernel's symbols decide)`
			})
		);
	});

	test('toolchain.hash-differs: the one that the configuration names is not it', async () => {
		const {inspect} = scene({hashes: {debian: 'Cs0000000000_', arch: hashes.arch}});
		const said = await inspect();
		expect(said).toMatchObject({status: 'todo', reason: 'toolchain.hash-differs'});
		expect(said.question).toContain(`The nearest is ${path('debian')}.`);
		expect(said.question).toContain('another compiler built this kernel');
	});
});

describe('nobody is asked', () => {
	test('where the metadata speaks for itself', async () => {
		const {inspect, asked} = scene({headers: {rustc: rustc.debian1851}});
		await inspect();
		expect(asked).toEqual([]);
	});

	test('of a kernel that exports nothing of Rust', async () => {
		const {inspect, asked} = scene({symbols: '0x00000000\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n'});
		expect((await inspect()).status).toBe('done');
		expect(asked).toEqual([]);
	});

	test('that has another number', async () => {
		const {inspect, asked} = scene({
			toolchains: [
				{name: 'new', rustc: rustc.rustup1950},
				{name: 'debian', rustc: rustc.debian1851}
			]
		});
		await inspect();
		expect(new Set(asked)).toEqual(new Set([path('debian')]));
	});
});
