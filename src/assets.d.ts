/** Templates and the recipe are text files, imported as strings: esbuild's `text` loader in the bundle, `test/support/text-assets.ts` under vitest. */
declare module '*.mustache' {
	const text: string;

	// biome-ignore lint/style/noDefaultExport: a text file has no names to export.
	export default text;
}

declare module '*/PKGBUILD' {
	const text: string;

	// biome-ignore lint/style/noDefaultExport: a text file has no names to export.
	export default text;
}

declare module '*/rust.config' {
	const text: string;

	// biome-ignore lint/style/noDefaultExport: a text file has no names to export.
	export default text;
}
