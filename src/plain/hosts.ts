import {styleText} from 'node:util';
import type {Since} from '../model/facts.ts';
import type {StepId} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {safeLine} from '../text/safe-text.ts';
import {exitCode, isWaiting, nextStep} from '../walk/inspect.ts';
import {asciiText} from './ascii.ts';
import {checkFields, documentSchema} from './check-document.ts';
import {checklistText, linearText, marks} from './checklist.ts';
import {sinceLines, sinceText} from './since.ts';

/** Why a machine could not be asked. */
export type HostProblem = {readonly code: string; readonly message: string; readonly remedy: string};

/** What came of one machine: what is true of it, or why that could not be found out. */
export type HostResult = {readonly host: string} & (
	| {readonly judged: readonly Judged[]; readonly since: Since | undefined; readonly notices: readonly string[]}
	| {readonly problem: HostProblem}
);

type Look = {
	readonly order: readonly StepId[];
	readonly now: Date;
	readonly ascii: boolean;
	readonly color: boolean;
	readonly columns: number;
};

const programFailed = 3;

/** 3 for a machine that could not be asked, else as for this one. */
export const hostExit = (result: HostResult): 0 | 1 | 3 | 4 =>
	'problem' in result ? programFailed : exitCode(result.judged);

/** The first of 3, 4, 1 and 0 that a machine ends with. */
export function hostsExit(results: readonly HostResult[]): 0 | 1 | 3 | 4 {
	const exits = results.map(hostExit);
	return ([3, 4, 1] as const).find(code => exits.includes(code)) ?? 0;
}

/** The JSON of `check --on` (assets/schema/check-hosts.json). */
export async function hostsDocument(results: readonly HostResult[]): Promise<object> {
	return {
		schema: documentSchema,
		hosts: await Promise.all(
			results.map(async result => {
				const {host} = result;
				const exit = hostExit(result);
				if ('problem' in result) {
					const {code, message, remedy} = result.problem;
					return {host, outcome: 'failed', exit, problem: {code, message, remedy}};
				}
				return {
					host,
					outcome: 'checked',
					exit,
					...(await checkFields(result.judged, result.notices, result.since))
				};
			})
		)
	};
}

/** A line for each step that is to be done, and for each machine that could not be asked. */
export const hostsQuiet = (results: readonly HostResult[]): string =>
	results
		.flatMap(result =>
			'problem' in result
				? [`${result.host}: problem: ${result.problem.message}\n`]
				: result.judged
						.filter(one => one.verdict.status !== 'done' && !isWaiting(one))
						.map(({id, verdict}) => `${result.host}: ${id}: ${verdict.summary}\n`)
		)
		.join('');

/** For pipes, logs and screen readers: what `check` says of each machine, each line with its name. */
export async function hostsLines(results: readonly HostResult[], {order, now, ascii}: Look): Promise<string> {
	const texts = await Promise.all(
		results.map(async result => {
			const text =
				'problem' in result
					? `problem: ${result.problem.message}\nremedy: ${result.problem.remedy}\n`
					: [
							...result.notices.map(notice => `notice: ${safeLine(notice)}\n`),
							result.since === undefined ? '' : sinceLines(result.since, order, now),
							await linearText(result.judged, {ascii})
						].join('');
			return text.replace(/^(?=.)/gm, `${result.host}: `);
		})
	);
	return ascii ? asciiText(texts.join('')) : texts.join('');
}

/** For a person: one machine as `check` shows this one; several as a table, and below it what each needs next. */
export async function hostsText(results: readonly HostResult[], look: Look): Promise<string> {
	const {ascii} = look;
	const text = results.length === 1 ? await oneText(results[0] as HostResult, look) : severalText(results, look);
	return ascii ? asciiText(text) : text;
}

async function oneText(result: HostResult, {order, now, ascii, color}: Look): Promise<string> {
	if ('problem' in result) return `${result.host}\n\n${result.problem.message}\n${result.problem.remedy}\n`;
	const {judged, since, notices} = result;
	return [
		`${result.host}\n\n`,
		...notices.map(notice => `${safeLine(notice)}\n`),
		since === undefined ? '' : `${sinceText(since, order, now)}`,
		await checklistText(judged, {ascii, color})
	].join('');
}

function severalText(results: readonly HostResult[], look: Look): string {
	const {columns, ascii} = look;
	const ids = results.flatMap(result => ('problem' in result ? [] : [result.judged.map(one => one.id)]))[0] ?? [];
	const widest = Math.max(...results.map(result => shortName(result).length));
	const needed = widest + 3 + ids.map(id => id.length + 2).reduce((sum, cells) => sum + cells, -2);
	const next = results.map(result => `${shortName(result)}\n${wrapped(nextWords(result), columns).join('\n')}\n`);
	return needed <= columns && ids.length > 0
		? `${table(results, ids, widest, look)}\n${next.join('')}`
		: results.map((result, index) => `${markOf(result, ascii)} ${next[index]}`).join('');
}

/** As a person calls it. */
const shortName = ({host}: HostResult): string => host.replace(/^ssh:\/\//, '');

/** One row a machine, one column a step. */
function table(results: readonly HostResult[], ids: readonly StepId[], widest: number, {ascii, color}: Look): string {
	const paint = (style: 'green' | 'yellow' | 'red' | 'dim' | 'bold', text: string): string =>
		color ? styleText(style, text, {validateStream: false}) : text;
	const head = `${' '.repeat(widest + 3)}${ids.map(id => paint('bold', id)).join('  ')}`;
	const rows = results.map(result => {
		const name = ` ${shortName(result).padEnd(widest)}  `;
		if ('problem' in result) return `${name}${paint('red', 'could not be asked')}`;
		const cells = result.judged.map(one => {
			const {mark, ascii: plain, color: style} = marks[one.verdict.status];
			return paint(style, (ascii ? plain : mark).padEnd(one.id.length));
		});
		return `${name}${cells.join('  ')}`.trimEnd();
	});
	return `${[head, ...rows].join('\n')}\n`;
}

const markOf = (result: HostResult, ascii: boolean): string => {
	const status = 'problem' in result ? 'unknown' : (nextStep(result.judged)?.verdict.status ?? ('done' as const));
	return ascii ? marks[status].ascii : marks[status].mark;
};

/** What a machine needs first, in words. */
function nextWords(result: HostResult): readonly string[] {
	if ('problem' in result) return [result.problem.message, result.problem.remedy];
	const next = nextStep(result.judged);
	const changed = result.since?.changes.map(change => change.fact).join(', ');
	return [
		...(changed === undefined ? [] : [`changed since it was last green: ${safeLine(changed)}`]),
		next === undefined || next.verdict.status === 'done' ? 'all done' : `${next.id}: ${next.verdict.summary}`
	];
}

/** Texts cut into lines of at most that many columns at their spaces, three of them an indent. */
function wrapped(texts: readonly string[], columns: number): readonly string[] {
	const most = Math.max(20, columns - 4);
	return texts.flatMap(text => {
		const lines: string[] = [];
		for (const word of text.split(' ')) {
			const last = lines.at(-1);
			if (last !== undefined && last.length + word.length < most) lines[lines.length - 1] = `${last} ${word}`;
			else lines.push(word);
		}
		return lines.map(line => `   ${line}`);
	});
}
