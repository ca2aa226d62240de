/** What mkinitcpio makes of one kernel (mkinitcpio 41): paths, or a release in `kernel`. */
export type Preset = {
	readonly kernel: string | undefined;
	/** The initramfs of the preset `default`. */
	readonly image: string | undefined;
	/** The unified kernel image of the preset `default`, which takes the place of both. */
	readonly uki: string | undefined;
};

/** Reads /etc/mkinitcpio.d/NAME.preset: assignments of bash, of which the plain ones count. */
export function parsePreset(text: string): Preset {
	const value = (name: string): string | undefined =>
		new RegExp(`^[ \\t]*${name}=(["']?)([^"'\\n$\`#]+)\\1`, 'm').exec(text)?.[2]?.trim();
	return {
		kernel: value('default_kver') ?? value('ALL_kver'),
		image: value('default_image'),
		uki: value('default_uki')
	};
}
