import type {Exit} from '../model/machine.ts';
import type {Trouble} from '../model/walk.ts';
import {safeLine} from '../text/safe-text.ts';

const tailLines = 12;

/** How a program ended, as the user reads it. */
export function describeExit(exit: Exit): string {
	switch (exit.kind) {
		case 'exited':
			return exit.code === 0 ? 'ended' : `stopped with code ${exit.code}`;
		case 'signalled':
			return `was ended by ${exit.signal}`;
		case 'cancelled':
			return 'was cancelled';
		case 'not-started':
			return `could not be started: ${exit.why}`;
	}
}

/** What went wrong, from the output of the program and what else was heard. */
export async function troubleFrom(parts: {
	readonly title: string;
	readonly output: string;
	readonly exit?: Exit;
	readonly log?: string;
}): Promise<Trouble> {
	const {title, output, exit, log} = parts;
	// the catalogue is large, and most runs go well
	const {explainLog} = await import('../failures/explain.ts');
	const {failures, firstError} = explainLog(output);
	const lines = output.split(/\r?\n/).map(line => line.slice(line.lastIndexOf('\r') + 1));
	if (lines.at(-1) === '') lines.pop();
	const cause =
		failures.find(failure => failure.severity === 'error') ?? failures.find(failure => failure.severity === 'warning');
	return {
		title,
		...(exit === undefined ? {} : {exit}),
		...(cause === undefined ? {} : {cause}),
		failures,
		...(cause === undefined && firstError !== undefined
			? {unexplained: {line: firstError.line, text: safeLine(firstError.text)}}
			: {}),
		...(log === undefined ? {} : {log}),
		tail: lines.slice(-tailLines).map(line => safeLine(line, 500)),
		lines: lines.length
	};
}
