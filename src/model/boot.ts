/** A reboot that the user set out for: by boot and release, because a clock may be set back and a machine may take its time. */
export type ExpectedBoot = {
	/** The boot it was decided in (/proc/sys/kernel/random/boot_id). */
	readonly bootId: string;
	/** The kernel that was to run after it. */
	readonly release: string;
	readonly package?: string;
	/** The release that ran then. */
	readonly running: string;
	/** What was to bring it: a choice for one start, the default, or a person at the menu. */
	readonly by: 'once' | 'default' | 'menu';
};

/** Packages that makepkg built, installed together by one `pacman -U`. */
export type PackageInstall = {
	/** The kernel's package first: `linux-rust`, `linux-rust-headers`. */
	readonly names: readonly string[];
	/** Where makepkg put them, an absolute path. */
	readonly folder: string;
	/** What `uname -r` will say of the kernel, where that is known before. */
	readonly release?: string;
};
