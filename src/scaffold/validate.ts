import {foldToAscii} from './ascii.ts';

/** Whether a name will do, the sentences that say why not, and a name close to it that will. */
export type NameVerdict =
	| {readonly ok: true}
	| {readonly ok: false; readonly why: string; readonly suggestion?: string};

/** Whether a folder will do for a module, or the sentences that say why not and what to do. */
export type FolderVerdict = {readonly ok: true} | {readonly ok: false; readonly why: string};

/** `MODULE_NAME_LEN` is 64 less the size of a long, and counts the closing zero byte (include/linux/module.h). */
const longestName = 55;

const allowed = `Allowed are a to z, 0 to 9 and _, beginning with a letter, at most ${longestName} characters.`;

/** Strict and reserved words of Rust up to edition 2024 (the Rust reference, "Keywords"); weak ones such as `union` name modules well. */
const keywords: ReadonlySet<string> = new Set(
	(
		'abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in let ' +
		'loop macro match mod move mut override priv pub ref return self static struct super trait true try type typeof unsafe ' +
		'unsized use virtual where while yield'
	).split(' ')
);

/**
 * Crates that the kernel's Rust code has been made of, up to Linux 7.2 (rust/Makefile). A module of the same name does not
 * build: with 6.12.117, E0519 for core, kernel and compiler_builtins, E0463 for bindings, build_error, ffi, macros and uapi.
 */
const crates: ReadonlySet<string> = new Set(
	(
		'alloc bindings build_error compiler_builtins core ffi kernel macros pin_init pin_init_internal proc_macro proc_macro2 quote ' +
		'std syn uapi zerocopy zerocopy_derive'
	).split(' ')
);

/**
 * Checks the name of a new module, which becomes a file name, a Rust crate name and the name the kernel lists it under.
 * `loaded`: names the kernel lists already (/proc/modules, with `_`).
 */
export function validateModuleName(name: string, options: {readonly loaded?: ReadonlySet<string>} = {}): NameVerdict {
	const loaded = options.loaded ?? new Set<string>();
	const why = objection(name, loaded);
	if (why === undefined) return {ok: true};
	const suggestion = candidates(name).find(candidate => objection(candidate, loaded) === undefined);
	return suggestion === undefined ? {ok: false, why} : {ok: false, why, suggestion};
}

/**
 * Checks the path of a module's folder, which kbuild hands to make and to a shell without quoting. Spaces, `:` and `%` are
 * refused by the kernel's Makefile in so many words ("module directory path cannot contain"); each of the others broke the
 * build, or could match another folder, with 6.12.117. Letters outside ASCII are fine.
 */
export function validateFolder(path: string): FolderVerdict {
	if (path === '') return {ok: false, why: 'No folder was named.'};
	const found = path.match(/[\s:%#$'"\\`;&|()<>*?[\],\u0000-\u001f\u007f-\u009f]/u)?.[0];
	if (found === undefined) return {ok: true};
	const what =
		found === ' '
			? 'a space'
			: /[\u0021-\u007e]/.test(found)
				? `"${found}"`
				: 'a control character or unusual white space';
	return {
		ok: false,
		why: `The kernel's build system cannot work in a folder with ${what} in its path. Choose or make another folder, for instance ~/kernel-modules.`
	};
}

function objection(name: string, loaded: ReadonlySet<string>): string | undefined {
	if (name === '') return `A module needs a name. ${allowed}`;
	const foreign = name.match(/[^a-z0-9_]/u)?.[0];
	if (foreign !== undefined) return `A module name cannot have ${describe(foreign)} in it. ${allowed}`;
	if (!/^[a-z]/.test(name)) return `A module name cannot begin with ${describe(name.charAt(0))}. ${allowed}`;
	if (name.length > longestName)
		return `This name has ${name.length} characters, more than the kernel keeps of a module's name. ${allowed}`;
	if (keywords.has(name))
		return `"${name}" is a word of the Rust language, so Rust code could not speak of this module.`;
	if (crates.has(name))
		return `"${name}" is a crate that the kernel's Rust code is made of; rustc refuses to build another of that name.`;
	if (name === 'vmlinux') return '"vmlinux" is the name of the kernel itself.';
	if (loaded.has(name)) return `A module named "${name}" is loaded already, and the kernel takes each name once.`;
	return undefined;
}

function describe(character: string): string {
	if (character === ' ') return 'a space';
	if (/[A-Z]/.test(character)) return `a capital letter ("${character}")`;
	if (/[0-9]/.test(character)) return 'a digit';
	if (/[\u0021-\u007e]/.test(character)) return `"${character}"`;
	return /[\u0000-\u001f\u007f-\u009f]/.test(character) ? 'a control character' : 'a character outside ASCII';
}

/** Names close to what was asked for, best first; not checked. None where control characters say that it was not typed. */
function candidates(name: string): readonly string[] {
	if (/[\u0000-\u001f\u007f-\u009f]/.test(name)) return [];
	const base = foldToAscii(name.slice(0, 4 * longestName))
		.replace(/([a-z0-9])(?=[A-Z])/g, '$1_')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '_')
		.replace(/^_+/, '')
		.slice(0, longestName)
		.replace(/_+$/, '');
	return base === '' ? [] : [base, `${base}_module`, `my_${base}`];
}
