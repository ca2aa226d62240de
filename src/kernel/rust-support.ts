import {type Config, option} from './config.ts';
import {type Condition, conditionOf, joinKconfig, type Kconfig, parseKconfig} from './kconfig.ts';
import {type Change, type Way, waysTo} from './kconfig-changes.ts';
import {type Expression, isMet, type Values} from './kconfig-expression.ts';
import {decidedOptions, rustConditions, rustReasons} from './rust-conditions.ts';
import {atLeast, parseVersion, type Version} from './version.ts';

/** An option that keeps Rust out of a kernel. */
export type RustConflict = {
	/** With its `CONFIG_` prefix. */
	readonly option: string;
	/** Its value in this configuration; `n` where it is not set. */
	readonly value: string;
	/** The Kconfig expression that has to hold (symbols without `CONFIG_`). */
	readonly needs: string;
	/** One sentence. */
	readonly why: string;
	/** What would make it hold, for whoever configures the kernel; undefined where nothing known would. */
	readonly change?: string;
};

export type RustSupport = {
	readonly rust: 'on' | 'off' | 'unknown';
	/** The kernel version of the configuration. */
	readonly kernel?: string;
	/** Where the conditions come from: `init/Kconfig in FOLDER`, or this program's table. Only where Rust is off. */
	readonly rules?: string;
	readonly conflicts: readonly RustConflict[];
	/** What else the configuration says that is easily taken for something else. */
	readonly notes: readonly string[];
};

/** The options that only ask for a version, with the program that has it and how its number is put together. */
const programs: Readonly<Record<string, {readonly name: string; readonly version: (number: number) => string}>> = {
	RUSTC_VERSION: {name: 'rustc', version: number => threeNumbers(number, 100_000)},
	PAHOLE_VERSION: {name: 'pahole', version: number => `${Math.floor(number / 100)}.${number % 100}`},
	CLANG_VERSION: {name: 'clang', version: number => threeNumbers(number, 10_000)},
	GCC_VERSION: {name: 'gcc', version: number => threeNumbers(number, 10_000)},
	RUSTC_LLVM_VERSION: {name: 'rustc on LLVM', version: number => threeNumbers(number, 10_000)}
};

/** `108100` is 1.81.0 (scripts/rustc-version.sh), `190103` is 19.1.3 (scripts/cc-version.sh). */
const threeNumbers = (number: number, major: number): string =>
	`${Math.floor(number / major)}.${Math.floor((number % major) / 100)}.${number % 100}`;

/** Ways on for options that the configuring program sets by what it finds. */
const sayings: Readonly<Record<string, string>> = {
	'RUST_IS_AVAILABLE=y':
		'configure the kernel where rustc, bindgen and libclang are found (make LLVM=1 rustavailable, in its source, names what is missing)',
	'CC_IS_CLANG=y': 'a kernel compiled by clang (make LLVM=1)',
	'HAVE_RUST=y': 'a kernel version and an architecture that have Rust support'
};

/** A way that asks for more alternatives than these is not easier to follow. */
const waysShown = 3;

const capability =
	'CONFIG_HAVE_RUST=y says that Linux can be built with Rust on this architecture, not that this kernel was: that would be CONFIG_RUST=y.';

const notChosen = 'Nothing stands in the way: Rust was not chosen when this kernel was configured.';

const isBeforeRust = (version: Version | undefined): boolean => version !== undefined && !atLeast(version, '6.1');

/** Whether a kernel was configured with Rust, without the question why not; `unknown` and `kernelVersion` as for `rustSupport`. */
export function rustState(config: Config, kernelVersion?: string): RustSupport['rust'] {
	const rust = option(config, 'CONFIG_RUST');
	if (rust === 'y') return 'on';
	// Every configuration since 4.18 records the compiler.
	if (rust !== undefined || option(config, 'CONFIG_CC_VERSION_TEXT') !== undefined) return 'off';
	const kernel = config.kernel ?? kernelVersion;
	return isBeforeRust(kernel === undefined ? undefined : parseVersion(kernel)) ? 'off' : 'unknown';
}

/**
 * Whether a kernel was configured with Rust, and if not, which options stand in the way.
 *
 * The conditions are those of `config RUST` in the kernel's own Kconfig files, where these are at hand: vendors mix what
 * versions have. Otherwise those of the version in the configuration's header; `kernelVersion` (a version or release) is used
 * where there is none, because a distribution's release may name an older version than its source has (Debian's
 * `6.1.0-56-amd64` is 6.1.192). With neither, only the conditions that every version has are looked at. `unknown` is a
 * configuration too short to tell: neither RUST nor the compiler's name is in it.
 */
