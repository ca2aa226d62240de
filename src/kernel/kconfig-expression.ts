/** Values of Kconfig's three-valued logic: n, m and y (Documentation/kbuild/kconfig-language.rst, "Menu dependencies"). */
type Tristate = 0 | 1 | 2;

const tristate = (value: string | undefined): Tristate => (value === 'y' ? 2 : value === 'm' ? 1 : 0);

const compare = {
	'=': (a: number, b: number) => a === b,
	'!=': (a: number, b: number) => a !== b,
	'<': (a: number, b: number) => a < b,
	'<=': (a: number, b: number) => a <= b,
	'>': (a: number, b: number) => a > b,
	'>=': (a: number, b: number) => a >= b
} as const;

/**
 * Evaluates a Kconfig expression of symbols, `!`, `&&`, `||`, parentheses and comparisons of a symbol with a number, as in
 * `!CALL_PADDING || RUSTC_VERSION >= 108100`. `valueFor` gives a symbol's value (without `CONFIG_`); undefined counts as n, and
 * as 0 in a comparison. True where the result is m or y, that is, where a `depends on` would be met.
 */
export function isMet(expression: string, valueFor: (symbol: string) => string | undefined): boolean {
	const tokens = expression.match(/[A-Za-z0-9_]+|&&|\|\||[<>!]=|[<>=!()]/g) ?? [];
	let next = 0;
	const accept = (token: string): boolean => {
		if (tokens[next] !== token) return false;
		next++;
		return true;
	};
	const primary = (): Tristate => {
		if (accept('!')) return (2 - primary()) as Tristate;
		if (accept('(')) {
			const value = either();
			accept(')');
			return value;
		}
		const symbol = tokens[next++] ?? '';
		const comparison = compare[tokens[next] as keyof typeof compare];
		if (!comparison) return tristate(valueFor(symbol));
		next++;
		return comparison(Number(valueFor(symbol) ?? 0), Number(tokens[next++])) ? 2 : 0;
	};
	const both = (): Tristate => {
		let value = primary();
		while (accept('&&')) value = Math.min(value, primary()) as Tristate;
		return value;
	};
	const either = (): Tristate => {
		let value = both();
		while (accept('||')) value = Math.max(value, both()) as Tristate;
		return value;
	};
	return either() > 0;
}
