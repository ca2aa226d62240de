import type {Options} from './options.ts';
import {complain, exitCodes, sayJson} from './output.ts';

/** Ends a command that will not do what was asked: the reason and the way on, on stderr or as one JSON document. Exit code 1. */
export async function refuse(command: string, options: Options, why: string, remedy?: string): Promise<number> {
	if (options.json)
		await sayJson({
			schema: 1,
			command,
			outcome: 'refused',
			exit: exitCodes.open,
			why,
			...(remedy === undefined ? {} : {remedy})
		});
	else await complain(`${why}\n${remedy === undefined ? '' : `${remedy}\n`}`);
	return exitCodes.open;
}
