import {join} from 'node:path';
import type {Evidence} from '../model/step.ts';
import type {Kernel} from '../survey/kernels.ts';
import type {Compiler} from '../survey/toolchains.ts';
import type {View} from '../survey/view.ts';

/** What a crate that uses the kernel's needs to say to be compiled against all of its metadata. Compiles on every kernel with Rust. */
const crate = `#![no_std]
use kernel::prelude::*;
pub fn five() -> Result<usize> {
	Ok(5)
}
`;

/**
 * rustc on that crate, up to the end of type checking: pretty-printing it writes no file, which compiling metadata alone would.
 * RUSTC_BOOTSTRAP as kbuild sets it, because a target that is a file takes unstable options. An answer that follows from the compiler
 * and these files alone ends with 0, so that it is known from then on, a refusal among them: its words are printed. What may end
 * otherwise next time keeps its code: rustc crashed, a disk was full, or the first thing to be missing (E0463) was none of these files.
 */
const compile = `said=$(printf %s "$1" | RUSTC_BOOTSTRAP=1 "$2" --edition=2021 --crate-name=five_lines --crate-type=rlib --cap-lints=allow \\
	-Zunstable-options -Zunpretty=mir --target="$3" -L "$4" --extern kernel - 2>&1 >/dev/null) && exit
code=$?
case $code,\${said#*error} in
*'os error'* | 1,'[E0463]'*) ;;
1,'[E'* | 1,': '[Ee]'rror loading target specification'*) code=0 ;;
esac
printf %s "$said" | head -c 3000
exit $code`;

export type Compiled =
	| {readonly ok: true; readonly evidence: Evidence}
	/** `said`: rustc's words, untrusted. */
	| {readonly ok: false; readonly said: string}
	/** It could not be tried. */
	| {readonly ok: undefined; readonly evidence: Evidence};

/**
 * Whether this compiler takes the metadata of this kernel: a crate of five lines is compiled against it. A tenth of a second, and
 * known from an earlier run while the compiler and the files `of` (below the kernel's folder) are the same.
 */
export async function compileFiveLines(
	view: View,
	kernel: Kernel,
	compiler: Compiler,
	of: readonly string[]
): Promise<Compiled> {
	const files = of.map(path => join(kernel.kdir, path));
	const target = files.find(file => file.endsWith('/target.json')) ?? '';
	const answer = await view.builder.probe(
		['/bin/sh', '-c', compile, 'sh', crate, compiler.path, target, join(kernel.kdir, 'rust'), textOf(compiler)],
		{timeout: 10_000, lasting: true, of: [compiler.path, ...files]}
	);
	const evidence = (value: string): Evidence => ({label: 'five-line crate', value, source: compiler.path});
	if (answer.status !== 'found')
		return {ok: undefined, evidence: evidence(answer.status === 'unknown' ? answer.why : '/bin/sh is missing')};
	const {code, stdout} = answer.value;
	const said = stdout.trim();
	if (said !== '') return {ok: false, said};
	return code === 0
		? {ok: true, evidence: evidence('compiles against the metadata')}
		: {ok: false, said: `rustc ended with code ${code}`};
}

/** Only for the answer to be known by: what is behind one of rustup's proxies changes without its file. */
const textOf = ({identity}: Compiler): string => (identity.status === 'found' ? identity.value.text : '');
