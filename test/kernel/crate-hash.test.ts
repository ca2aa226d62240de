import {expect, test} from 'vitest';
import {kernelCrateHash} from '../../src/kernel/crate-hash.ts';

test.each([
	[
		'Module.symvers of Debian’s linux 7.2.13',
		'0x00000000\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n0x00000000\t_RNvNtCsdJ13ReMSUMg_6kernel5print11call_printk\tvmlinux\tEXPORT_SYMBOL_GPL\t\n',
		'CsdJ13ReMSUMg_'
	],
	['what rustc 1.85.1 prints', '\t.globl\t_RNvCsb5MLIFMWygY_6kernel1f\n', 'Csb5MLIFMWygY_'],
	['another crate alone', '_RNvCsdJ13ReMSUMg_4core3fmt', undefined],
	['a longer name', '_RNvCsdJ13ReMSUMg_16kernel', undefined],
	['a kernel without Rust', '0x00000000\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n', undefined]
])('%s', (_what, text, hash) => expect(kernelCrateHash(text)).toBe(hash));
