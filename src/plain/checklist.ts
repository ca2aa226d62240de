import {styleText} from 'node:util';
import type {Verdict} from '../model/step.ts';
import type {Judged} from '../model/walk.ts';
import {safeLine} from '../text/safe-text.ts';
import {nextStep} from '../walk/inspect.ts';
import {asciiText} from './ascii.ts';
import {actionsOf, instructionOf, plannedCommands} from './plan-text.ts';

type Status = Verdict['status'];

/** A status as a terminal shows it. */
export const marks: Readonly<
	Record<Status, {readonly mark: string; readonly ascii: string; readonly color: 'green' | 'yellow' | 'red' | 'dim'}>
> = {
	done: {mark: '✔', ascii: '[x]', color: 'green'},
	todo: {mark: '○', ascii: '[ ]', color: 'yellow'},
	stale: {mark: '!', ascii: '!', color: 'yellow'},
	blocked: {mark: '■', ascii: '#', color: 'dim'},
	unknown: {mark: '?', ascii: '?', color: 'red'}
};

const words: Readonly<Record<Status, string>> = {
	done: 'done',
	todo: 'to do',
	stale: 'stale',
	blocked: 'blocked',
	unknown: 'unknown'
};

/** For a person at a terminal: one line a step, then what to do next. */
export async function checklistText(
	judged: readonly Judged[],
	options: {readonly ascii: boolean; readonly color: boolean}
): Promise<string> {
	const spell = options.ascii ? asciiText : (text: string): string => text;
	const paint = (color: 'green' | 'yellow' | 'red' | 'dim' | 'bold', text: string): string =>
		options.color ? styleText(color, text, {validateStream: false}) : text;
	const lines = judged.map(({id, verdict}) => {
		const {mark, ascii, color} = marks[verdict.status];
		const word = verdict.status === 'done' ? '' : `${words[verdict.status]}: `;
		return ` ${paint(color, options.ascii ? ascii.padEnd(3) : mark)} ${paint('bold', id.padEnd(10))} ${word}${verdict.summary}`;
	});
	const next = nextStep(judged);
	if (next === undefined || next.verdict.status === 'done') return spell(`${lines.join('\n')}\n`);
	lines.push('', next.verdict.question);
	for (const remedy of next.verdict.remedies) {
		lines.push(` ${options.ascii ? '-' : '·'} ${remedy.label}`);
		const actions = (await actionsOf(remedy)) ?? [];
		if (remedy.consequence !== undefined) lines.push(`     ${remedy.consequence}`);
		for (const command of plannedCommands(actions)) lines.push(`     ${command.text}`, `       why: ${command.why}`);
		const instruction = instructionOf(actions);
		if (instruction !== undefined) lines.push(`     ${instruction}`);
		if (remedy.answer !== undefined) lines.push(`     linux-rust-setup ${safeLine(remedy.answer)}`);
	}
	return spell(`${lines.join('\n')}\n`);
}

/** For pipes, logs and screen readers: the same facts, one line each, every question with the flag that answers it. */
export async function linearText(judged: readonly Judged[], options: {readonly ascii: boolean}): Promise<string> {
	const lines: string[] = [];
	for (const {id, verdict} of judged) {
		lines.push(`${id}: ${words[verdict.status]}: ${verdict.summary}`);
		// a step that waits has its say when its turn comes
		if (verdict.status === 'done' || verdict.reason.endsWith('.waits')) continue;
		lines.push(`${id}: reason: ${verdict.reason}`);
		lines.push(`${id}: question: ${verdict.question}`);
		for (const one of verdict.evidence)
			lines.push(`${id}: evidence: ${one.label}: ${one.value}${one.source === undefined ? '' : ` (${one.source})`}`);
		for (const remedy of verdict.remedies) {
			lines.push(`${id}: remedy: ${safeLine(remedy.id)}: ${remedy.label}`);
			if (remedy.consequence !== undefined) lines.push(`${id}: consequence: ${remedy.consequence}`);
			const actions = (await actionsOf(remedy)) ?? [];
			for (const command of plannedCommands(actions)) lines.push(`${id}: command: ${command.text} (${command.why})`);
			const instruction = instructionOf(actions);
			if (instruction !== undefined) lines.push(`${id}: instruction: ${instruction}`);
			if (remedy.undo !== undefined) lines.push(`${id}: undo: ${safeLine(remedy.undo)}`);
			if (remedy.answer !== undefined) lines.push(`${id}: answer with: ${safeLine(remedy.answer)}`);
		}
	}
	const text = `${lines.join('\n')}\n`;
	return options.ascii ? asciiText(text) : text;
}
