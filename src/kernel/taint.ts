export type TaintFlag = {readonly bit: number; readonly letter: string; readonly meaning: string};

/** Bit number is position. Letters: kernel/panic.c of 7.3.4. */
const flags: readonly (readonly [letter: string, meaning: string])[] = [
	['P', 'a module with a proprietary licence was loaded'],
	['F', 'a module was loaded by force'],
	['S', 'the kernel runs on a processor or in a way that is out of specification'],
	['R', 'a module was removed by force'],
	['M', 'the processor reported a machine check'],
	['B', 'a memory page was found in a bad state'],
	['U', 'a user program asked for this flag'],
	['D', 'the kernel has died once: an oops or a BUG'],
	['A', 'an ACPI table was overridden'],
	['W', 'the kernel issued a warning'],
	['C', 'a staging driver was loaded'],
	['I', 'a firmware bug was worked around'],
	['O', 'a module from outside the kernel tree was loaded'],
	['E', 'an unsigned module was loaded'],
	['L', 'a processor was stuck in the kernel (soft lockup)'],
	['K', 'the kernel was live-patched'],
	['X', 'a flag that the distribution defines'],
	['T', 'the kernel was built with randomized structures'],
	['N', 'an in-kernel test was run'],
	['J', 'a firmware control interface changed device state']
];

const isSet = (value: number, bit: number): boolean => Math.floor(value / 2 ** bit) % 2 === 1;

/** The flags set in `/proc/sys/kernel/tainted`, lowest bit first. Bits without a meaning are left out. */
export function taintFlags(value: number): readonly TaintFlag[] {
	if (!Number.isFinite(value) || value < 0) return [];
	return flags.map(([letter, meaning], bit) => ({bit, letter, meaning})).filter(({bit}) => isSet(value, bit));
}

/** Whether the kernel has had an oops (flag D). A warning (flag W) is not one: the kernel goes on as before. */
export function hasOopsed(value: number): boolean {
	return taintFlags(value).some(({letter}) => letter === 'D');
}
