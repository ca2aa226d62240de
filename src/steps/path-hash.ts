import {join} from 'node:path';
import {compareVersions} from '../kernel/version.ts';
import type {Evidence, Verdict} from '../model/step.ts';
import type {Kernel} from '../survey/kernels.ts';
import type {View} from '../survey/view.ts';
import {wantedCompiler} from './compiler.ts';
import {nameKdir} from './kernel.ts';
import {byYou, open, shown} from './verdict.ts';

/**
 * The trap of rustc up to 1.62: it made the path of target.json a part of every crate's identity, so that metadata packed into
 * headers is refused wherever it is moved, byte for byte the same (rust-lang/rust pull request 98225, Rust-for-Linux/linux issue
 * 792). Gives a verdict where the headers were moved for sure, else what is to be said of it.
 */
export async function pathHash(
	view: View,
	kernel: Kernel,
	evidence: readonly Evidence[]
): Promise<Verdict | readonly Evidence[]> {
	const wanted = await wantedCompiler(view);
	if (wanted.status !== 'found' || compareVersions(wanted.value.identity.version, [1, 63, 0]) >= 0) return [];
	const rustc = `rustc ${wanted.value.identity.versionText}`;
	// headers are packed without the sources, and their metadata was made where those are
	const sources = await view.builder.stat(join(kernel.kdir, 'init/main.c'));
	if (sources.status !== 'absent')
		return [
			{
				label: 'target.json',
				value: `${rustc} accepts it only at the path where the kernel was built; whether that is this one is not recorded`,
				source: join(kernel.kdir, 'scripts/target.json')
			}
		];
	return open('todo', 'metadata.path-hash', {
		summary: `${rustc} refuses headers that were moved`,
		question: `This kernel was built with ${rustc}, and rustc up to 1.62 makes the path of target.json a part of every crate's identity: headers that were packed, as these were, are refused with E0461, although no byte of them differs. Where is the folder that the kernel was built in?`,
		evidence,
		remedies: [
			nameKdir(),
			byYou({
				id: 'bind-headers',
				label: 'Show the headers at the path where the kernel was built',
				consequence: 'Until the next boot. Helps only with the very path, which E0461 does not name.',
				commands: [
					shown(
						['mount', '--bind', kernel.kdir, '/path/of/the/build'],
						'puts the headers where rustc expects them',
						'root'
					)
				],
				text: 'A kernel that was built with rustc 1.63 or newer has no such trap.'
			})
		]
	});
}