export function rustSupport(config: Config, kernelVersion?: string, kconfig?: Kconfig): RustSupport {
	const kernel = config.kernel ?? kernelVersion;
	const about = kernel === undefined ? {} : {kernel};
	const state = rustState(config, kernelVersion);
	if (state !== 'off') return {rust: state, ...about, conflicts: [], notes: []};

	const version = kernel === undefined ? undefined : parseVersion(kernel);
	const value = (symbol: string): string => option(config, `CONFIG_${symbol}`) ?? 'n';
	const isOld = isBeforeRust(version);

	const off = (rules: string, conflicts: readonly RustConflict[]): RustSupport => ({
		rust: 'off',
		...about,
		rules,
		conflicts,
		notes: value('HAVE_RUST') === 'y' ? [capability] : []
	});
	const own = kconfig === undefined ? undefined : conditionsOf(kconfig);
	const rules =
		own === undefined || kconfig === undefined
			? `the table for ${kernel === undefined ? 'every version' : `Linux ${kernel}`}`
			: `init/Kconfig in ${kconfig.folder}`;
	if (own === undefined && isOld) {
		const why = `Linux ${kernel} has no Rust support: 6.1 is the first version that has.`;
		return off(rules, [{option: 'CONFIG_HAVE_RUST', value: value('HAVE_RUST'), needs: 'HAVE_RUST', why}]);
	}
	if (own === 'none') {
		const why = `${kconfig?.folder} has no option RUST: this source cannot be built with Rust.`;
		return off(rules, [{option: 'CONFIG_RUST', value: 'n', needs: 'RUST', why}]);
	}

	// No rustc was found (the version is then 0): RUST_IS_AVAILABLE says so, and an option that only wants a newer one is not to blame.
	const valueFor: Values = symbol => {
		const said = option(config, `CONFIG_${symbol}`);
		return symbol === 'RUSTC_VERSION' && said === '0' ? undefined : said;
	};
	const conditions = own ?? rustConditions(version).map(conditionOf);
	const unmet = conditions.filter(one => isMet(one.expression, valueFor) === false);
	const undecided = conditions.filter(one => isMet(one.expression, valueFor) === undefined);
	const decides = kconfig ?? ownKconfig();
	if (unmet.length > 0)
		return off(
			rules,
			unmet.map(({text, expression}) => {
				const symbol = blamed(expression, valueFor) ?? 'RUST';
				const ways = waysTo(expression, true, valueFor, decides);
				return {
					option: `CONFIG_${symbol}`,
					value: value(symbol),
					needs: text,
					why: rustReasons[symbol] ?? `${rules} lets nobody choose Rust without it.`,
					...(ways.length === 0 ? {} : {change: ways.slice(0, waysShown).map(wordsOf).join(', or ')})
				};
			})
		);
	const chosen = {option: 'CONFIG_RUST', value: value('RUST')};
	if (undecided.length > 0)
		return off(
			rules,
			undecided.map(({text}) => ({
				...chosen,
				needs: text,
				why: 'A test that ran when this kernel was configured may have kept Rust out; its result was not written down.'
			}))
		);
	return off(rules, [{...chosen, needs: 'RUST', why: notChosen, change: 'CONFIG_RUST=y'}]);
}

/** The conditions of `config RUST`, or `none` where the files know no such option. */
function conditionsOf(kconfig: Kconfig): readonly Condition[] | 'none' {
	const definitions = kconfig.definitionsOf('RUST');
	return (definitions.find(one => one.prompt) ?? definitions[0])?.depends.map(conditionOf) ?? 'none';
}

let parsed: Kconfig | undefined;

function ownKconfig(): Kconfig {
	parsed ??= joinKconfig('', [{file: parseKconfig(decidedOptions), depends: []}]);
	return parsed;
}

/** The first option in an expression whose value is the wrong one; that of a version counts only where there is no other. */
function blamed(expression: Expression, valueFor: Values): string | undefined {
	const wrong: string[] = [];
	const look = (one: Expression, wanted: boolean): void => {
		switch (one.kind) {
			case 'symbol':
				if (isMet(one, valueFor) !== wanted) wrong.push(one.name);
				break;
			case 'compare':
				if (isMet(one, valueFor) !== wanted && one.left.kind === 'symbol') wrong.push(one.left.name);
				break;
			case 'not':
			case 'is-off':
				look(one.of, !wanted);
				break;
			case 'and':
			case 'or':
				for (const part of one.of) look(part, wanted);
				break;
			case 'constant':
			case 'macro':
		}
	};
	look(expression, true);
	return wrong.find(symbol => programs[symbol] === undefined) ?? wrong[0];
}

const wordsOf = (way: Way): string => way.map(changeWords).join(' and ');

function changeWords(change: Change): string {
	if (change.kind === 'test') return `a test that holds: ${change.text}`;
	if (change.kind === 'set') {
		const words = `${change.symbol}=${change.value}`;
		const decided = change.tested ? ' (nobody sets it: a test of the compilers does)' : '';
		return sayings[words] ?? `CONFIG_${words}${decided}`;
	}
	const program = programs[change.symbol];
	if (program === undefined || !/^\d+$/.test(change.value))
		return `CONFIG_${change.symbol} ${change.operator} ${change.value}`;
	const version = `${program.name} ${program.version(Number(change.value))}`;
	switch (change.operator) {
		case '>=':
			return `${version} or newer`;
		case '>':
			return `newer than ${version}`;
		case '<':
			return `older than ${version}`;
		case '<=':
			return `${version} or older`;
		case '=':
			return version;
		case '!=':
			return `another version than ${version}`;
	}
}
