/** An expression of the Kconfig language (Documentation/kbuild/kconfig-language.rst, "Menu dependencies"). */
export type Expression =
	| {readonly kind: 'symbol'; readonly name: string}
	| {readonly kind: 'constant'; readonly value: string}
	/** `$(cc-option,…)` and the like: a test that ran when the kernel was configured, and left no result. */
	| {readonly kind: 'macro'; readonly text: string}
	| {readonly kind: 'not'; readonly of: Expression}
	/** y where the value is n, n where it is m or y; unlike `!`, which makes m of m. */
	| {readonly kind: 'is-off'; readonly of: Expression}
	| {readonly kind: 'and' | 'or'; readonly of: readonly Expression[]}
	| {readonly kind: 'compare'; readonly operator: Operator; readonly left: Operand; readonly right: Operand};

export type Operand = Extract<Expression, {kind: 'symbol' | 'constant' | 'macro'}>;
export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** A symbol's value, without `CONFIG_`; undefined where nothing tells it. */
export type Values = (symbol: string) => string | undefined;

/** The values of three-valued logic, n, m and y, an expression may have. Both are the same unless something in it is unknown. */
export type Range = {readonly least: number; readonly most: number};

const always: Expression = {kind: 'constant', value: 'y'};
const operators: ReadonlySet<string> = new Set<Operator>(['=', '!=', '<', '<=', '>', '>=']);
const isOperator = (token: string | undefined): token is Operator => token !== undefined && operators.has(token);

