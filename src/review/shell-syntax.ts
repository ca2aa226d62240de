/** How a piece of a word was written. `ansi` is `$'…'`, `escape` one character behind a backslash. */
export type Quote = 'none' | 'single' | 'double' | 'ansi' | 'escape';

export type Part =
	/**
	 * `begins`: the first of a piece in quotes. `spelled`: an escape of `$'…'` stands for a letter or digit that could have been
	 * written itself.
	 */
	| {
			readonly kind: 'text';
			readonly text: string;
			readonly quote: Quote;
			readonly begins: boolean;
			readonly spelled: boolean;
	  }
	| {
			readonly kind: 'variable';
			readonly name: string;
			/** Between the brackets: a number, a key, `@` or `*`. */
			readonly index: string | undefined;
			/** `${#name}` or `${!name}`. */
			readonly prefix: '#' | '!' | undefined;
			/** What follows the name within the braces, with its expansions: `:-default`, `%.*`. */
			readonly operation: Word | undefined;
			readonly quoted: boolean;
	  }
	/** `$(…)` and backticks, whose output takes their place, and `<(…)`, which stands for a file. */
	| {
			readonly kind: 'substitution';
			readonly commands: readonly Command[];
			readonly as: 'output' | 'file';
			readonly quoted: boolean;
	  }
	| {readonly kind: 'arithmetic'; readonly inner: readonly Part[]};

export type Word = {
	readonly parts: readonly Part[];
	/** 1-based. */
	readonly line: number;
	/** As it was written. */
	readonly raw: string;
};

export type Assignment = {
	readonly name: string;
	/** `NAME+=…` */
	readonly append: boolean;
	readonly words: readonly Word[];
	/** One word at most, the elements of an array, or the words a `for` loop goes through. */
	readonly as: 'word' | 'array' | 'loop';
	readonly line: number;
};

export type Redirection = {
	/** `>`, `>>`, `<`, `<<<`, `<<`… */
	readonly operator: string;
	/** The file; for `<<<` the text, for `<<` the body of the here-document. */
	readonly target: Word;
};

export type Command = {
	readonly words: readonly Word[];
	readonly assignments: readonly Assignment[];
	readonly redirections: readonly Redirection[];
	/** Its standard input is what another command printed. */
	readonly piped: boolean;
	/** Ended by `&`: it goes on while the script goes on. */
	background: boolean;
	/** The function whose body it stands in. */
	readonly inFunction: string | undefined;
	readonly line: number;
};

export type Script = {
	readonly commands: readonly Command[];
	/** Lines where substitutions are nested deeper than people write them; what is inside was not read. */
	readonly tooDeep: readonly number[];
};
