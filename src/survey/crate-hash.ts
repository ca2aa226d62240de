import {join} from 'node:path';
import {kernelCrateHash} from '../kernel/crate-hash.ts';
import type {Found, Reader} from '../model/machine.ts';
import type {Kernel, Sourced} from './kernels.ts';
import type {Compiler} from './toolchains.ts';

/** Which hash is in the symbols of a kernel's own crate, and which each compiler would put there, by the compiler's path. */
export type CrateHashes = {
	readonly kernel: Sourced<string>;
	readonly compilers: ReadonlyMap<string, string>;
};

/** Assembler is printed; what rustc makes on the way to it is in the temporary folder, and gone when it ends. */
const compile = `cd "\${TMPDIR:-/tmp}" && printf '#![no_std]\\npub fn f() {}\\n' | exec "$1" --crate-name=kernel --crate-type=lib \\
	--edition=2021 -Csymbol-mangling-version=v0 --emit=asm=- -`;

/**
 * Asks the compilers for the hash that they give a crate named `kernel`, and reads the kernel's own from Module.symvers: a tenth of a
 * second each, known from an earlier run while the compiler is the same. Undefined where the kernel exports no symbol of Rust.
 */
export async function surveyCrateHashes(
	reader: Reader,
	kernel: Kernel,
	compilers: readonly Compiler[]
): Promise<CrateHashes | undefined> {
	const source = join(kernel.headers, 'Module.symvers');
	const text = await reader.readText(source);
	const value = text.status === 'found' ? kernelCrateHash(text.value) : undefined;
	if (value === undefined) return undefined;
	const asked = await Promise.all(
		compilers.map(async ({path, identity}) => {
			const hash = await askCompiler(reader, path, identity.status === 'found' ? identity.value.text : '');
			return hash.status === 'found' ? [[path, hash.value] as const] : [];
		})
	);
	return {kernel: {value, source}, compilers: new Map(asked.flat())};
}

/** `text`, its version, only for the answer to be known by: what is behind one of rustup's proxies changes without its file. */
async function askCompiler(reader: Reader, path: string, text: string): Promise<Found<string>> {
	const answer = await reader.probe(['/bin/sh', '-c', compile, 'sh', path, text], {lasting: true, of: [path]});
	if (answer.status !== 'found') return answer;
	const hash = kernelCrateHash(answer.value.stdout);
	return hash === undefined
		? {status: 'unknown', why: `${path} compiled no crate (code ${answer.value.code})`}
		: {status: 'found', value: hash};
}
