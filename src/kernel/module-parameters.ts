import type {ModuleParameter} from './module-info.ts';

/** What insmod is given behind the file, or the sentences that say which parameter the module cannot take, and what it can. */
export type CheckedParameters =
	| {readonly ok: true; readonly words: readonly string[]}
	| {readonly ok: false; readonly why: string; readonly known: string};

/** Inclusive bounds by `parmtype`: C's names (include/linux/moduleparam.h) on a 64-bit kernel, and those of Rust (rust/macros/module.rs). */
const bounds: Readonly<Record<string, readonly [bigint, bigint]>> = {
	...signed(['i8'], 8n),
	...signed(['short', 'i16'], 16n),
	...signed(['int', 'i32'], 32n),
	...signed(['long', 'i64', 'isize'], 64n),
	...unsigned(['byte', 'u8'], 8n),
	...unsigned(['ushort', 'u16'], 16n),
	...unsigned(['uint', 'hexint', 'u32'], 32n),
	...unsigned(['ulong', 'ullong', 'u64', 'usize'], 64n)
};

/** What the kernel takes for a truth value (lib/kstrtox.c, kstrtobool), by its beginning. */
const truth = /^(?:[yYtT1nNfF0]|[oO][nNfF])/;

/** In bytes, with its zero byte (kernel/params.c, param_set_charp). */
const longestText = 1024;

/**
 * Checks `name=value` words against what a module says of its parameters. The kernel itself ignores a name it does not know, with
 * a line in its log, and ends the load with EINVAL at a value that does not fit. A type that is not known here is left to it.
 */
export function checkParameters(given: readonly string[], declared: readonly ModuleParameter[]): CheckedParameters {
	const words: string[] = [];
	for (const word of given) {
		const cut = word.indexOf('=');
		const [name, value] = cut < 0 ? [word, undefined] : [word.slice(0, cut), word.slice(cut + 1)];
		// the kernel takes `-` for `_` in names (kernel/params.c, parameq)
		const parameter = declared.find(one => one.name.replaceAll('-', '_') === name.replaceAll('-', '_'));
		const known = describeAll(declared);
		if (parameter === undefined) return {ok: false, why: `The module has no parameter ${name}.`, known};
		const objection = objectionTo(value, parameter.type);
		if (objection !== undefined) return {ok: false, why: `${name} ${objection}.`, known};
		words.push(value !== undefined && /\s/.test(value) ? `${name}="${value}"` : word);
	}
	return {ok: true, words};
}

/** Why a parameter of this type cannot be given this value; undefined where it can, or where the type is not known. */
function objectionTo(value: string | undefined, type: string | undefined): string | undefined {
	if (type === 'bool' || type === 'invbool') {
		// a bare name turns it on
		return value === undefined || truth.test(value) ? undefined : 'is yes or no: y, n, 1 or 0';
	}
	if (value === undefined) return 'needs a value: NAME=VALUE';
	if (/[\u0000-\u001f\u007f"]/.test(value)) return 'cannot take quotes or control characters';
	const range = type === undefined ? undefined : bounds[type];
	if (range !== undefined) {
		const number = wholeNumber(value);
		if (number !== undefined && number >= range[0] && number <= range[1]) return undefined;
		return `is a whole number from ${range[0]} to ${range[1]}, not ${value === '' ? 'nothing' : `"${value}"`}`;
	}
	if (type === 'charp' && new TextEncoder().encode(value).length >= longestText)
		return `can be at most ${longestText - 1} bytes long`;
	return undefined;
}

/** As the kernel reads one: decimal, `0x…`, `0…` (lib/kstrtox.c, base 0), and in Rust `0o…` and `0b…` too (rust/kernel/str/parse_int.rs). */
function wholeNumber(text: string): bigint | undefined {
	const [, sign, digits = ''] = /^([+-]?)(0x[0-9a-f]+|0o[0-7]+|0b[01]+|0[0-7]*|[1-9][0-9]*)$/i.exec(text) ?? [];
	if (digits === '') return undefined;
	const number = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
	return sign === '-' ? -number : number;
}

function describeAll(declared: readonly ModuleParameter[]): string {
	if (declared.length === 0) return 'It has none. Modules written in Rust can have parameters from Linux 6.19 on.';
	const each = declared.map(({name, type, description}) => {
		const more = [type, description].filter(part => part !== undefined).join(', ');
		return more === '' ? name : `${name} (${more})`;
	});
	return `It has: ${each.join('; ')}.`;
}

function signed(types: readonly string[], bits: bigint): Record<string, readonly [bigint, bigint]> {
	const half = 1n << (bits - 1n);
	return Object.fromEntries(types.map(type => [type, [-half, half - 1n]]));
}

function unsigned(types: readonly string[], bits: bigint): Record<string, readonly [bigint, bigint]> {
	return Object.fromEntries(types.map(type => [type, [0n, (1n << bits) - 1n]]));
}
