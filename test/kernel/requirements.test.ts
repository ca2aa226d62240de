import {describe, expect, it} from 'vitest';
import {buildRequirements} from '../../src/kernel/requirements.ts';
import {configOf, fixtureConfig} from './fixtures.ts';

const names = (programs: readonly {readonly name: string}[]): readonly string[] =>
	programs.map(program => program.name);

describe('buildRequirements', () => {
	it('a clang kernel wants LLVM=1 and clang’s tools', () => {
		const {compiler, llvm, programs} = buildRequirements(fixtureConfig('kernels/lab-6.12/auto.conf'));
		expect({compiler, llvm, programs: names(programs)}).toEqual({
			compiler: 'clang',
			llvm: true,
			programs: ['make', 'clang', 'ld.lld']
		});
	});

	it('a gcc kernel wants the gcc it was called with, and no LLVM=1', () => {
		const {compiler, llvm, programs} = buildRequirements(fixtureConfig('kernels/debian-7.2.13-cloud.config.gz'));
		expect({compiler, llvm}).toEqual({compiler: 'gcc', llvm: false});
		expect(names(programs)).toEqual(['make', 'x86_64-linux-gnu-gcc-16', 'ld', 'pahole', 'objcopy']);
		expect(programs.find(program => program.name === 'pahole')?.onlyWith).toBe('vmlinux');
	});

	it('symbol versions want nm', () => {
		const {programs} = buildRequirements(fixtureConfig('kernels/debian-6.1.192.config.gz'));
		expect(names(programs)).toEqual(['make', 'gcc-12', 'ld', 'nm', 'pahole', 'objcopy']);
	});

	it.each([
		['CONFIG_CC_IS_GCC=y\nCONFIG_CC_VERSION_TEXT="gcc (GCC) 14.2.1 20250207"', 'gcc', 'gcc'],
		['CONFIG_CC_IS_GCC=y', 'gcc', 'gcc'],
		['CONFIG_MODULES=y', 'unknown', 'gcc'],
		['CONFIG_CC_IS_CLANG=y\nCONFIG_CC_VERSION_TEXT="Ubuntu clang version 18.1.3 (1ubuntu1)"', 'clang', 'clang'],
		['# CONFIG_CC_IS_CLANG is not set\nCONFIG_CC_VERSION_TEXT="clang"', 'unknown', 'gcc']
	])('%j', (text, compiler, program) => {
		const requirements = buildRequirements(configOf(text));
		expect(requirements.compiler).toBe(compiler);
		expect(requirements.llvm).toBe(compiler === 'clang');
		expect(requirements.programs[1]?.name).toBe(program);
	});
});
