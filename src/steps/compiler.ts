import type {Found} from '../model/machine.ts';
import {configuredRustc} from '../survey/kernels.ts';
import type {Compiler} from '../survey/toolchains.ts';
import type {View} from '../survey/view.ts';
import {compareIdentity, parseIdentity, type RustcIdentity} from '../toolchain/identity.ts';

/** The compiler a kernel wants, and where that is written. */
export type Wanted = {readonly identity: RustcIdentity; readonly source: string};

/** How one compiler compares with the wanted one. */
export type Match =
	| {readonly compiler: Compiler; readonly fits: true}
	| {
			readonly compiler: Compiler;
			readonly fits: false;
			readonly difference: 'number' | 'commit' | 'date' | 'vendor' | 'unknown';
			readonly explanation: string;
	  };

/** The exact compiler of the subject kernel: its metadata's word, and while that is missing its configuration's. */
export async function wantedCompiler(view: View): Promise<Found<Wanted>> {
	const [{subject}, builder] = await Promise.all([view.kernels(), view.kernelRustc()]);
	if (subject === undefined) return {status: 'absent'};
	if (builder.status === 'found') {
		const identity = parseIdentity(builder.value.value);
		if (identity !== undefined) return {status: 'found', value: {identity, source: builder.value.source}};
	}
	const configured = configuredRustc(subject);
	const identity = configured === undefined ? undefined : parseIdentity(configured);
	if (identity !== undefined && subject.config.status === 'found')
		return {status: 'found', value: {identity, source: subject.config.value.source}};
	return builder.status === 'unknown' ? builder : {status: 'absent'};
}

export function matchOf(wanted: RustcIdentity, compiler: Compiler): Match {
	if (compiler.identity.status !== 'found') {
		const explanation =
			compiler.identity.status === 'unknown' ? compiler.identity.why : `${compiler.path} does not exist`;
		return {compiler, fits: false, difference: 'unknown', explanation};
	}
	const compared = compareIdentity(wanted, compiler.identity.value);
	return compared.same
		? {compiler, fits: true}
		: {compiler, fits: false, difference: compared.difference, explanation: compared.explanation};
}

/**
 * The compiler a build will be given: the one named with `--rustc` or chosen earlier where it fits, else the first that does.
 * A named compiler that does not fit is never replaced silently: then there is none.
 */
export async function chosenCompiler(view: View): Promise<Compiler | undefined> {
	const [wanted, toolchains] = await Promise.all([wantedCompiler(view), view.toolchains()]);
	if (wanted.status !== 'found') return toolchains.named;
	const fits = (compiler: Compiler): boolean => matchOf(wanted.value.identity, compiler).fits;
	if (view.named.rustc !== undefined) return toolchains.named && fits(toolchains.named) ? toolchains.named : undefined;
	return toolchains.compilers.find(fits);
}
