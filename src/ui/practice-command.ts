/** The command that practises again: with the same kernel, where that is one that is installed. */
export const practiceCommand = (installed: string | undefined): string =>
	`linux-rust-setup practice${installed === undefined ? '' : ` --installed ${installed}`}`;
