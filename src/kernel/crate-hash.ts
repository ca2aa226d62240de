/**
 * The hash that rustc puts into every symbol of a crate named `kernel`: `CsdJ13ReMSUMg_`, of the first such symbol in a text (a
 * kernel's Module.symvers, an assembler file). It is made of the crate's name and of rustc's whole version text, so that it tells
 * which compiler built a kernel (symbols in the v0 scheme: `C`, `s` and base 62, `_`, the name with its length; measured with five
 * compilers, 1.85.1 to 1.98.1). Undefined where no symbol of that crate is there.
 */
export const kernelCrateHash = (text: string): string | undefined => /(Cs[0-9A-Za-z]+_)6kernel/.exec(text)?.[1];
