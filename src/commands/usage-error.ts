/** Something the command line asked for cannot be: nothing was changed, and the program ends with code 2. */
export class UsageError extends Error {
	readonly code: string;
	/** What to do about it. */
	readonly remedy: string;

	constructor(code: string, message: string, remedy: string) {
		super(message);
		this.name = 'UsageError';
		this.code = code;
		this.remedy = remedy;
	}
}

/** Tells one by its name: in the bundle each file that is loaded on demand has a class of its own. */
export const isUsageError = (error: unknown): error is UsageError =>
	error instanceof Error && error.name === 'UsageError';
