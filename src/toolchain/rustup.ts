import {readTomlStrings} from './toml.ts';

/** An official toolchain's name taken apart. */
export type ToolchainName = {
	/** `stable`, `beta`, `nightly` or a version. */
	readonly channel: string;
	/** Of a nightly or beta pinned to a day. */
	readonly date?: string;
	readonly triple?: string;
};

/** Reads a name as in rustup's `toolchains` folder (`1.97.1-x86_64-unknown-linux-gnu`). Undefined for a linked toolchain's own name. */
export function parseToolchainFolder(name: string): ToolchainName | undefined {
	const match =
		/^(stable|beta|nightly|\d{1,9}\.\d{1,9}(?:\.\d{1,9})?(?:-beta(?:\.\d{1,9})?)?)(?:-(\d{4}-\d{2}-\d{2}))?(?:-([a-z0-9_]+-[A-Za-z0-9_.]+(?:-[A-Za-z0-9_.]+){0,2}))?$/.exec(
			name
		);
	if (!match?.[1]) return undefined;
	return {
		channel: match[1],
		...(match[2] === undefined ? {} : {date: match[2]}),
		...(match[3] === undefined ? {} : {triple: match[3]})
	};
}

/**
 * What a toolchain's rustc prints for `--version`, from its `lib/rustlib/multirust-channel-manifest.toml`, without running it:
 * `rustc ` and the version of `[pkg.rustc]`. The file is about 1 MB, so only that table is looked at.
 */
export function rustcFromChannelManifest(toml: string): string | undefined {
	// a megabyte for each toolchain: indexOf takes a tenth of what a regular expression does
	const header = '[pkg.rustc]';
	const found = `\n${toml}`.indexOf(`\n${header}`);
	const start = toml.indexOf('\n', found) + 1;
	if (found < 0 || start === 0 || toml.slice(found + header.length, start).trim() !== '') return undefined;
	const end = toml.indexOf('\n[', start);
	const version = /^version = "([^"\\\n]+)"/m.exec(toml.slice(start, end < 0 ? undefined : end))?.[1];
	return version === undefined ? undefined : `rustc ${version}`;
}

/** The part of rustup's `settings.toml` that says which toolchain is used. */
export type RustupSettings = {
	readonly defaultToolchain?: string;
	/** Folder to toolchain name, from `rustup override set`. */
	readonly overrides: ReadonlyMap<string, string>;
};

/** Reads rustup's `settings.toml`. Undefined where the text is not TOML, which rustup itself refuses too. */
export function parseSettings(toml: string): RustupSettings | undefined {
	const strings = readTomlStrings(toml);
	if (!strings) return undefined;
	const defaultToolchain = strings.find(({table, key}) => table.length === 0 && key === 'default_toolchain')?.value;
	const overrides = strings
		.filter(({table}) => table.length === 1 && table[0] === 'overrides')
		.map(({key, value}) => [key, value] as const);
	return {...(defaultToolchain === undefined ? {} : {defaultToolchain}), overrides: new Map(overrides)};
}

/** What a `rust-toolchain` or `rust-toolchain.toml` asks for. */
export type ToolchainFile =
	| {readonly kind: 'channel'; readonly channel: string}
	| {readonly kind: 'path'; readonly path: string}
	/** Names components or targets only; the default toolchain is used. */
	| {readonly kind: 'none'}
	| {readonly kind: 'invalid'; readonly why: string};

/**
 * Reads a toolchain file. `name` is its file name: only `rust-toolchain` may be a single line with nothing but the toolchain's
 * name or path (compared with rustup 1.29.0).
 */
export function parseToolchainFile(text: string, name: string): ToolchainFile {
	const content = text.replace(/^\ufeff/, '').trim();
	if (content === '') return {kind: 'invalid', why: `${name} is empty.`};
	if (!name.endsWith('.toml') && !text.replace(/\n$/, '').includes('\n')) {
		if (content.startsWith('/')) return {kind: 'path', path: content};
		if (/^[A-Za-z0-9_.+-]+$/.test(content)) return {kind: 'channel', channel: content};
		return {kind: 'invalid', why: `${name} is one line, but not the name of a toolchain.`};
	}
	const strings = readTomlStrings(content);
	if (!strings) return {kind: 'invalid', why: `${name} is not valid TOML.`};
	const value = (wanted: string): string | undefined =>
		strings.find(({table, key}) => table.length === 1 && table[0] === 'toolchain' && key === wanted)?.value;
	const channel = value('channel');
	const path = value('path');
	if (channel !== undefined && path !== undefined)
		return {kind: 'invalid', why: `${name} gives both a channel and a path.`};
	if (channel !== undefined) return {kind: 'channel', channel};
	if (path !== undefined) return {kind: 'path', path};
	return /^[ \t]*\[[ \t]*toolchain[ \t]*\]/m.test(content)
		? {kind: 'none'}
		: {kind: 'invalid', why: `${name} has no [toolchain] table.`};
}

/** The toolchain that a plain `rustc` would start in a folder, and what decided it. */
export type ToolchainInForce =
	| {
			readonly kind: 'toolchain';
			/** A name, a linked name, or a path. */
			readonly toolchain: string;
			readonly source: 'environment' | 'directory' | 'file' | 'default';
			/** The folder of the override, or the toolchain file. */
			readonly where?: string;
	  }
	| {readonly kind: 'invalid'; readonly why: string; readonly where: string};

/**
 * Which toolchain is in force in `folder` (absolute, without links): RUSTUP_TOOLCHAIN, else the nearest directory override or
 * toolchain file upward, else the default; in one folder an override goes before `rust-toolchain`, and that before
 * `rust-toolchain.toml` (measured with rustup 1.29.0). `files` are the toolchain files found, by absolute path. Undefined where
 * nothing decides, so that rustc would not start.
 */
export function overrideInForce(input: {
	readonly folder: string;
	readonly environment?: string;
	readonly settings?: RustupSettings;
	readonly files?: ReadonlyMap<string, string>;
}): ToolchainInForce | undefined {
	const environment = input.environment?.trim();
	if (environment) return {kind: 'toolchain', toolchain: environment, source: 'environment'};
	const fallback = input.settings?.defaultToolchain;
	const byDefault: ToolchainInForce | undefined =
		fallback === undefined ? undefined : {kind: 'toolchain', toolchain: fallback, source: 'default'};
	for (const folder of upward(input.folder)) {
		const override = input.settings?.overrides.get(folder);
		if (override !== undefined) return {kind: 'toolchain', toolchain: override, source: 'directory', where: folder};
		for (const name of ['rust-toolchain', 'rust-toolchain.toml']) {
			const where = folder === '/' ? `/${name}` : `${folder}/${name}`;
			const text = input.files?.get(where);
			if (text === undefined) continue;
			const file = parseToolchainFile(text, name);
			if (file.kind === 'invalid') return {kind: 'invalid', why: file.why, where};
			if (file.kind === 'none') return byDefault;
			const toolchain = file.kind === 'path' ? file.path : file.channel;
			return {kind: 'toolchain', toolchain, source: 'file', where};
		}
	}
	return byDefault;
}

/** An absolute folder and those above it, up to `/`. */
function upward(folder: string): readonly string[] {
	const parts = folder.split('/').filter(part => part !== '');
	return [...parts.map((_, index) => `/${parts.slice(0, parts.length - index).join('/')}`), '/'];
}
