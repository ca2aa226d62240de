const lockdownModes = ['none', 'integrity', 'confidentiality'] as const;

export type Lockdown = (typeof lockdownModes)[number];

/** The mode in force from `/sys/kernel/security/lockdown`, the one in brackets: `[none] integrity confidentiality`. */
export function parseLockdown(text: string): Lockdown | undefined {
	const chosen = /\[(\w+)\]/.exec(text)?.[1];
	return lockdownModes.find(mode => mode === chosen);
}

/**
 * Whether Secure Boot is on, from an EFI variable's file (`SecureBoot-8be4df61-…`): four bytes of attributes, then the value,
 * one byte (UEFI specification, "Globally Defined Variables"). Undefined for any other content.
 */
export function parseSecureBoot(efivar: Uint8Array): boolean | undefined {
	const value = efivar.length === 5 ? efivar[4] : undefined;
	return value === 1 ? true : value === 0 ? false : undefined;
}

/** Whether only signed modules are accepted, from `/sys/module/module/parameters/sig_enforce` (`Y` or `N`). */
export function parseSigEnforce(text: string): boolean | undefined {
	const value = text.trim();
	return value === 'Y' || value === '1' ? true : value === 'N' || value === '0' ? false : undefined;
}
