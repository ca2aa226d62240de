import type {Failure} from '../model/failure.ts';
import {catalogue} from './catalogue.ts';
import {cleanText, cutText, statesOf} from './clean-text.ts';
import {type Claim, matcherOf} from './compile-rows.ts';
import {
	codeExcerpt,
	endsCompilerRun,
	isCompilerError,
	isErrorLine,
	isFailedLine,
	isMacroEcho,
	sourcePlace
} from './error-line.ts';
import {fillRemedies, fillSentence, tidyCaptures} from './fill.ts';
import type {ReadLines} from './literal-finder.ts';
import type {FailureRow} from './row.ts';

/** An error no row explains. `line` and `text` as in Failure; `file` and `row` are the place in a source it names. */
export type UnknownError = {
	readonly line: number;
	readonly text: string;
	readonly file?: string;
	readonly row?: number;
};

/**
 * What is known about a log. `failures` has each id once, the one to act on first first: errors, those that say what
 * went wrong before those that only say that something did, then warnings, then notes; in the order of the log
 * otherwise. `firstError` is there if the first error of the log is not among them.
 */
export type LogReading = {readonly failures: readonly Failure[]; readonly firstError?: UnknownError};

const TEXT_LIMIT = 500;
/** Longer lines are matched by their beginning only, which bounds the time a regex can take. */
const MATCH_LIMIT = 4096;
/** A message of rustc ends at an empty line; other tools know no such thing, so the search stops somewhere. */
const MESSAGE_LINES = 30;

type Found = {readonly failure: Failure; readonly rank: number};

/**
 * Explains the output of makepkg, pacman, rustup, make, rustc, kmod, git, sudo, or a kernel log. Takes the text as it
 * was decoded, colours, carriage returns and broken characters included; throws nothing.
 */
export function explainLog(text: string, rows: readonly FailureRow[] = catalogue): LogReading {
	const {lines, candidates, claim: claimant} = matcherOf(rows)(cleanText(text));
	const found = new Map<string, Found>();
	let unknown: UnknownError | undefined;
	let failed: UnknownError | undefined;
	// After a failure that cascades: until the run of rustc is over, its messages are echoes.
	let echoing = false;
	let inMessage = false;

	/** With an unknown error at hand, another line of this row changes nothing any more. */
	const isSettled = (row: FailureRow): boolean => found.has(row.id) && !row.cascades;

	for (let index = 0; index < lines.count; index++) {
		const literals = lines.literals(index);
		// only among echoes does a line matter that holds none, or nothing new: it may end them
		if (!echoing && (literals === undefined || (unknown && candidates(literals).every(isSettled)))) continue;
		const whole = lines.at(index);
		if (echoing && whole.trim() === '') inMessage = false;
		for (const state of statesOf(whole)) {
			const line = index + 1;
			const matched = state.length > MATCH_LIMIT ? state.slice(0, MATCH_LIMIT) : state;
			if (echoing && endsCompilerRun(matched)) echoing = false;
			if (echoing && isCompilerError(matched)) inMessage = true;
			let message: string[] | undefined;
			const rest = () => {
				message ??= restOfMessage(lines, index);
				return message;
			};
			const claim = literals && claimant(matched, literals, rest);
			if (claim) {
				const {row} = claim;
				if (isMacroEcho(matched) || (echoing && inMessage && !row.cascades && !row.givesWay)) continue;
				if (row.cascades) echoing = inMessage = true;
				if (found.has(row.id)) continue;
				const source = isCompilerError(matched) ? placeWithCode(rest()) : undefined;
				found.set(row.id, {failure: {...failureFrom(claim, line, state), ...source}, rank: rankOf(row)});
			} else if (!unknown && isErrorLine(matched)) {
				const place = sourcePlace(matched, rest());
				unknown = {line, text: cutText(state, TEXT_LIMIT), ...place};
			} else if (!unknown && !failed && isFailedLine(matched)) {
				failed = {line, text: cutText(state, TEXT_LIMIT)};
			}
		}
	}

	const ordered = [...found.values()].sort(
		(one, other) => one.rank - other.rank || one.failure.line - other.failure.line
	);
	const failures = ordered.map(({failure}) => failure);
	const explained = ordered.find(({rank}) => rank === ERROR)?.failure;
	if (unknown && (!explained || unknown.line < explained.line)) return {failures, firstError: unknown};
	if (failed && failures.every(({severity}) => severity !== 'error')) return {failures, firstError: failed};
	return {failures};
}

const ERROR = 0;

function rankOf(row: FailureRow): number {
	if (row.severity === 'note') return 3;
	if (row.severity === 'warning') return 2;
	return row.givesWay ? 1 : ERROR;
}

function failureFrom({row, captured}: Claim, line: number, text: string): Failure {
	const tidy = tidyCaptures(captured());
	return {
		id: row.id,
		stage: row.stage,
		severity: row.severity,
		line,
		text: cutText(text, TEXT_LIMIT),
		cause: fillSentence(row.cause, tidy),
		remedies: fillRemedies(row.remedies, tidy)
	};
}

/** Where a message of rustc points, with the code it shows. */
function placeWithCode(rest: readonly string[]): Pick<Failure, 'source'> {
	const place = sourcePlace('', rest);
	if (place === undefined) return {};
	const excerpt = codeExcerpt(rest).map(line => cutText(line, TEXT_LIMIT));
	return {source: {file: place.file, line: place.row, excerpt}};
}

/** The lines below `index` that belong to the same message, of a progress display only what it showed at last. */
function restOfMessage(lines: ReadLines, index: number): string[] {
	const rest: string[] = [];
	for (let below = index + 1; below <= Math.min(index + MESSAGE_LINES, lines.count - 1); below++) {
		const shown = statesOf(lines.at(below)).at(-1);
		if (shown === undefined || isCompilerError(shown)) break;
		rest.push(shown.slice(0, MATCH_LIMIT));
	}
	return rest;
}
