import {flagCommands, type Role} from './command-flags.ts';
import {flagsOfText} from './command-rules.ts';
import {createFlags, type Flag} from './flag.ts';
import {flagLines} from './line-flags.ts';
import {flagPatch} from './patch-flags.ts';
import {parseShell} from './shell.ts';
import {flagSources, hostsOfSourceInfo} from './source-flags.ts';

/** A file of a recipe: its path below the recipe’s folder, with `/`, and its bytes. */
export type RecipeFile = {readonly path: string; readonly content: Uint8Array};

/** A file that is larger than this is not read; its flag says so. */
export const largestFile = 16 * 1024 * 1024;

/**
 * What a reader of a recipe should see before it runs, the red before the amber, then by file and line. Everything is taken as
 * text, nothing is run. Never throws, and takes time in proportion to the files.
 */
export function reviewRecipe(files: readonly RecipeFile[]): readonly Flag[] {
	const flags: Flag[] = [];
	let recipeHosts: ReadonlySet<string> | undefined;
	let infoHosts: {readonly hosts: ReadonlySet<string>; readonly file: RecipeFile; readonly text: string} | undefined;
	for (const file of files) {
		const kind = kindOf(file);
		const text =
			kind.as === 'binary' || kind.as === 'large'
				? ''
				: new TextDecoder('utf-8', {ignoreBOM: true}).decode(file.content);
		const {raise, all} = createFlags(file.path, text);
		switch (kind.as) {
			case 'large':
				raise('file.large', 1);
				break;
			case 'binary':
				if (kind.flag !== undefined) raise(kind.flag, 1);
				break;
			case 'shell': {
				flagLines(text, raise);
				// bash leaves out the bytes that are zero
				const resolver = flagCommands(parseShell(text.replaceAll('\0', '')), kind.role, raise);
				if (kind.role === 'recipe') recipeHosts = flagSources(resolver, raise);
				break;
			}
			case 'unit':
				flagLines(text, raise);
				for (const [index, line] of text.split('\n').entries()) {
					const run = /^Exec\w*\s*=\s*[-@:+!]*(.*)/.exec(line)?.[1];
					if (run !== undefined) flagCommands(parseShell(run, index + 1), 'script', raise);
				}
				break;
			case 'patch':
				flagPatch(text, raise);
				break;
			case 'info':
				flagLines(text, raise);
				for (const [index, line] of text.split('\n').entries())
					for (const id of flagsOfText(line)) raise(id, index + 1);
				infoHosts = {hosts: hostsOfSourceInfo(text), file, text};
				break;
			case 'program':
				raise('file.program', 1);
				flagLines(text, raise);
				for (const [index, line] of text.split('\n').entries())
					for (const id of flagsOfText(line)) raise(id, index + 1);
				break;
			case 'text':
				break;
		}
		flags.push(...all());
	}
	if (recipeHosts !== undefined && infoHosts !== undefined) {
		const {hosts, file, text} = infoHosts;
		const known = [...recipeHosts].filter(host => !host.includes('$'));
		const differ =
			known.some(host => !hosts.has(host)) ||
			(known.length === recipeHosts.size && [...hosts].some(host => !recipeHosts.has(host)));
		if (differ) {
			const {raise, all} = createFlags(file.path, text);
			raise('srcinfo.differs', 1 + text.split('\n').findIndex(line => /^\s*source/.test(line)));
			flags.push(...all());
		}
	}
	return flags.sort(
		(a, b) =>
			Number(b.severity === 'red') - Number(a.severity === 'red') ||
			(a.file === b.file ? a.line - b.line : 0) ||
			(a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
			(a.id < b.id ? -1 : 1)
	);
}

type Kind =
	| {readonly as: 'shell'; readonly role: Role}
	| {readonly as: 'binary'; readonly flag: string | undefined}
	| {readonly as: 'unit' | 'patch' | 'info' | 'program' | 'text' | 'large'};

/** How a file is read: by its name, and by what it begins with. */
function kindOf({path, content}: RecipeFile): Kind {
	if (content.length > largestFile) return {as: 'large'};
	const name = path.slice(path.lastIndexOf('/') + 1);
	const ending = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
	const head = new TextDecoder('latin1').decode(content.subarray(0, 8192));
	if (head.startsWith('\x7fELF')) return {as: 'binary', flag: 'file.binary'};
	if (/^(?:png|jpe?g|gif|ico|webp|xpm|svgz|ttf|otf|woff2?|sig|gpg|pgp|asc|mo|pdf)$/.test(ending) && head.includes('\0'))
		return {as: 'binary', flag: undefined};
	if (/^(?:gz|xz|bz2|zst|lz4?|tgz|txz|tar|zip|7z|rar|jar|deb|rpm|cpio)$/.test(ending))
		return {as: 'binary', flag: 'file.archive'};
	if (name === 'PKGBUILD') return {as: 'shell', role: 'recipe'};
	if (name === '.SRCINFO') return {as: 'info'};
	if (ending === 'install') return {as: 'shell', role: 'install'};
	if (ending === 'patch' || ending === 'diff') return {as: 'patch'};
	const interpreter = /^#![^\n]*?([a-z]+)[0-9.]*[ \t]*(?:-[^\n]*)?(?:\n|$)/.exec(head)?.[1];
	if (ending === 'sh' || ending === 'bash' || /^(?:ba|da|z|k)?sh$/.test(interpreter ?? ''))
		return {as: 'shell', role: 'script'};
	if (head.includes('\0')) return {as: 'binary', flag: 'file.binary'};
	if (/^(?:hook|service|timer|desktop|path|socket)$/.test(ending)) return {as: 'unit'};
	if (interpreter !== undefined || /^(?:py|pl|pm|rb|js|mjs|cjs|ts|lua|php|tcl|go|rs|c|cc|cpp|h|nix)$/.test(ending))
		return {as: 'program'};
	return {as: 'text'};
}