/** Constants are quoted, numbers, n, m and y; every other word is a symbol, 64BIT too. */
const isConstant = (word: string): boolean => /^(?:[nmy]$|-?\d+$|0[xX][\da-fA-F]+$|["'])/.test(word);

/** Deeper nesting than any Kconfig has is text that somebody damaged. */
const deepest = 100;

/** The parts of an expression: words, operators, and whole macros with what they hold. */
export function tokensOf(text: string): readonly string[] {
	const tokens: string[] = [];
	const plain = /\s*("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|\$\(|&&|\|\||[<>!]=|[<>=!()]|[^\s"'$<>=!()&|]+|[$&|])/y;
	for (let at = 0; at < text.length; ) {
		plain.lastIndex = at;
		const token = plain.exec(text)?.[1];
		if (token === undefined) break;
		at = plain.lastIndex;
		if (token === '$(') {
			const end = endOfMacro(text, at);
			tokens.push(text.slice(at - 2, end));
			at = end;
		} else tokens.push(token);
	}
	return tokens;
}

/** Where a macro ends whose `$(` ends before `from`. */
export function endOfMacro(text: string, from: number): number {
	let depth = 1;
	let at = from;
	for (; at < text.length && depth > 0; at++) {
		if (text[at] === '(') depth++;
		else if (text[at] === ')') depth--;
	}
	return at;
}

/** Reads an expression; undefined where the text is none. */
export function parseExpression(text: string): Expression | undefined {
	const tokens = tokensOf(text);
	let next = 0;
	let depth = 0;
	const accept = (token: string): boolean => {
		if (tokens[next] !== token) return false;
		next++;
		return true;
	};
	const operand = (): Operand | undefined => {
		const word = tokens[next++];
		if (word === undefined || /^(?:&&|\|\||[<>=!()&|]|[<>!]=)$/.test(word)) return undefined;
		if (word.includes('$(') || word.startsWith('$')) return {kind: 'macro', text: word};
		return isConstant(word)
			? {kind: 'constant', value: word.replace(/^(["'])(.*)\1$/, '$2')}
			: {kind: 'symbol', name: word};
	};
	const primary = (): Expression | undefined => {
		if (depth++ > deepest) return undefined;
		try {
			if (accept('!')) {
				const of = primary();
				return of && {kind: 'not', of};
			}
			if (accept('(')) {
				const inner = joined('or', '||', () => joined('and', '&&', primary));
				return accept(')') ? inner : undefined;
			}
			const left = operand();
			const operator = tokens[next];
			if (left === undefined || !isOperator(operator)) return left;
			next++;
			const right = operand();
			return right && {kind: 'compare', operator, left, right};
		} finally {
			depth--;
		}
	};
	const joined = (kind: 'and' | 'or', operator: string, part: () => Expression | undefined): Expression | undefined => {
		const of: Expression[] = [];
		do {
			const one = part();
			if (one === undefined) return undefined;
			of.push(one);
		} while (accept(operator));
		return of.length === 1 ? of[0] : {kind, of};
	};
	const expression = joined('or', '||', () => joined('and', '&&', primary));
	return next === tokens.length ? expression : undefined;
}

/**
 * `depends on X if Y`, which Linux 7.x has, holds where X does or Y is n (menu_add_dep in scripts/kconfig/menu.c). Without
 * a condition, the expression itself.
 */
export const onlyIf = (expression: Expression, condition: Expression | undefined): Expression =>
	condition === undefined ? expression : {kind: 'or', of: [expression, {kind: 'is-off', of: condition}]};

/** All of them; y where there are none. */
export const allOf = (of: readonly Expression[]): Expression =>
	of.length === 1 ? (of[0] ?? always) : {kind: 'and', of};

const exactly = (value: number): Range => ({least: value, most: value});
const unknown: Range = {least: 0, most: 2};
const tristate = (value: string): Range => exactly(value === 'y' ? 2 : value === 'm' ? 1 : 0);

/** The value of an expression under a configuration. A macro, and a comparison with what nothing tells, may be anything. */
export function evaluate(expression: Expression, valueFor: Values): Range {
	switch (expression.kind) {
		case 'symbol':
			return tristate(valueFor(expression.name) ?? 'n');
		case 'constant':
			return tristate(expression.value);
		case 'macro':
			return unknown;
		case 'not': {
			const {least, most} = evaluate(expression.of, valueFor);
			return {least: 2 - most, most: 2 - least};
		}
		case 'is-off': {
			const {least, most} = evaluate(expression.of, valueFor);
			return {least: most === 0 ? 2 : 0, most: least === 0 ? 2 : 0};
		}
		case 'and':
		case 'or': {
			const [pick, neutral] = expression.kind === 'and' ? [Math.min, 2] : [Math.max, 0];
			return expression.of
				.map(one => evaluate(one, valueFor))
				.reduce((a, b) => ({least: pick(a.least, b.least), most: pick(a.most, b.most)}), exactly(neutral));
		}
		case 'compare': {
			const sides = [expression.left, expression.right];
			// an option that is not mentioned is n, but a number that is not mentioned is not 0
			const absent = sides.some(one => one.kind === 'constant' && /^[nmy]$/.test(one.value)) ? 'n' : undefined;
			const [left, right] = sides.map(
				one => readOperand(one, valueFor) ?? (one.kind === 'symbol' ? absent : undefined)
			);
			if (left === undefined || right === undefined) return unknown;
			return exactly(holds(expression.operator, left, right) ? 2 : 0);
		}
	}
}

/** Whether a `depends on` is met, that is, m or y; undefined where that cannot be told. */
export function isMet(expression: Expression, valueFor: Values): boolean | undefined {
	const {least, most} = evaluate(expression, valueFor);
	return least > 0 ? true : most === 0 ? false : undefined;
}

function readOperand(operand: Operand, valueFor: Values): string | undefined {
	switch (operand.kind) {
		case 'symbol':
			return valueFor(operand.name);
		case 'constant':
			return operand.value;
		case 'macro':
			return undefined;
	}
}

/** Numbers, also hexadecimal ones, by their value; anything else by its text, as expr_calc_value in scripts/kconfig/expr.c does. */
function holds(operator: Operator, left: string, right: string): boolean {
	const isNumber = /^-?(?:\d+|0x[\da-f]+)$/i;
	const order =
		isNumber.test(left) && isNumber.test(right)
			? Number(left) - Number(right)
			: left < right
				? -1
				: left > right
					? 1
					: 0;
	switch (operator) {
		case '=':
			return order === 0;
		case '!=':
			return order !== 0;
		case '<':
			return order < 0;
		case '<=':
			return order <= 0;
		case '>':
			return order > 0;
		case '>=':
			return order >= 0;
	}
}
