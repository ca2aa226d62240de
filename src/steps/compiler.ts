import type {Found} from '../model/machine.ts';
import {configuredRustc} from '../survey/kernels.ts';
import type {Compiler} from '../survey/toolchains.ts';
import type {View} from '../survey/view.ts';
import {compareIdentity, parseIdentity, type RustcIdentity} from '../toolchain/identity.ts';

/** The compiler a kernel wants, and where that is written. */
export type Wanted = {
	readonly identity: RustcIdentity;
	readonly source: string;
	/** Compilers whose symbols are seen to be others than the kernel's, by their path, whatever version they print. */
	readonly others: ReadonlySet<string>;
};

/** How one compiler compares with the wanted one. */
export type Match =
	| {readonly compiler: Compiler; readonly fits: true}
	| {
			readonly compiler: Compiler;
			readonly fits: false;
			readonly difference: 'number' | 'commit' | 'date' | 'vendor' | 'hash' | 'unknown';
			readonly explanation: string;
	  };

/**
 * The exact compiler of the subject kernel: its metadata's word; while that is missing, the compiler here whose symbols are the
 * kernel's, else what its configuration says, which is what configuring saw.
 */
export async function wantedCompiler(view: View): Promise<Found<Wanted>> {
	const [{subject}, builder] = await Promise.all([view.kernels(), view.kernelRustc()]);
	if (subject === undefined) return {status: 'absent'};
	if (builder.status === 'found') {
		const identity = parseIdentity(builder.value.value);
		if (identity !== undefined)
			return {status: 'found', value: {identity, source: builder.value.source, others: new Set()}};
	}
	const others = new Set<string>();
	const hashes = await view.crateHashes();
	if (hashes !== undefined) {
		const {compilers} = await view.toolchains();
		for (const [path, hash] of hashes.compilers) if (hash !== hashes.kernel.value) others.add(path);
		const own = compilers.find(({path}) => hashes.compilers.get(path) === hashes.kernel.value);
		if (own?.identity.status === 'found')
			return {status: 'found', value: {identity: own.identity.value, source: hashes.kernel.source, others}};
	}
	const configured = configuredRustc(subject);
	const identity = configured === undefined ? undefined : parseIdentity(configured);
	if (identity !== undefined && subject.config.status === 'found')
		return {status: 'found', value: {identity, source: subject.config.value.source, others}};
	return builder.status === 'unknown' ? builder : {status: 'absent'};
}

export function matchOf({identity, others}: Pick<Wanted, 'identity' | 'others'>, compiler: Compiler): Match {
	if (compiler.identity.status !== 'found') {
		const explanation =
			compiler.identity.status === 'unknown' ? compiler.identity.why : `${compiler.path} does not exist`;
		return {compiler, fits: false, difference: 'unknown', explanation};
	}
	const compared = compareIdentity(identity, compiler.identity.value);
	if (compared.same && others.has(compiler.path)) {
		return {
			compiler,
			fits: false,
			difference: 'hash',
			explanation:
				"It prints the version that the kernel's configuration names, and would give the kernel's crate another hash than the symbols in Module.symvers carry: another compiler built this kernel."
		};
	}
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
	const fits = (compiler: Compiler): boolean => matchOf(wanted.value, compiler).fits;
	if (view.named.rustc !== undefined) return toolchains.named && fits(toolchains.named) ? toolchains.named : undefined;
	return toolchains.compilers.find(fits);
}
