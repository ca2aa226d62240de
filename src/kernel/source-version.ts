/**
 * The version a kernel source is of, from the beginning of its Makefile, put together as kbuild does (KERNELVERSION): `7.2.13`,
 * `7.3.0-rc7`, `7.1.3-arch1`. Undefined for a Makefile of something else.
 */
export function versionFromMakefile(text: string): string | undefined {
	const value = (name: string): string => new RegExp(`^${name}[ \\t]*=[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
	const numbers = ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map(value);
	return numbers.every(number => /^\d+$/.test(number)) ? `${numbers.join('.')}${value('EXTRAVERSION')}` : undefined;
}
