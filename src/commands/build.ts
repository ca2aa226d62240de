import {validateFolder} from '../scaffold/validate.ts';
import {buildActions} from '../steps/build.ts';
import {chosenCompiler, matchOf, wantedCompiler} from '../steps/compiler.ts';
import type {View} from '../survey/view.ts';
import type {Options} from './options.ts';
import {complain} from './output.ts';
import {announce, concludePlainly, performPlainly} from './perform.ts';
import {refuse} from './refuse.ts';
import {openSession} from './session.ts';

/** `build [dir]`: builds a module with the exact compiler; a failure is explained. */
export async function build(options: Options): Promise<number> {
	const session = await openSession(options, options.words[0]);
	const view = await session.look();
	const [module, {subject}] = await Promise.all([view.module(), view.kernels()]);
	if (module.status !== 'found') {
		const folder = session.named.folder ?? session.reader.cwd;
		return refuse(
			'build',
			options,
			`${folder} holds no module: there is no Kbuild or Makefile with a line "obj-m := NAME.o".`,
			'Start one with: linux-rust-setup new NAME'
		);
	}
	const path = validateFolder(module.value.folder);
	if (!path.ok) return refuse('build', options, path.why);
	if (subject === undefined)
		return refuse('build', options, 'No kernel to build for was found.', 'linux-rust-setup check says more.');
	const rustc = await compilerFor(view, options);
	if ('why' in rustc)
		return refuse(
			'build',
			options,
			rustc.why,
			'linux-rust-setup check toolchain shows every compiler and which one is wanted.'
		);
	if (rustc.warning !== undefined) await complain(`${rustc.warning}\n`);
	const actions = buildActions(subject, module.value, rustc.path);
	await announce(session, actions, options);
	if (options.dryRun) return 0;
	const outcome = await performPlainly(session, actions, options);
	return concludePlainly('build', outcome, options);
}

/** The compiler named on the command line is used as it is, with a warning where it does not fit; else only a fitting one will do. */
async function compilerFor(
	view: View,
	options: Options
): Promise<{readonly path: string | undefined; readonly warning?: string} | {readonly why: string}> {
	const [wanted, toolchains, chosen] = await Promise.all([
		wantedCompiler(view),
		view.toolchains(),
		chosenCompiler(view)
	]);
	if (options.rustc !== undefined && toolchains.named !== undefined) {
		const {path} = toolchains.named;
		const match = wanted.status === 'found' ? matchOf(wanted.value, toolchains.named) : undefined;
		return match === undefined || match.fits
			? {path}
			: {
					path,
					warning: `${path} is not the compiler of this kernel: ${match.explanation} Building with it because it was named.`
				};
	}
	if (chosen !== undefined) return {path: chosen.path};
	// without a wanted string nothing can be compared: make decides, and its answer is explained
	if (wanted.status !== 'found') return {path: undefined};
	const silent = toolchains.compilers.flatMap(({path, identity}) =>
		identity.status === 'unknown' ? [`${path} could not be asked: ${identity.why}`] : []
	);
	const known = `No compiler ${silent.length === 0 ? 'here' : 'that answered'} is the one that built this kernel (${wanted.value.identity.text}).`;
	return {why: [known, ...silent.map(one => `${one}.`)].join(' ')};
}
