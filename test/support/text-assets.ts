import type {Plugin} from 'vitest/config';

/** Imports `*.mustache` files and the recipe's as strings, as esbuild's `text` loader does in the bundle. */
export function textAssets(): Plugin {
	return {
		name: 'text-assets',
		transform: (code, id) =>
			/\.mustache$|\/assets\/linux-rust\//.test(id) ? `export default ${JSON.stringify(code)};` : undefined
	};
}
