/** Something the command line asked for cannot be: nothing was changed, and the program ends with code 2. */
export class UsageError extends Error {
	readonly code: string;
	/** What to do about it. */
	readonly remedy: string;

	constructor(code: string, message: string, remedy: string) {
		super(message);
		this.code = code;
		this.remedy = remedy;
	}
}
