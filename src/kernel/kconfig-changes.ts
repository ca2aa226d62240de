import {defaultOf, dependenciesOf, type Kconfig, selectionOf} from './kconfig.ts';
import {type Expression, evaluate, isMet, type Operator, type Values} from './kconfig-expression.ts';

/** One thing that has to become different. Symbols are without `CONFIG_`. */
export type Change =
	/** `tested`: nobody chooses it, a test of the tools decides when the kernel is configured. */
	| {readonly kind: 'set'; readonly symbol: string; readonly value: 'y' | 'n'; readonly tested?: true}
	| {readonly kind: 'compare'; readonly symbol: string; readonly operator: Operator; readonly value: string}
	| {readonly kind: 'test'; readonly text: string};

/** Changes that are enough together. */
export type Way = readonly Change[];

type Context = {
	readonly valueFor: Values;
	readonly kconfig: Pick<Kconfig, 'definitionsOf' | 'selectorsOf'>;
	/** The symbols on the way here: what depends on itself ends there. */
	readonly above: readonly string[];
};

/** More alternatives than anybody reads are not worked out. */
const mostWays = 24;
const deepest = 5;

const nothing: readonly Way[] = [[]];

const opposite: Readonly<Record<Operator, Operator>> = {
	'=': '!=',
	'!=': '=',
	'<': '>=',
	'>=': '<',
	'>': '<=',
	'<=': '>'
};

/**
 * The ways to make an expression hold (or not, where `wanted` is false), the shortest first. An option that nobody can choose
 * is followed to those that decide it, where the Kconfig files tell. Empty: no way is known.
 */
export function waysTo(
	expression: Expression,
	wanted: boolean,
	valueFor: Values,
	kconfig: Pick<Kconfig, 'definitionsOf' | 'selectorsOf'>
): readonly Way[] {
	return shortestFirst(ways(expression, wanted, {valueFor, kconfig, above: []}));
}

function ways(expression: Expression, wanted: boolean, context: Context): readonly Way[] {
	const {least, most} = evaluate(expression, context.valueFor);
	if (wanted ? least > 0 : most === 0) return nothing;
	switch (expression.kind) {
		case 'symbol':
			return wanted ? waysOn(expression.name, context) : waysOff(expression.name, context);
		case 'constant':
			return [];
		case 'macro':
			return [[{kind: 'test', text: expression.text}]];
		case 'not':
		case 'is-off':
			return ways(expression.of, !wanted, context);
		case 'and':
		case 'or': {
			const parts = expression.of.map(one => ways(one, wanted, context));
			return (expression.kind === 'and') === wanted ? together(parts) : either(parts);
		}
		case 'compare': {
			const {left, right, operator} = expression;
			if (left.kind !== 'symbol' || right.kind !== 'constant') return [];
			return [
				[
					{
						kind: 'compare',
						symbol: left.name,
						operator: wanted ? operator : opposite[operator],
						value: right.value
					}
				]
			];
		}
	}
}

function waysOn(symbol: string, context: Context): readonly Way[] {
	const set: readonly Way[] = [[{kind: 'set', symbol, value: 'y'}]];
	const definitions = context.kconfig.definitionsOf(symbol);
	const within = below(symbol, context);
	if (definitions.length === 0 || within === undefined) return set;
	const chosen = definitions
		.filter(one => one.prompt)
		.map(one => together([set, ways(dependenciesOf(one), true, within)]));
	if (chosen.length > 0) return either(chosen);
	const given = definitions.flatMap(one => one.defaults.map(each => defaultOf(one, each)));
	const selected = context.kconfig.selectorsOf(symbol).map(selectionOf);
	const found = either([...given, ...selected].map(one => ways(one, true, within)));
	if (found.some(isTested)) return [[{kind: 'set', symbol, value: 'y', tested: true}]];
	return found.some(way => way.length === 0) ? set : found;
}

function waysOff(symbol: string, context: Context): readonly Way[] {
	const definitions = context.kconfig.definitionsOf(symbol);
	const within = below(symbol, context);
	const set: readonly Way[] = [[{kind: 'set', symbol, value: 'n'}]];
	if (definitions.length === 0 || within === undefined) return set;
	// what is selected cannot be turned off before its selector is
	const unselected = context.kconfig
		.selectorsOf(symbol)
		.filter(one => isMet(selectionOf(one), context.valueFor) !== false)
		.map(({by}) => ways({kind: 'symbol', name: by}, false, within));
	if (definitions.some(one => one.prompt)) return together([set, ...unselected]);
	const given = definitions.flatMap(one => one.defaults.map(each => ways(defaultOf(one, each), false, within)));
	const found = together([...given, ...unselected]);
	return found.some(way => way.length === 0 || isTested(way)) ? set : found;
}

const isTested = (way: Way): boolean => way.some(change => change.kind === 'test');

function below(symbol: string, context: Context): Context | undefined {
	if (context.above.length >= deepest || context.above.includes(symbol)) return undefined;
	return {...context, above: [...context.above, symbol]};
}

/** One way of each of the parts, in every combination. */
function together(parts: readonly (readonly Way[])[]): readonly Way[] {
	let all = nothing;
	for (const part of parts) all = either(all.map(way => part.map(more => joined(way, more))));
	return all;
}

const either = (parts: readonly (readonly Way[])[]): readonly Way[] => shortestFirst(parts.flat()).slice(0, mostWays);

const shortestFirst = (all: readonly Way[]): readonly Way[] => [...all].sort((a, b) => a.length - b.length);

const isSame = (a: Change, b: Change): boolean => JSON.stringify(a) === JSON.stringify(b);

const joined = (way: Way, more: Way): Way => [...way, ...more.filter(one => !way.some(known => isSame(one, known)))];
