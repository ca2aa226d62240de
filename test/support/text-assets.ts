import type {Plugin} from 'vitest/config';

/** Imports `*.mustache` files as strings, as esbuild's `text` loader does in the bundle. */
export function textAssets(): Plugin {
	return {
		name: 'text-assets',
		transform: (code, id) => (id.endsWith('.mustache') ? `export default ${JSON.stringify(code)};` : undefined)
	};
}
