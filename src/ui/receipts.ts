import {useEffect, useRef, useState} from 'react';
import {markWord} from '../../components/marks.ts';
import type {StepId} from '../model/step.ts';
import type {Judged, KernelLine} from '../model/walk.ts';
import {plannedCommands} from '../plain/plan-text.ts';
import type {WalkState} from '../walk/state.ts';
import {questionOf} from './decision.ts';
import type {Desk} from './desk.ts';
import {checklistItems} from './layout.ts';

/** What stays above the screen for good. */
export type Receipt =
	/** A finished step: what is true now, the commands that did it, what the kernel said. */
	| {
			readonly kind: 'step';
			readonly key: string;
			readonly id: StepId;
			readonly text: string;
			readonly commands: readonly string[];
			readonly words: readonly KernelLine[];
	  }
	/** For a screen reader, which reads what stays once: the state of things before a decision, a line of the kernel when it is said. */
	| {readonly kind: 'read'; readonly key: string; readonly lines: readonly string[]};

/** A run, and whether it led into practice mode. */
type Performed = {
	readonly id: StepId;
	readonly run: number;
	readonly commands: readonly string[];
	readonly goesIn: boolean;
};

/** The receipts so far. A run that went well leaves its own when the next look at the machine says what is true now. */
export function useReceipts(
	state: WalkState,
	desk: Desk,
	{
		asRoot,
		isRead,
		practice
	}: {readonly asRoot: boolean; readonly isRead: boolean; readonly practice: {readonly release: string} | undefined}
): readonly Receipt[] {
	const [receipts, setReceipts] = useState<readonly Receipt[]>([]);
	const performed = useRef<Performed | undefined>(undefined);
	const release = practice?.release;
	useEffect(() => {
		const {activity, judged} = state;
		if (activity.kind === 'performing') {
			const commands = plannedCommands(activity.actions, {asRoot}).map(command => command.text);
			const goesIn = activity.actions.some(action => action.kind === 'practise');
			performed.current = {id: activity.step.id, run: activity.run, commands, goesIn};
			return;
		}
		if (activity.kind === 'troubled') performed.current = undefined;
		const one = performed.current;
		if (one === undefined || (activity.kind !== 'deciding' && activity.kind !== 'finished')) return;
		performed.current = undefined;
		const verdict = judged.find(({id}) => id === one.id)?.verdict;
		const text = textOf(one, verdict, release);
		if (text === undefined) return;
		const words =
			one.id === 'load' && !isRead ? desk.feed.lines().filter(line => line.own || line.note !== undefined) : [];
		const {id, run} = one;
		const commands = [...one.commands, ...desk.agreed];
		setReceipts(before => [...before, {kind: 'step', key: `step ${run}`, id, text, commands, words}]);
	}, [state, desk, asRoot, isRead, release]);

	useEffect(() => {
		if (!isRead) return undefined;
		const read = (lines: readonly string[]): void =>
			setReceipts(before => [...before, {kind: 'read', key: `read ${before.length}`, lines}]);
		if (state.activity.kind === 'deciding') read(decisionLines(state.judged, state.activity.step));
		desk.onWord = line => read([wordLine(line)]);
		return () => {
			desk.onWord = undefined;
		};
	}, [state, desk, isRead]);
	return receipts;
}

/** What is true now that was not before: of the step, or where the walk is. */
function textOf(
	{id, goesIn}: Performed,
	verdict: Judged['verdict'] | undefined,
	release: string | undefined
): string | undefined {
	if (goesIn) return release === undefined ? undefined : `the practice VM runs ${release}`;
	if (verdict?.status !== 'done') return undefined;
	return id === 'load' && release !== undefined ? `${verdict.summary}, in the practice VM` : verdict.summary;
}

function decisionLines(judged: readonly Judged[], {id: current, question, verdict}: Judged): readonly string[] {
	return [
		...checklistItems(judged, current).map(
			({id, mark, text}) => `${id}: ${markWord(mark)}${text === '' ? '' : `: ${text}`}`
		),
		questionOf({id: current, question, verdict}),
		...verdict.evidence.map(({label, value}) => `${label}: ${value}`)
	];
}

function wordLine({own, seconds, text, note}: KernelLine): string {
	const meaning = note === undefined ? '' : ` (${note.text})`;
	return `${own ? 'yours' : 'kernel'} at ${seconds.toFixed(3)}: ${text}${meaning}`;
}
