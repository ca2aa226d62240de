import {atLeast, parseVersion} from '../kernel/version.ts';
import type {Evidence} from '../model/step.ts';
import type {Kernel} from '../survey/kernels.ts';
import {toolchainInForce} from '../survey/rustup.ts';
import type {View} from '../survey/view.ts';
import type {ToolchainInForce} from '../toolchain/rustup.ts';

/**
 * What would decide for a plain `rustc` in the two folders that matter, and whether this kernel's build would listen: rustc
 * runs in KDIR up to 6.12 and in the module's folder since 6.13 (measured with 6.12.117 and 7.2.13). For the reader only:
 * builds are given RUSTC as an absolute path.
 */
export async function overrideEvidence(view: View, kernel: Kernel): Promise<readonly Evidence[]> {
	const [{rustup}, module] = await Promise.all([view.toolchains(), view.module()]);
	if (!rustup.installed) return [];
	const inModule = runsInModule(kernel);
	const folders = [
		{folder: module.status === 'found' ? module.value.folder : view.builder.cwd, obeyed: inModule},
		{folder: kernel.kdir, obeyed: inModule === undefined ? undefined : !inModule}
	];
	const found = await Promise.all(
		folders.map(async ({folder, obeyed}) => ({
			obeyed,
			force: await toolchainInForce(view.builder, rustup.settings, folder)
		}))
	);
	const lines = found.flatMap(({force, obeyed}) => (force === undefined ? [] : evidenceOf(force, obeyed, kernel)));
	// one that decides in both folders, the environment or a folder above both, is one
	return lines.filter((line, index) => lines.findIndex(other => other.source === line.source) === index);
}

function runsInModule(kernel: Kernel): boolean | undefined {
	const version = parseVersion(kernel.support?.kernel ?? kernel.release);
	return version && atLeast(version, '6.13');
}

function evidenceOf(force: ToolchainInForce, obeyed: boolean | undefined, kernel: Kernel): readonly Evidence[] {
	if (force.kind === 'invalid')
		return [{label: 'rustup override', value: `${force.why} rustup's own rustc stops there.`, source: force.where}];
	switch (force.source) {
		case 'default':
			return [];
		case 'environment':
			return [
				{
					label: 'rustup override',
					value: `${nameOf(force.toolchain)}; builds here name their compiler and do not listen to it`,
					source: 'RUSTUP_TOOLCHAIN',
					...(isPath(force.toolchain) ? {danger: true} : {})
				}
			];
		case 'directory':
		case 'file':
			return [
				{
					label: 'rustup override',
					value: `${nameOf(force.toolchain)}; ${listener(obeyed, kernel)}`,
					...(force.where === undefined ? {} : {source: force.where}),
					...(isPath(force.toolchain) ? {danger: true} : {})
				}
			];
	}
}

/** A path is a program of somebody's choice, which cloning a folder is enough to bring. */
const isPath = (toolchain: string): boolean => toolchain.includes('/');

const nameOf = (toolchain: string): string =>
	isPath(toolchain) ? `no release, but the programs below ${toolchain}: look at them first` : toolchain;

function listener(obeyed: boolean | undefined, kernel: Kernel): string {
	if (obeyed === undefined)
		return 'whether this kernel’s make listens to it is not known; builds here name their compiler';
	return obeyed
		? `a plain make for ${kernel.release} obeys it, builds here name their compiler`
		: `make for ${kernel.release} ignores it, because rustc runs in ${runsInModule(kernel) ? 'the module’s folder' : 'KDIR'}`;
}
